# SPDX-License-Identifier: Apache-2.0
"""Line images for the second reader, with the digits that stand on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.bank import Bank
from training.composed import compose
from training.crops import draw_worn_line
from training.progress import NullProgress, ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.line import Written
from training.synthesis.wear import draw_wear, wear
from vision.transcribe import LINE_HEIGHT, to_line_image

WIDEST_PX = 640  # longer lines are rare among callers' numbers and would stretch every batch
WIDTH_STEP_PX = 32  # widths of batches: few shapes, for each of which a CPU compiles its kernels
NARROWEST_PX = 4  # of line for each digit: CTC has a column for each, so nothing denser can be said

LineImage = tuple[NDArray[np.uint8], str]  # [32, w], and the digits on it


@dataclass(frozen=True, slots=True)
class Lines:
    """`pixels`: uint8 [32, sum of widths], the images side by side; `widths` [N]; `texts` [N]."""

    pixels: NDArray[np.uint8]
    widths: NDArray[np.int64]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def starts(self) -> NDArray[np.int64]:
        """First column of each image."""
        return np.concatenate([[0], np.cumsum(self.widths)[:-1]]).astype(np.int64)

    def image(self, index: int) -> NDArray[np.uint8]:
        start = int(self.starts[index])
        return self.pixels[:, start : start + int(self.widths[index])]

    def take(self, index: NDArray[np.int64]) -> Lines:
        """The lines of `index`, in that order."""
        starts = self.starts
        images = [self.pixels[:, starts[i] : starts[i] + self.widths[i]] for i in index]
        return Lines(
            np.concatenate(images, axis=1),
            self.widths[index],
            tuple(self.texts[int(i)] for i in index),
        )

    def digest(self) -> str:
        state = hashlib.sha256(np.ascontiguousarray(self.pixels).tobytes())
        state.update("|".join(self.texts).encode())
        return state.hexdigest()


@dataclass(frozen=True, slots=True)
class LineBatch:
    """`images` float32 [N, 1, 32, W], padded with paper; `widths` of each without padding."""

    images: NDArray[np.float32]
    widths: NDArray[np.int64]
    texts: tuple[str, ...]


def make_lines(
    sources: Sources, count: int, seed: int, *, progress: ProgressBar | None = None
) -> Lines:
    """`count` lines drawn stroke by stroke and worn."""
    random = np.random.default_rng(seed)
    return _gather(lambda: draw_worn_line(sources, random), count, progress)


def compose_lines(
    bank: Bank, count: int, seed: int, *, progress: ProgressBar | None = None
) -> Lines:
    """`count` lines composed from `bank` and worn: as good as drawn ones, at half the cost."""
    random = np.random.default_rng([seed, 3])
    return _gather(lambda: wear(compose(bank, random), draw_wear(random), random), count, progress)


def _gather(draw: Callable[[], Written], count: int, progress: ProgressBar | None) -> Lines:
    """`count` drawn lines, normalised as `vision.transcribe` does it."""
    progress = progress or NullProgress()
    progress.begin("lines", count)
    found: list[LineImage] = []
    while len(found) < count:
        worn = draw()
        image = to_line_image(worn.ink)
        if not worn.characters or not fits(image, worn.digits):
            continue
        found.append((np.round(image * 255).astype(np.uint8), worn.digits))
        progress.advance()
    return side_by_side(found)


def fits(image: NDArray[np.float32], text: str) -> bool:
    """Whether a line of `text` is wide enough to be told, and not too wide to be taught."""
    return NARROWEST_PX * len(text) < int(image.shape[1]) <= WIDEST_PX


def side_by_side(lines: Sequence[LineImage]) -> Lines:
    """`lines`, of which there must be one, as `Lines`."""
    images = [image for image, _ in lines]
    widths = np.array([image.shape[1] for image in images], np.int64)
    return Lines(np.concatenate(images, axis=1), widths, tuple(text for _, text in lines))


def join(parts: list[Lines]) -> Lines:
    return Lines(
        np.concatenate([part.pixels for part in parts], axis=1),
        np.concatenate([part.widths for part in parts]),
        tuple(text for part in parts for text in part.texts),
    )


def save(lines: Lines, path: Path) -> None:
    """Writes the lines as one file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, pixels=lines.pixels, widths=lines.widths, texts=lines.texts)
    partial.replace(path)


def load(path: Path) -> Lines:
    with np.load(path) as file:
        return Lines(file["pixels"], file["widths"], tuple(str(text) for text in file["texts"]))


def batches(lines: Lines, size: int, random: np.random.Generator) -> Iterator[LineBatch]:
    """One pass in random order; lines of like width share a batch, so padding stays small."""
    noisy = lines.widths * random.uniform(0.9, 1.1, len(lines))
    order = np.argsort(noisy)
    groups = [order[i : i + size] for i in range(0, len(order) - size + 1, size)]
    starts = lines.starts
    for index in random.permutation(len(groups)):
        yield _collate(lines, groups[int(index)], starts)


def _collate(lines: Lines, chosen: NDArray[np.int64], starts: NDArray[np.int64]) -> LineBatch:
    widths = lines.widths[chosen]
    widest = -(-int(widths.max()) // WIDTH_STEP_PX) * WIDTH_STEP_PX
    images = np.zeros((len(chosen), 1, LINE_HEIGHT, widest), np.float32)
    for row, index in enumerate(chosen):
        start, width = int(starts[index]), int(lines.widths[index])
        images[row, 0, :, :width] = lines.pixels[:, start : start + width] / np.float32(255)
    return LineBatch(images, widths, tuple(lines.texts[int(index)] for index in chosen))
