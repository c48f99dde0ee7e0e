# SPDX-License-Identifier: Apache-2.0
"""From lines as the readers have them to the `Line`s and `Digit`s of a reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.classify import NOT_A_DIGIT
from vision.decode import Choice
from vision.opinions import Agreed
from vision.reading import Alternative, Box, Digit, Line
from vision.strip import Strip

Affine = NDArray[np.float64]

ALTERNATIVES = 3  # to offer a caller who says no, however improbable they seemed


def lines_of(agreed: tuple[Agreed, ...], to_photo: Affine) -> tuple[Line, ...]:
    """The lines; `to_photo` (2x3) maps the page they were found on to the sender's photo."""
    return tuple(
        Line(tuple(_digit(choice, line, to_photo) for choice in line.choices)) for line in agreed
    )


def left_out_of(agreed: tuple[Agreed, ...], to_photo: Affine) -> tuple[Box, ...]:
    """Where, on the sender's photo, pieces as high as a digit were taken for none."""
    return tuple(
        box_on_photo(box, line.line.strip, to_photo)
        for line in agreed
        for box in line.line.decoded.left_out_whole
    )


def _digit(choice: Choice, line: Agreed, to_photo: Affine) -> Digit:
    named = choice.probabilities[:NOT_A_DIGIT]
    order = np.argsort(-named, kind="stable")
    others = tuple(
        Alternative(int(other), float(named[other])) for other in order[1 : 1 + ALTERNATIVES]
    )
    value = int(order[0])
    box = box_on_photo(choice.box, line.line.strip, to_photo)
    return Digit(value, float(named[value]), others, box)


def box_on_photo(box: Box, strip: Strip, to_photo: Affine) -> Box:
    """The upright rectangle on the sender's photo around `box` of a strip."""
    x, y, w, h = strip.box_on_page(box)
    corners = np.array([(x, y, 1), (x + w, y, 1), (x, y + h, 1), (x + w, y + h, 1)], float)
    mapped = corners @ to_photo.T
    left, top = np.maximum(mapped.min(axis=0), 0)
    right, bottom = mapped.max(axis=0)
    return Box(round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top)))
