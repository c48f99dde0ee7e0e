# SPDX-License-Identifier: Apache-2.0
"""Boxes and combs that digits touch, taken out of the ink however small they are on the page."""

from __future__ import annotations

import numpy as np

from vision.components import Bools
from vision.ink import OWN, Ink, means_of, single_digits
from vision.rings import around
from vision.rules import rules_in, without

HIGH = 0.15  # of the box's height: how high a digit in it is at least
SIDE_SHARE = 0.6  # of the box: how long its sides are at least
THIN_SIDE = 8.0  # length by thickness of a side
MOST = 4.0  # of the page: area of all boxes that are looked into, which bounds time


def remove_boxes(ink: Ink) -> Ink:
    """`ink` without the sides of boxes around digits and what parts their cells; all of it where
    nobody has looked for digits."""
    if ink.digits is None:
        return ink
    seen = means_of(ink.pieces, ink.digits) >= OWN
    rows = _rows(ink, around(ink.pieces, seen, HIGH) & ~single_digits(ink))
    if not rows:
        return ink
    erased = np.zeros(ink.soft.shape, bool)
    for row in rows:
        window, own = ink.pieces.alone(row)
        erased[window] |= rules_in(own, ink.digits[window], SIDE_SHARE, THIN_SIDE)
    return without(ink, erased)


def _rows(ink: Ink, chosen: Bools) -> list[int]:
    """Rows of the chosen pieces, the smallest first, as many as together cover the page `MOST`
    times."""
    rows = np.flatnonzero(chosen)
    areas = ink.pieces.boxes[rows, 2].astype(np.int64) * ink.pieces.boxes[rows, 3]
    order = np.argsort(areas, kind="stable")
    fits = np.cumsum(areas[order]) <= MOST * ink.soft.size
    found: list[int] = rows[order][fits].tolist()
    return found
