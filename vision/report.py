# SPDX-License-Identifier: Apache-2.0
"""From the chosen lines of an attempt to the `Line`s and `Digit`s of a reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.attempt import Attempt
from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT
from vision.decode import Choice
from vision.reading import Alternative, Box, Digit, Line

FEWEST = 0.001  # alternatives less probable than this are not worth a word


def lines_of(tried: Attempt, scale: float) -> tuple[Line, ...]:
    """The lines; boxes in pixels of the sender's photo, `scale` of which make one of the page."""
    return tuple(
        Line(tuple(_digit(choice, line, tried.to_page, scale) for choice in line.decoded.choices))
        for line in tried.lines
    )


def _digit(choice: Choice, line: Candidate, to_page: NDArray[np.float64], scale: float) -> Digit:
    named = choice.probabilities[:NOT_A_DIGIT]
    order = np.argsort(-named, kind="stable")
    value = int(order[0])
    others = tuple(
        Alternative(int(other), float(named[other])) for other in order[1:] if named[other] > FEWEST
    )
    return Digit(value, float(named[value]), others, _box(choice.box, line, to_page, scale))


def _box(box: Box, line: Candidate, to_page: NDArray[np.float64], scale: float) -> Box:
    x, y, w, h = line.strip.box_on_page(box)
    corners = np.array([(x, y, 1), (x + w, y, 1), (x, y + h, 1), (x + w, y + h, 1)], float)
    mapped = corners @ to_page.T * scale
    left, top = np.maximum(mapped.min(axis=0), 0)
    right, bottom = mapped.max(axis=0)
    return Box(round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top)))
