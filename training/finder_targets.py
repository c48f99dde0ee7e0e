# SPDX-License-Identifier: Apache-2.0
"""What the finder's second answer shall be: where each digit's middle lies, and how large it is.

Middles are bumps on a map at half the window's size (Zhou et al. 2019, "Objects as points"), as
wide as their digit is wide and as high as it is high, so that 1s side by side keep apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detect import LARGEST_PX, SMALLEST_PX, UNIT_PX
from vision.finder import Mark

Soft = NDArray[np.float32]

GRID = 2  # pixels of the window for each cell of the map of middles
COARSE = 4  # and for each cell of the sizes
BLUNT, SPREAD = 0.5, 0.1  # deviation of a bump: cells, and cells for each cell of the digit
SHOWN = 0.6  # share of a digit's box that must lie inside the window
DECOY_PX = 5  # cells around printed digits that are not the writing: nobody says what they are


@dataclass(frozen=True, slots=True)
class Targets:
    """`middles` float32 [H/2, W/2], 1 at a digit's middle; `counts` where an answer is judged at
    all. `sizes` float32 [2, H/4, W/4], logarithms of width and height by `UNIT_PX`, where `inside`
    (uint8 [H/4, W/4]) is 1."""

    middles: Soft
    counts: Soft
    sizes: Soft
    inside: NDArray[np.uint8]


def targets_of(boxes: Soft, classes: NDArray[np.uint8], side: int) -> Targets:
    """The targets of a window of `side` pixels with digits at `boxes` float32 [N, 4] (x, y, w, h;
    may lie outside) and `classes` of `Mark` at half its size."""
    cells, coarse = side // GRID, side // COARSE
    middles, counts = np.zeros((cells, cells), np.float32), _decoys(boxes, classes)
    sizes = np.zeros((2, coarse, coarse), np.float32)
    inside = np.zeros((coarse, coarse), np.uint8)
    for box in boxes:
        x, y, w, h = (float(value) for value in box)
        if not SMALLEST_PX <= max(w, h) <= LARGEST_PX or _shown(box, side) < SHOWN:
            counts[_cells(box, cells)] = 0
            continue
        _add_bump(middles, x + w / 2, y + h / 2, w, h)
        column, row = (int(np.clip(v / COARSE, 0, coarse - 1)) for v in (x + w / 2, y + h / 2))
        part = np.s_[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        inside[part] = 1
        sizes[0][part], sizes[1][part] = np.log(max(w, 2) / UNIT_PX), np.log(max(h, 2) / UNIT_PX)
    counts[middles == 1] = 1
    return Targets(middles, counts, sizes, inside)


def _decoys(boxes: Soft, classes: NDArray[np.uint8]) -> Soft:
    """1 but around printed digits that stand in no box."""
    printed = (classes == Mark.PRINTED).astype(np.uint8)
    for box in boxes:
        printed[_cells(box, len(printed))] = 0
    return (1 - cv2.dilate(printed, np.ones((DECOY_PX, DECOY_PX), np.uint8))).astype(np.float32)


def _shown(box: Soft, side: int) -> float:
    x, y, w, h = (float(value) for value in box)
    wide = min(x + w, side) - max(x, 0)
    high = min(y + h, side) - max(y, 0)
    return max(wide, 0.0) * max(high, 0.0) / max(w * h, 1e-6)


def _cells(box: Soft, cells: int) -> tuple[slice, slice]:
    x, y, w, h = (float(value) / GRID for value in box)
    left, top = int(np.clip(x, 0, cells)), int(np.clip(y, 0, cells))
    return slice(top, int(max(y + h, 0)) + 1), slice(left, int(max(x + w, 0)) + 1)


def _add_bump(middles: Soft, x: float, y: float, w: float, h: float) -> None:
    """A bump with its top, exactly 1, in the cell of (x, y); where bumps meet the higher wins."""
    cells = len(middles)
    column, row = (int(np.clip(v / GRID, 0, cells - 1)) for v in (x, y))
    across, down = (BLUNT + SPREAD * v / GRID for v in (w, h))
    far_x, far_y = int(4 * across) + 1, int(4 * down) + 1
    left, top = max(column - far_x, 0), max(row - far_y, 0)
    part = middles[top : row + far_y + 1, left : column + far_x + 1]
    rows = np.arange(top, top + part.shape[0])[:, None] - row
    columns = np.arange(left, left + part.shape[1])[None] - column
    bump = np.exp(-0.5 * ((columns / across) ** 2 + (rows / down) ** 2))
    np.maximum(part, bump.astype(np.float32), out=part)
