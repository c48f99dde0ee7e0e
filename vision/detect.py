# SPDX-License-Identifier: Apache-2.0
"""Whole digits on a page: where each one's middle is, how large it is, and how surely it is one.

The finder tells both, at several sizes of the page (Zhou et al. 2019, "Objects as points"). No
ink is thresholded or cut for it, so rules, boxes, squares and touching neighbours do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Soft = NDArray[np.float32]
Rows = NDArray[np.intp]

SMALLEST_PX, LARGEST_PX = 8.0, 100.0  # longer side of a digit that is found, as the network sees it
UNIT_PX = 24.0  # sizes are told as logarithms by this
FINE, COARSE = 2, 4  # pixels of the network's page for each cell of the middles, and of the sizes
LIKELY = 0.3  # probability from which a place is a digit's middle,
CERTAIN = 0.5  # and from which that is in no doubt
MOST = 400  # the likeliest digits of a page are kept
RIM = 0.1  # of a digit's longer side: how far beyond its box its ink may reach
SAME, INSIDE = 0.4, 0.75  # overlap by union, and by the smaller box, of one digit seen twice


@dataclass(frozen=True, slots=True)
class Detected:
    """`boxes` float32 [N, 4] (x, y, w, h in pixels of the page) and `scores` (0 to 1) of N digits,
    the likeliest first; `looks` is the number of the look that saw each best."""

    boxes: Soft
    scores: Soft
    looks: Rows

    @property
    def certain(self) -> NDArray[np.bool_]:
        """Which of them stand where they are told without doubt."""
        return np.asarray(self.scores > CERTAIN, np.bool_)


def detected(looks: Iterable[tuple[Soft, float]]) -> Detected:
    """The digits in `looks`: what the network told ("spots", float32 [6, H/4, W/4]: logits of a
    middle in each quarter of a cell, logarithms of width and height) and the share of the page's
    size at which it looked."""
    found = [_seen_at(spots, part) for spots, part in looks]
    boxes = np.concatenate([boxes for boxes, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    numbers = np.repeat(np.arange(len(found)), [len(scores) for _, scores in found])
    order = np.argsort(-scores, kind="stable")[: 2 * MOST]
    kept = order[_apart(boxes[order])][:MOST]
    return Detected(boxes[kept], scores[kept], numbers[kept])


def around(box: Soft, rim: float, more: float = 0.0) -> tuple[slice, slice]:
    """Rows and columns of a digit's `box` (x, y, w, h), of a `rim` as broad as that share of its
    longer side, and of so many pixels `more`."""
    x, y, w, h = (float(value) for value in box)
    margin = more + rim * max(w, h)
    left, top = max(int(x - margin), 0), max(int(y - margin), 0)
    return slice(top, int(y + h + margin) + 1), slice(left, int(x + w + margin) + 1)


def _seen_at(spots: Soft, part: float) -> tuple[Soft, Soft]:
    """Boxes and scores of the digits at one size."""
    middles = _probabilities(spots[: FINE * FINE])
    tops = (middles >= LIKELY) & (middles == cv2.dilate(middles, np.ones((3, 3), np.uint8)))
    rows, columns = np.nonzero(tops)
    sizes = spots[FINE * FINE :, rows * FINE // COARSE, columns * FINE // COARSE]
    wide, high = np.exp(np.clip(sizes, -3, 3)) * UNIT_PX
    x, y = FINE * (columns + 0.5), FINE * (rows + 0.5)
    longest = np.maximum(wide, high)
    fits = (longest >= SMALLEST_PX) & (longest <= LARGEST_PX)
    boxes = np.stack((x - wide / 2, y - high / 2, wide, high), axis=1)[fits] / part
    return boxes.astype(np.float32), middles[rows, columns][fits]


def _probabilities(quarters: Soft) -> Soft:
    """Logits [4, H, W] of quarters of cells as probabilities [2H, 2W]."""
    _, height, width = quarters.shape
    whole = quarters.reshape(FINE, FINE, height, width).transpose(2, 0, 3, 1)
    flat = np.ascontiguousarray(whole).reshape(FINE * height, FINE * width)
    return np.asarray(1 / (1 + np.exp(-np.clip(flat, -30, 30))), np.float32)


def _apart(boxes: Soft) -> Rows:
    """Rows that are no second sight of one before them."""
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    shared = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
    both = np.prod(np.maximum(shared, 0), axis=2)
    area = np.prod(boxes[:, 2:], axis=1)
    union = area[:, None] + area[None] - both
    same = (both > SAME * union) | (both > INSIDE * np.minimum(area[:, None], area[None]))
    kept: list[int] = []
    for row in range(len(boxes)):
        if not same[row, kept].any():
            kept.append(row)
    return np.array(kept, np.intp)
