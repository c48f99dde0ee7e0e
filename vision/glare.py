# SPDX-License-Identifier: Apache-2.0
"""Glare over a number: where light blots out the paper, a digit may have stood."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from vision.findings import Findings
from vision.photo import Pixels
from vision.reading import Box, Line
from vision.triage import BLOWN_OUT, UNLIKE_PAPER, brightness_of

NARROWEST = 0.5  # width by height of the room that a digit takes up in a row
BLOTTED = 0.4  # of such a room: how much of it must be blown out to hide a digit


def may_hide_digits(found: Findings) -> bool:
    """Whether paper between the digits of a line, or at its ends, is so bright that nothing could
    be seen on it, while the rest of the paper is not."""
    if brightness_of(found.page) >= UNLIKE_PAPER:
        return False
    rooms = (room for line in found.lines for room in _rooms(line))
    return any(_blotted(found.photo.pixels, found.photo.shrink, room) > BLOTTED for room in rooms)


def _rooms(line: Line) -> Iterator[Box]:
    """Where one more digit may stand: in wide gaps, before the first and after the last digit."""
    boxes = [digit.box for digit in line.digits]
    height = float(np.median([box.h for box in boxes]))
    least = round(NARROWEST * height)
    first, last = boxes[0], boxes[-1]
    yield Box(first.x - 2 * least, first.y, 2 * least, first.h)
    yield Box(last.x + last.w, last.y, 2 * least, last.h)
    for left, right in pairwise(boxes):
        stop, top = left.x + left.w, min(left.y, right.y)
        if right.x - stop >= least:
            yield Box(stop, top, right.x - stop, max(left.y + left.h, right.y + right.h) - top)


def _blotted(pixels: Pixels, shrink: float, room: Box) -> float:
    """Share of `room`, as far as it is on the photo, that is blown out; 0 for none of it."""
    x, y, w, h = (round(value / shrink) for value in room)
    part = pixels[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)]
    return float((part.min(axis=2) >= BLOWN_OUT).mean()) if part.size else 0.0
