# SPDX-License-Identifier: Apache-2.0
"""Where nothing can be seen beside a number, in glare or in the dark, a digit may have stood."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from vision.findings import Findings
from vision.page import DIMMEST_PAPER
from vision.photo import Pixels
from vision.reading import Box, Line, Problem
from vision.triage import BLOWN_OUT, UNLIKE_PAPER, brightness_of

NARROWEST = 0.5  # width by height of the room that a digit takes up in a row
BLOTTED = 0.4  # of such a room: how much of it must be unseen to hide a digit


def what_hides_digits(found: Findings) -> set[Problem]:
    """What keeps paper between the digits of a line, or at its ends, from being seen: glare,
    where the rest of the paper is not as bright, or light that fell off to nothing."""
    pixels, shrink = found.photo.pixels, found.photo.shrink
    rooms = [_shown(pixels, shrink, room) for line in found.lines for room in _rooms(line)]
    hidden = set()
    if brightness_of(found.page) < UNLIKE_PAPER and any(map(_blown_out, rooms)):
        hidden.add(Problem.GLARE)
    if found.page.light_falls_off and any(map(_unlit, rooms)):
        hidden.add(Problem.TOO_DARK)
    return hidden


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


def _shown(pixels: Pixels, shrink: float, room: Box) -> Pixels:
    """What the photo shows of `room`; nothing where that is not on it."""
    x, y, w, h = (round(value / shrink) for value in room)
    return pixels[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)]


def _blown_out(part: Pixels) -> bool:
    return bool(part.size and (part.min(axis=2) >= BLOWN_OUT).mean() > BLOTTED)


def _unlit(part: Pixels) -> bool:
    return bool(part.size and (part.mean(axis=2) < DIMMEST_PAPER).mean() > BLOTTED)
