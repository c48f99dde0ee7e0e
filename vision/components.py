# SPDX-License-Identifier: Apache-2.0
"""Connected pieces of ink, measured: one row a piece in parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Labels = NDArray[np.int32]
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Components:
    """Pieces of ink in `labels` (int32 HxW, 0 for paper); row `i` measures label `i + 1`.

    `boxes` is int32 Nx4 (x, y, width, height), `areas` counts ink pixels.
    """

    labels: Labels
    boxes: NDArray[np.int32]
    areas: NDArray[np.int32]

    @cached_property
    def inked(self) -> tuple[Rows, Labels]:
        """The place of each pixel of ink in the flat page, and its label.

        A page is nearly all paper, so what only ink needs is done here in a fraction of the time.
        """
        flat = self.labels.ravel()
        places = np.flatnonzero(flat)
        return places, flat[places]

    @property
    def widths(self) -> NDArray[np.int32]:
        return self.boxes[:, 2]

    @property
    def heights(self) -> NDArray[np.int32]:
        return self.boxes[:, 3]

    @property
    def centres(self) -> NDArray[np.float64]:
        """Middles of the boxes, Nx2 (x, y)."""
        middles: NDArray[np.float64] = self.boxes[:, :2] + self.boxes[:, 2:] / 2
        return middles

    def bounds_of(self, rows: NDArray[np.intp]) -> tuple[int, int, int, int]:
        """x, y, width and height of the box around all of `rows`."""
        left, top = (int(value) for value in self.boxes[rows, :2].min(axis=0))
        right, bottom = (int(v) for v in (self.boxes[rows, :2] + self.boxes[rows, 2:]).max(axis=0))
        return left, top, right - left, bottom - top

    def alone(self, row: int) -> tuple[tuple[slice, slice], Mask]:
        """Rows and columns of the box of `row`, and in it the ink of that row alone, 0 or 1."""
        x, y, w, h = self.boxes[row].tolist()
        part = slice(y, y + h), slice(x, x + w)
        return part, (self.labels[part] == row + 1).view(np.uint8)

    def only(self, chosen: Bools) -> Components:
        """The chosen rows, with labels of their own."""
        names = np.zeros(len(chosen), np.int32)
        names[chosen] = np.arange(1, np.count_nonzero(chosen) + 1)
        return Components(self._relabelled(names), self.boxes[chosen], self.areas[chosen])

    def united(self, groups: Rows) -> Components:
        """The rows of each group as one; `groups` numbers that of each row, from 0 on."""
        count = int(groups.max(initial=-1)) + 1
        low, high = np.full((count, 2), np.iinfo(np.int32).max), np.zeros((count, 2), np.int64)
        np.minimum.at(low, groups, self.boxes[:, :2])
        np.maximum.at(high, groups, self.boxes[:, :2] + self.boxes[:, 2:])
        boxes = np.concatenate((low, high - low), axis=1).astype(np.int32)
        areas = np.bincount(groups, self.areas, count).astype(np.int32)
        return Components(self._relabelled((groups + 1).astype(np.int32)), boxes, areas)

    def _relabelled(self, names: Labels) -> Labels:
        """The labels, that of each row replaced by its name; 0 for none."""
        labels = np.zeros(self.labels.shape, np.int32)
        places, where = self.inked
        labels.ravel()[places] = np.concatenate(([0], names))[where]
        return labels

    def turned(self, quarter_turns: int) -> Components:
        """The same pieces on the page turned counter-clockwise by quarters."""
        height, width = self.labels.shape
        x, y, w, h = self.boxes.T
        turns = {
            0: (x, y, w, h),
            1: (y, width - x - w, h, w),
            2: (width - x - w, height - y - h, w, h),
            3: (height - y - h, x, h, w),
        }
        boxes = np.stack(turns[quarter_turns % 4], axis=1)
        return Components(np.rot90(self.labels, quarter_turns), boxes, self.areas)

    def mask_of(self, chosen: Bools) -> Mask:
        """The ink of the chosen rows, uint8 0 or 1."""
        mask = np.zeros(self.labels.shape, np.uint8)
        places, where = self.inked
        mask.ravel()[places] = np.concatenate(([False], chosen))[where]
        return mask


def find_components(mask: Mask) -> Components:
    """The 8-connected pieces of `mask` (uint8, non-zero is ink)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    rows = np.asarray(stats[1:], np.int32)
    return Components(np.asarray(labels, np.int32), rows[:, :4], rows[:, cv2.CC_STAT_AREA])
