# SPDX-License-Identifier: Apache-2.0
"""Which pieces of ink stand like one more digit in a line of digits: a 1 is easily misjudged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Components

Soft = NDArray[np.float32]
Rows = NDArray[np.intp]
Boxes = NDArray[np.float64]

SMALLEST_PX = 8
LEVEL, ALIKE = 0.3, 1.6  # of a digit's height: how far off the line, how much taller or lower
PALEST = 0.5  # of a digit's darkness: a paler stroke is the edge of a shadow or of the paper
BESIDE, AROUND = 2.8, 6.0  # of its height: how near the next digit is, and the next but one
MOST_PAIRS = 100_000  # of pieces and digits that are compared at a time: bounds the memory


def in_line(pieces: Components, darkness: Soft, digits: Bools) -> Bools:
    """Which of `pieces`, with `darkness` of each, stand in a line of those that are `digits`."""
    found = np.zeros(len(digits), bool)
    rows = np.flatnonzero(~digits & (pieces.heights >= SMALLEST_PX))
    others = np.count_nonzero(digits)
    if not rows.size or others < 2:
        return found
    for part in np.array_split(rows, 1 + rows.size * others // MOST_PAIRS):
        found[part] = _beside(pieces, darkness, part, digits)
    return found


def _beside(pieces: Components, darkness: Soft, rows: Rows, digits: Bools) -> Bools:
    """Which of `rows` have two of the `digits` beside them, like them and on their level."""
    boxes = pieces.boxes.astype(np.float64)
    level, gap = on_level(boxes[rows], boxes[digits])
    pale = darkness[rows][:, None] < PALEST * darkness[digits][None]
    fits = level & ~pale
    near = (fits & (gap < BESIDE)).any(axis=1)
    return np.asarray(near & ((fits & (gap < AROUND)).sum(axis=1) > 1))


def on_level(boxes: Boxes, digits: Boxes) -> tuple[Bools, Boxes]:
    """Which of `boxes` [N, 4] (x, y, w, h) are on a level with each of `digits` [M, 4] and of its
    size, [N, M], and how many of its heights lie between them."""
    x, y, w, h = boxes.T[..., None]
    ox, oy, ow, oh = digits.T[:, None]
    level = np.abs(y + h / 2 - oy - oh / 2) < LEVEL * oh
    alike = (h > oh / ALIKE) & (h < oh * ALIKE) & (w < oh)
    gap = np.maximum(np.maximum(ox - x - w, x - ox - ow), 0) / oh
    return np.asarray(level & alike), np.asarray(gap, np.float64)
