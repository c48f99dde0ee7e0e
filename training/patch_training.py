# SPDX-License-Identifier: Apache-2.0
"""Teaches the third reader on digits as they stand on their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.cnn import DigitNet
from training.digit_training import BATCH
from training.finder_pages import FinderPage
from training.fit import Callback, Recipe, fit, half_precision
from training.glyphs import NOT_A_DIGIT
from training.patches import patches_of, patches_of_line, worn
from training.progress import ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from vision.patch import PATCH_PX

SMOOTHING = 0.02  # of the labels
PAGES = 4000  # an epoch cuts its patches of so many pages, taken by chance,
LINES = 4000  # and of so many drawn lines

Patches = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def train_patches(
    pages: Sequence[FinderPage],
    sources: Sources,
    recipe: Recipe,
    *,
    steps: int,
    lines: int = LINES,
    start: nn.Module | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `DigitNet` for patches that has seen `steps` batches in each epoch."""
    torch.manual_seed(recipe.seed)

    def epoch_batches(epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        random = np.random.default_rng([recipe.seed, epoch])
        chosen = [pages[int(i)] for i in random.permutation(len(pages))[:PAGES]]
        return _batches(cut(chosen, sources, lines, random), steps, random)

    def loss_of(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        with half_precision():
            logits = model(batch[0])
        return F.cross_entropy(logits.float(), batch[1], label_smoothing=SMOOTHING)

    return fit(
        start or DigitNet(side=PATCH_PX),
        epoch_batches,
        loss_of,
        steps_per_epoch=steps,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def cut(pages: Sequence[FinderPage], sources: Sources, lines: int, random: Random) -> Patches:
    """Patches uint8 [N, 32, 32] and their classes uint8 [N], of `pages` and of drawn lines."""
    parts = [patches_of(page, random) for page in pages]
    parts += [patches_of_line(sources, random) for _ in range(lines)]
    images, names = zip(*parts, strict=True)
    return np.concatenate(images), np.concatenate(names)


def _batches(data: Patches, steps: int, random: Random) -> Iterator[tuple[Tensor, Tensor]]:
    images, names = data
    size, done = min(BATCH, len(names)), 0
    while done < steps:
        order = random.permutation(len(names))
        for begin in range(0, len(order) - size + 1, size)[: steps - done]:
            rows = order[begin : begin + size]
            done += 1
            yield (
                torch.from_numpy(worn(images[rows], random)),
                torch.from_numpy(names[rows].astype(np.int64)),
            )


def shares_right(model: nn.Module, data: Patches) -> dict[str, float]:
    """Share of the digits, and of what is none, that `model` names rightly."""
    images, names = data
    model.eval()
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(part.astype(np.float32) / 255)[:, None]).argmax(1).numpy()
            for part in np.array_split(images, max(1, len(images) // 512))
        ]
    right, digit = np.concatenate(parts) == names, names != NOT_A_DIGIT
    return {
        "digits": round(float(right[digit].mean()), 4),
        "none": round(float(right[~digit].mean()), 4),
    }
