# SPDX-License-Identifier: Apache-2.0
"""Characters put side by side on one line: spacing, rising and trembling baselines, touching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.synthesis.characters import Drawn, Writer
from training.synthesis.hand import Random
from training.synthesis.pen import Ink


@dataclass(frozen=True, slots=True)
class Spacing:
    """All in digit heights: mean gap between neighbours and how it varies, width of a space,
    rise per height to the right, trembling of the baseline and of the size."""

    gap: float
    gap_jitter: float
    space: float
    rise: float
    tremble: float
    size_jitter: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A character on its line: its ink's rectangle (x, y, w, h) in pixels of the line's ink."""

    value: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A line's ink (float32, 0 to 1), its characters in order, and the digit height in px.

    `owner` (int16, the ink's size) holds 1 + the index of the character a pixel belongs to.
    """

    ink: Ink
    owner: NDArray[np.int16]
    characters: tuple[Placed, ...]
    height_px: float

    @property
    def digits(self) -> str:
        return "".join(c.value for c in self.characters if c.value in "0123456789")


def draw_spacing(random: Random, *, clear: bool = False) -> Spacing:
    """Tight (digits touch), usual or wide; where all is to be `clear`, seldom tight and never
    so that digits run through each other."""
    kind = random.choice(3, p=[0.1, 0.6, 0.3] if clear else [0.3, 0.47, 0.23])
    low, high = ((-0.02 if clear else -0.14, 0.05), (0.08, 0.45), (0.45, 1.3))[int(kind)]
    return Spacing(
        gap=float(random.uniform(low, high)),
        gap_jitter=float(random.uniform(0.02, 0.05 if clear else 0.12)),
        space=float(random.uniform(0.7, 2.5)),
        rise=float(random.normal(0, 0.025)),
        tremble=float(random.uniform(0.0, 0.08)),
        size_jitter=float(random.uniform(0.01, 0.1)),
    )


def write_line(
    items: Sequence[tuple[str, Writer]], height_px: float, spacing: Spacing, random: Random
) -> Written:
    """Draws the characters left to right. Spaces part groups; unknown characters are left out."""
    pen_x, pieces = 0.0, []
    for character, writer in items:
        if character == " ":
            pen_x += spacing.space * height_px
            continue
        if not writer.knows(character):
            continue
        size = height_px * float(np.exp(random.normal(0, spacing.size_jitter)))
        drawn = writer.draw(character, size, random)
        x, y, after = _place(character, drawn, pen_x, size, height_px, spacing, random)
        pieces.append((character, drawn.ink, x, y))
        pen_x = after
    return _compose(pieces, height_px)


def _place(
    character: str,
    drawn: Drawn,
    pen_x: float,
    size: float,
    height_px: float,
    spacing: Spacing,
    random: Random,
) -> tuple[int, int, float]:
    """Left, top and where the next character begins. Advances by ink, not by the font's width:
    people leave gaps between strokes."""
    columns = np.flatnonzero(drawn.ink.max(axis=0) > 0.3)
    first, last = (int(columns[0]), int(columns[-1])) if columns.size else (0, 1)
    drop = spacing.rise * pen_x + random.normal(0, spacing.tremble) * height_px
    y = height_px - size + drawn.top + drop
    gap = random.normal(spacing.gap, spacing.gap_jitter) * height_px
    if not character.isdigit():
        gap = max(gap, 0.04 * height_px)
    return round(pen_x - first), round(y), pen_x + (last - first + 1) + max(gap, -0.14 * height_px)


def _compose(pieces: Sequence[tuple[str, Ink, int, int]], height_px: float) -> Written:
    if not pieces:
        empty = np.zeros((max(2, round(height_px)), 2), np.float32)
        return Written(empty, empty.astype(np.int16), (), height_px)
    left = min(x for _, _, x, _ in pieces)
    top = min(y for _, _, _, y in pieces)
    right = max(x + ink.shape[1] for _, ink, x, _ in pieces)
    bottom = max(y + ink.shape[0] for _, ink, _, y in pieces)
    canvas = np.zeros((bottom - top, right - left), np.float32)
    owner = np.zeros(canvas.shape, np.int16)
    placed: list[Placed] = []
    for value, ink, x, y in pieces:
        rows, columns = ink.shape
        window = slice(y - top, y - top + rows), slice(x - left, x - left + columns)
        owner[window][ink > np.maximum(canvas[window], 0.1)] = len(placed) + 1
        np.maximum(canvas[window], ink, out=canvas[window])
        placed.append(Placed(value, _tight(ink, x - left, y - top)))
    return Written(canvas, owner, tuple(placed), height_px)


def _tight(ink: Ink, x: int, y: int) -> tuple[int, int, int, int]:
    rows = np.flatnonzero(ink.max(axis=1) > 0.3)
    columns = np.flatnonzero(ink.max(axis=0) > 0.3)
    if not rows.size or not columns.size:
        return x, y, ink.shape[1], ink.shape[0]
    wide, high = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
    return x + int(columns[0]), y + int(rows[0]), wide, high
