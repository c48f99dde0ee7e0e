# SPDX-License-Identifier: Apache-2.0
"""Teaches the finder on windows of pages, and measures what it finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.finder_net import FINE, FinderNet
from training.finder_pages import FinderPage
from training.finder_targets import Targets, targets_of
from training.fit import Callback, Recipe, fit, half_precision
from training.progress import ProgressBar
from training.synthesis.hand import Random
from vision.finder import Mark

BATCH = 8
WINDOW_PX = 320
WEIGHTS = (0.5, 3.0, 3.0, 1.2)  # of `Mark`: most of a page is bare
AT_INK = 0.75  # share of windows around ink, so that bare paper does not fill the batches
TURNED = 0.4  # share of windows turned by quarters
ZOOM = 1.8  # a window shows the page up to this much larger or smaller
MARKED, SIZED = 5.0, 0.5  # what marks, and errors of size, weigh beside the middles of digits

Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]


def train_finder(
    pages: Sequence[FinderPage],
    recipe: Recipe,
    *,
    windows: int,
    start: FinderNet | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `FinderNet` that has seen `windows` windows of `pages` in each epoch."""
    torch.manual_seed(recipe.seed)
    steps = windows // BATCH

    def epoch_batches(epoch: int) -> Iterator[Batch]:
        random = np.random.default_rng([recipe.seed, epoch])
        return (draw_batch(pages, random) for _ in range(steps))

    model: nn.Module = start or FinderNet()
    return fit(
        model.to(memory_format=torch.channels_last),  # type: ignore[call-overload]
        epoch_batches,
        loss_of,
        steps_per_epoch=steps,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """Cross entropy over all pixels, ink weighing more than what is bare; how well middles are
    told from all else (focal, Lin et al. 2017, as for points); and errors of size."""
    windows, classes, middles, counts, sizes, inside = batch
    with half_precision():
        logits, spots = model(windows.contiguous(memory_format=torch.channels_last))
    marks = F.cross_entropy(logits.float(), classes, weight=torch.tensor(WEIGHTS))
    found = F.pixel_shuffle(spots[:, :FINE].float(), 2)[:, 0]
    sized = (spots[:, FINE:].float() - sizes).abs().sum(1) * inside
    sizes_off = sized.sum() / inside.sum().clamp(min=1)
    loss: Tensor = MARKED * marks + focal(found, middles, counts) + SIZED * sizes_off
    return loss


def focal(logits: Tensor, middles: Tensor, counts: Tensor) -> Tensor:
    """The focal loss for points (Law and Deng 2018), for each middle; near one it is lenient."""
    tops = middles == 1
    p = logits.sigmoid().clamp(1e-5, 1 - 1e-5)
    hit = (1 - p) ** 2 * p.log() * tops
    miss = (1 - middles) ** 4 * p**2 * (1 - p).log() * ~tops * counts
    return torch.negative(hit.sum() + miss.sum()) / tops.sum().clamp(min=1)


def draw_batch(pages: Sequence[FinderPage], random: Random) -> Batch:
    """`BATCH` windows float32 [N, 1, 320, 320], their classes int64 [N, 160, 160] and `Targets`."""
    drawn = [draw_window(pages[int(random.integers(len(pages)))], random) for _ in range(BATCH)]
    windows = np.stack([window for window, _, _ in drawn])[:, None]
    classes = np.stack([classes for _, classes, _ in drawn]).astype(np.int64)
    parts = [
        torch.from_numpy(np.stack([getattr(targets, name) for _, _, targets in drawn]))
        for name in ("middles", "counts", "sizes", "inside")
    ]
    return (torch.from_numpy(windows), torch.from_numpy(classes), *parts)  # type: ignore[return-value]


def draw_window(
    page: FinderPage, random: Random
) -> tuple[NDArray[np.float32], NDArray[np.uint8], Targets]:
    """A window of `page`, turned, zoomed and worn by chance; filled up with bare paper."""
    zoom = float(np.exp(random.uniform(-1, 1) * np.log(ZOOM)))
    side = max(2, round(WINDOW_PX / zoom / 2))  # of the window, on the grid of the classes
    top, left = _corner(page, side, random)
    whole, half = (WINDOW_PX, WINDOW_PX), (WINDOW_PX // 2, WINDOW_PX // 2)
    seen = cv2.resize(_cut(page.contrast, 2 * top, 2 * left, 2 * side), whole)
    near = cv2.INTER_NEAREST
    classes = cv2.resize(_cut(page.classes, top, left, side), half, interpolation=near)
    turns = int(random.integers(4)) if random.random() < TURNED else 0
    worn = _worn(seen.astype(np.float32) / np.float32(255), random)
    kinds = _turned(np.asarray(classes, np.uint8), turns)
    boxes = page.digits[:, :4] - np.array([2 * left, 2 * top, 0, 0], np.float32)
    boxes = _boxes_turned(boxes * (WINDOW_PX / (2 * side)), turns)
    return _turned(worn, turns), kinds, targets_of(boxes, kinds, WINDOW_PX)


def _boxes_turned(boxes: NDArray[np.float32], turns: int) -> NDArray[np.float32]:
    """`boxes` (x, y, w, h) in a window that is turned counter-clockwise by quarters."""
    for _ in range(turns):
        x, y, w, h = boxes.T
        boxes = np.stack((y, WINDOW_PX - x - w, h, w), axis=1)
    return boxes


def _turned(pixels: NDArray[Any], turns: int) -> NDArray[Any]:
    return np.ascontiguousarray(np.rot90(pixels, turns))


def _corner(page: FinderPage, side: int, random: Random) -> tuple[int, int]:
    """Where on the classes' grid a window begins; mostly somewhere around ink."""
    height, width = page.classes.shape
    most = max(height - side, 0), max(width - side, 0)
    if random.random() < AT_INK and (inked := np.flatnonzero(page.classes)).size:
        row, column = divmod(int(inked[int(random.integers(inked.size))]), width)
        offsets = random.integers(0, side, 2)
        return (
            int(np.clip(row - offsets[0], 0, most[0])),
            int(np.clip(column - offsets[1], 0, most[1])),
        )
    return int(random.integers(most[0] + 1)), int(random.integers(most[1] + 1))


def _cut(pixels: NDArray[np.uint8], top: int, left: int, side: int) -> NDArray[np.uint8]:
    part = pixels[top : top + side, left : left + side]
    return np.pad(part, ((0, side - part.shape[0]), (0, side - part.shape[1])))


def _worn(window: NDArray[np.float32], random: Random) -> NDArray[np.float32]:
    """Fainter or darker, softer, noisier: what other pens and cameras leave."""
    if random.random() < 0.15:
        window = np.asarray(cv2.GaussianBlur(window, (0, 0), random.uniform(0.4, 1.5)), np.float32)
    window = window * np.float32(np.exp(random.normal(0, 0.35)))
    if random.random() < 0.3:
        spread = np.float32(random.uniform(0, 0.06))
        window = window + random.standard_normal(window.shape, np.float32) * spread
    return np.clip(window, 0, 1)


def overlaps(model: nn.Module, pages: Sequence[FinderPage], windows: int = 96) -> dict[str, float]:
    """Intersection by union of each kind of mark, over seeded windows of `pages`."""
    random = np.random.default_rng(0)
    kinds = len(Mark)
    confusion = np.zeros((kinds, kinds), np.int64)
    model.eval()
    for _ in range(windows // BATCH):
        seen, classes, *_ = draw_batch(pages, random)
        with torch.no_grad():
            found = model(seen)[0].argmax(1)
        pairs = (classes * kinds + found).flatten().numpy()
        confusion += np.bincount(pairs, minlength=kinds**2).reshape(kinds, kinds)
    both = confusion.diagonal()
    either = confusion.sum(0) + confusion.sum(1) - both
    return {
        kind.name.lower(): round(float(both[kind] / max(int(either[kind]), 1)), 3) for kind in Mark
    }
