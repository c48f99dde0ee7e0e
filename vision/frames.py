# SPDX-License-Identifier: Apache-2.0
"""Boxes drawn so closely around single digits that these touch them: the cells of a form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Mask, Rows
from vision.ink import Ink
from vision.rings import MOST, SMALLEST_PX

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

BROAD = 2.0  # width by height of a box for one digit at most, and the other way round
THIN = 6.0  # length by thickness of its sides
STRAIGHT_PX = 1.5  # how far off a straight line a side may be,
OF_ALL = 0.8  # and in how much of its length it is not: digits stick out, pens skip
BARE = 20  # percentile of a side's thickness: where no digit touches it
SLACK_PX = 1  # a side is at most this much thicker in places
DARKER = 1.35  # by how much what crosses a faded side is darker than it
LEAST = 0.2  # ink of the digit by that of the sides: a 0 of four strokes has none inside


def frames(ink: Ink) -> Bools:
    """The sides of all boxes whose digits touch them."""
    found = np.zeros(ink.soft.shape, bool)
    for row in _rows(ink):
        window, own = ink.pieces.alone(row)
        found[window] |= frame_of(own, ink.contrast[window])
    return found


def frame_of(own: Mask, contrast: Pixels) -> Bools:
    """The four sides of a box with whatever is in it, where nothing touches them; no pixel, where
    the outline of `own` (0 or 1) is no box. What is darker than the sides is a digit's."""
    sides = np.zeros(own.shape, bool)
    for turns in range(4):
        upper = _upper_side(np.rot90(own, turns))
        if not upper.any():
            return np.zeros(own.shape, bool)
        sides |= np.rot90(upper, -turns)
    sides &= contrast <= DARKER * np.median(contrast[sides])
    box = np.count_nonzero(sides)
    return sides if np.count_nonzero(own) - box > LEAST * box else np.zeros(own.shape, bool)


def _rows(ink: Ink) -> list[int]:
    """Rows of the pieces that may be such boxes, the highest first."""
    w, h = ink.pieces.widths, ink.pieces.heights
    fits = (np.minimum(w, h) >= SMALLEST_PX) & (w < BROAD * h) & (h < BROAD * w)
    rows = np.flatnonzero(fits)
    chosen: list[int] = rows[np.argsort(-h[rows], kind="stable")][:MOST].tolist()
    return chosen


def _upper_side(own: Mask) -> Bools:
    """Of a thin, straight upper outline what is no thicker than the most of it; else no pixel."""
    first = own.argmax(axis=0)  # a connected piece fills its box: each column has ink
    straight = np.abs(first - _line(first)) <= STRAIGHT_PX
    rows = np.arange(len(own))[:, None]
    bare = (rows >= first) & (own == 0)
    stop = np.where(bare.any(axis=0), bare.argmax(axis=0), len(own))
    thickness = float(np.percentile((stop - first)[straight], BARE)) if straight.any() else np.inf
    if straight.mean() < OF_ALL or thickness * THIN > own.shape[1]:
        return np.zeros(own.shape, bool)
    thin = straight & (stop - first <= thickness + SLACK_PX)
    return np.asarray(thin & (rows >= first) & (rows < stop))


def _line(heights: Rows) -> Numbers:
    """A straight line through the middles of the first and of the last third of `heights`."""
    third = max(len(heights) // 3, 1)
    low, high = np.median(heights[:third]), np.median(heights[-third:])
    along = (np.arange(len(heights)) - (third - 1) / 2) / max(len(heights) - third, 1)
    return np.asarray(low + (high - low) * along)
