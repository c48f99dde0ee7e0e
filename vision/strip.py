# SPDX-License-Identifier: Apache-2.0
"""One written line cut out of the page: level, alone, and at a standard size.

Everything after this works in units of the strip, where characters are about `CHARACTER_PX` high.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.ink import Ink
from vision.page import to_unit
from vision.reading import Box
from vision.text_line import TextLine

Soft = NDArray[np.float32]
Affine = NDArray[np.float64]

CHARACTER_PX = 40
MARGIN_PX = 4
TALLEST = 4.0  # of a character: a line with higher pieces in it is cut off there
LONGEST = 220.0  # characters: a strip of two hundred wide-set digits is still whole


@dataclass(frozen=True, slots=True)
class Strip:
    """`ink` is float32, 0 to 1; `to_page` (2x3) maps its pixels back to those of the page."""

    ink: Soft
    to_page: Affine

    def through(self, to_page: Affine) -> Strip:
        """The same strip of the page that `to_page` (2x3) leads to."""
        square = np.vstack((self.to_page, (0.0, 0.0, 1.0)))
        return Strip(self.ink, np.asarray(to_page @ square, np.float64))

    def box_on_page(self, box: Box) -> Box:
        """The upright rectangle on the page around `box` of the strip."""
        x, y, w, h = box
        corners = np.array([(x, y, 1), (x + w, y, 1), (x, y + h, 1), (x + w, y + h, 1)], float)
        mapped = corners @ self.to_page.T
        left, top = mapped.min(axis=0)
        right, bottom = mapped.max(axis=0)
        return Box(
            round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))
        )


def cut_out(ink: Ink, line: TextLine) -> Strip:
    """The strip of `line`, holding the ink of its members only."""
    x, y, w, h = _bounds(ink, line)
    chosen = np.zeros(len(ink.pieces.areas) + 1, np.uint8)
    chosen[line.members + 1] = 1
    members = chosen[ink.pieces.labels[y : y + h, x : x + w]]
    around = np.asarray(cv2.dilate(members, np.ones((3, 3), np.uint8)), np.uint8)
    alone = to_unit(ink.soft[y : y + h, x : x + w] * around)
    scale = CHARACTER_PX / line.height
    alone, shrunk = _shrink(alone, scale)
    to_strip, size = _levelling(alone.shape, line.slope, scale / shrunk)
    method = cv2.INTER_LINEAR if scale <= 1.5 else cv2.INTER_CUBIC
    strip = cv2.warpAffine(alone, to_strip, size, flags=method)
    to_page = np.asarray(cv2.invertAffineTransform(to_strip), np.float64) / shrunk
    to_page[:, 2] += (x, y)
    return Strip(np.clip(strip, 0, 1).astype(np.float32), to_page)


def _bounds(ink: Ink, line: TextLine) -> tuple[int, int, int, int]:
    boxes = ink.pieces.boxes[line.members]
    height, width = ink.soft.shape
    left, top = (int(value) - 2 for value in boxes[:, :2].min(axis=0))
    right, bottom = (int(value) + 2 for value in (boxes[:, :2] + boxes[:, 2:]).max(axis=0))
    left, top = max(left, 0), max(top, 0)
    return left, top, min(right, width) - left, min(bottom, height) - top


def _shrink(ink: Soft, scale: float) -> tuple[Soft, float]:
    """Large writing halved by areas until the final warp needs no more than halve it again."""
    shrunk = 1.0
    while scale / shrunk < 0.6:
        shrunk /= 2
    if shrunk == 1.0:
        return ink, 1.0
    size = max(1, round(ink.shape[1] * shrunk)), max(1, round(ink.shape[0] * shrunk))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA)), shrunk


def _levelling(
    shape: tuple[int, ...], slope: float, scale: float
) -> tuple[Affine, tuple[int, int]]:
    """The transform that turns a line of `slope` level and scales it, and the size it needs."""
    length = np.hypot(1.0, slope)
    turn = np.array([[1.0, slope], [-slope, 1.0]]) * scale / length
    height, width = shape[:2]
    corners = np.array([(0, 0), (width, 0), (0, height), (width, height)]) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.ceil(high - low).astype(int) + 2 * MARGIN_PX
    most = int(LONGEST * CHARACTER_PX), int(max(TALLEST * CHARACTER_PX, size[0] * 0.6))
    bounded = int(min(size[0], most[0])), int(min(size[1], most[1]))
    return np.column_stack((turn, MARGIN_PX - low)), bounded
