# SPDX-License-Identifier: Apache-2.0
"""The same number on a form: each digit in a box of its own, or all in a comb.

The boxes go where digits were read on the photo as it is; where none were, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.reading import Box

Pixels = NDArray[np.uint8]
Lines = Sequence[Sequence[Box]]  # of each line, the boxes of its digits in pixels of the photo
Stroke = tuple[float, float, float, float]  # x and y of both ends
Drawn = Callable[[Pixels, Lines], Pixels]

THICK = 0.03  # of a digit's height: the lines of a form
NARROW = 0.6  # of its height: a box is as wide at least, also for a 1


def boxed(apart: float, shade: float) -> Drawn:
    """In boxes that are so many heights `apart` from the digits, in ink that lets through that
    share of the light."""

    def sides(line: Sequence[Box], height: float) -> Iterator[Stroke]:
        for x, y, w, h in line:
            margin = max(NARROW * height - w, 0) / 2 + apart * height
            left, right = x - margin, x + w + margin
            top, bottom = y - apart * height, y + h + apart * height
            yield from ((left, top, right, top), (left, bottom, right, bottom))
            yield from ((left, top, left, bottom), (right, top, right, bottom))

    return _form(sides, shade)


def combed(apart: float, shade: float) -> Drawn:
    """In a comb, a box around each line with a wall between any two digits."""

    def sides(line: Sequence[Box], height: float) -> Iterator[Stroke]:
        boxes = sorted(line)
        margin = apart * height
        walls = [(one.x + one.w + other.x) / 2 for one, other in pairwise(boxes)]
        walls = [boxes[0].x - margin, *walls, boxes[-1].x + boxes[-1].w + margin]
        top = min(box.y for box in boxes) - margin
        bottom = max(box.y + box.h for box in boxes) + margin
        yield from ((x, top, x, bottom) for x in walls)
        yield from ((walls[0], y, walls[-1], y) for y in (top, bottom))

    return _form(sides, shade)


def _form(sides: Callable[[Sequence[Box], float], Iterator[Stroke]], shade: float) -> Drawn:
    def change(photo: Pixels, lines: Lines) -> Pixels:
        light = np.ones(photo.shape[:2], np.float32)
        for line in lines:
            height = float(np.median([box.h for box in line]))
            for x, y, to_x, to_y in sides(line, height):
                ends = (round(x), round(y)), (round(to_x), round(to_y))
                cv2.line(light, *ends, shade, max(1, round(THICK * height)))
        return np.asarray(photo * light[..., None], np.uint8)

    return change


BOXED: dict[str, Drawn] = {
    "in faded boxes": boxed(0.12, 0.8),
    "in boxes": boxed(0.12, 0.4),
    "in boxes it touches": boxed(-0.03, 0.7),
    "in a comb": combed(0.1, 0.4),
}
