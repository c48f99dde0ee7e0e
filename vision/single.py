# SPDX-License-Identifier: Apache-2.0
"""The third reader: each digit by itself, as it stands on its page, grey and uncut.

It owes nothing to ink or cuts: the finder says where digits are, a CNN names what stands there.
So it errs on other photos than the readers of lines do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.classify import NOT_A_DIGIT, Model, named
from vision.detect import CERTAIN, Detected
from vision.orient import LEVEL, angle_of, placed, quarters, square
from vision.patch import cut_patches, smaller_and_smaller, spots_of
from vision.reading import Box
from vision.strip import CHARACTER_PX, Strip

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Affine = NDArray[np.float64]

LOWEST, HIGHEST = 0.35, 2.0  # of a character of the strip: other sizes are of other lines
INKED = 0.03  # mean of the strip's ink in a digit's box: less is of another line
READ = 0.5  # probability of being a digit from which one is read
UNLIKELY = 1e-4  # no probability is believed to be less
MISSED = 5.0  # cost of a digit that was not detected


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on which digits were `detected`: `levels` are its contrast in smaller and smaller
    sizes; `to_sheet` (2x3) maps pixels of a page as it is tried, turned or not, to its own."""

    levels: tuple[Pixels, ...]
    detected: Detected
    to_sheet: Affine

    def turned(self, quarter_turns: int, page: tuple[int, ...]) -> Sheet:
        """For the page, of that shape, turned counter-clockwise by quarters."""
        back = np.linalg.inv(square(quarters(page, quarter_turns)))
        return replace(self, to_sheet=(square(self.to_sheet) @ back)[:2])


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the third reader sees in a strip, left to right: `boxes` in pixels of the strip, and
    probabilities float32 [11] of 0 to 9 and of being none."""

    boxes: tuple[Box, ...]
    probabilities: tuple[Soft, ...]

    @property
    def read(self) -> tuple[int, ...]:
        """Which of them are digits rather than none."""
        return tuple(i for i, p in enumerate(self.probabilities) if p[NOT_A_DIGIT] < READ)

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(int(self.probabilities[i][:NOT_A_DIGIT].argmax()) for i in self.read)

    def cost_of(self, values: tuple[int, ...]) -> float:
        """Negative log probability that these are `values`, by the likeliest way to match them."""
        logs = -np.log(np.maximum(np.array(self.probabilities).reshape(-1, 11), UNLIKELY))
        cost = MISSED * np.arange(len(values) + 1.0)
        for row in logs:
            matched = cost[:-1] + row[list(values)] if values else np.zeros(0)
            cost = cost + row[NOT_A_DIGIT]
            cost[1:] = np.minimum(cost[1:], matched)
            for j in range(len(values)):
                cost[j + 1] = min(cost[j + 1], cost[j] + MISSED)
        return float(cost[-1])


def sheet_of(contrast: Pixels, detected: Detected) -> Sheet:
    """The sheet of a page that is not turned."""
    return Sheet(tuple(smaller_and_smaller(contrast)), detected, LEVEL)


def sightings(
    strips: Sequence[Strip], to_page: Affine, sheet: Sheet, model: Model
) -> list[Sighting]:
    """What the third reader sees in each of `strips`, which were cut from a levelled page;
    `to_page` (2x3) maps its pixels to those of the page tried."""
    ways = [square(sheet.to_sheet) @ square(to_page) @ square(s.to_page) for s in strips]
    places = [_places(strip, way, sheet) for strip, way in zip(strips, ways, strict=True)]
    patches = [
        cut_patches(list(sheet.levels), spots_of(sheet.detected.boxes[rows]), angle_of(way))
        for (rows, _), way in zip(places, ways, strict=True)
    ]
    told = named(np.concatenate(patches), model) if patches else np.zeros((0, 11), np.float32)
    ends = np.cumsum([len(rows) for rows, _ in places])[:-1]
    return [
        Sighting(boxes, tuple(_doubted(p, sheet.detected.scores[rows])))
        for (rows, boxes), p in zip(places, np.split(told, ends), strict=True)
    ]


def read_in_doubt(sheet: Sheet, to_page: Affine, model: Model) -> int:
    """How many of the digits whose place is in doubt the third reader reads all the same, when the
    writing runs as on the levelled page; `to_page` as in `sightings`."""
    rows = np.flatnonzero(~sheet.detected.certain)
    angle = angle_of(square(sheet.to_sheet) @ square(to_page))
    patches = cut_patches(list(sheet.levels), spots_of(sheet.detected.boxes[rows]), angle)
    told = _doubted(named(patches, model), sheet.detected.scores[rows])
    return int(np.count_nonzero(told[:, NOT_A_DIGIT] < READ))


def _doubted(p: Soft, scores: Soft) -> Soft:
    """Probabilities [N, 11], with the finder's doubt whether there is a digit at all."""
    doubted = p * np.minimum(scores / CERTAIN, 1)[:, None]
    doubted[:, NOT_A_DIGIT] = 1 - doubted[:, :NOT_A_DIGIT].sum(axis=1)
    return np.asarray(doubted, np.float32)


def _places(strip: Strip, way: Affine, sheet: Sheet) -> tuple[NDArray[np.intp], tuple[Box, ...]]:
    """Which of the detected digits stand in `strip`, left to right, and their boxes there."""
    x, y, wide, high = placed(sheet.detected.boxes.astype(np.float64), way).T
    size = np.maximum(wide, high) / CHARACTER_PX
    height, width = strip.ink.shape
    fits = (x >= 0) & (x < width) & (y >= 0) & (y < height) & (size > LOWEST) & (size < HIGHEST)
    rows = np.flatnonzero(fits)
    rows = rows[np.argsort(x[rows], kind="stable")]
    boxes = {int(row): _box(x[row], y[row], wide[row], high[row], strip) for row in rows}
    inked = {row: box for row, box in boxes.items() if _inked(strip, box)}
    return np.array(list(inked), np.intp), tuple(inked.values())


def _box(x: float, y: float, wide: float, high: float, strip: Strip) -> Box:
    height, width = strip.ink.shape
    left, top = max(round(x - wide / 2), 0), max(round(y - high / 2), 0)
    right, bottom = min(round(x + wide / 2), width), min(round(y + high / 2), height)
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))


def _inked(strip: Strip, box: Box) -> bool:
    x, y, w, h = box
    return float(strip.ink[y : y + h, x : x + w].mean()) > INKED
