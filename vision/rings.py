# SPDX-License-Identifier: Apache-2.0
"""Circles and boxes drawn around digits: the finder takes a circle for a large 0."""

from __future__ import annotations

import cv2
import numpy as np

from vision.components import Bools, Components, Mask

SMALLEST_PX = 16  # width and height of a ring
MOST = 200  # the highest pieces are looked at; nobody draws more rings
HOLLOW = 0.5  # share of its box that may be ink
WITHIN = 0.35  # of a ring's height: how high a digit in it is at least
CURVE = 2.0  # of a ring's mean thickness: how far in from its rim it reaches
TOUCHING = 0.03  # of its ink: how much hangs on it where digits touch it


def rings(pieces: Components, digits: Bools) -> Bools:
    """Which pieces are rings drawn around some of the `digits`: no digit has another inside it.

    A ring that digits touch is left as it is: to part them would cut the digits.
    """
    found = around(pieces, digits, WITHIN)
    for row in np.flatnonzero(found):
        found[row] = _is_bare(pieces.alone(int(row))[1])
    return found


def around(pieces: Components, digits: Bools, high: float) -> Bools:
    """Which pieces have one of the `digits`, at least `high` by their own height, in their box."""
    found = np.zeros(len(digits), bool)
    hollow = pieces.areas < HOLLOW * pieces.widths.astype(float) * pieces.heights
    large = np.minimum(pieces.widths, pieces.heights) >= SMALLEST_PX
    rows = np.flatnonzero(hollow & large)
    rows = rows[np.argsort(-pieces.heights[rows], kind="stable")][:MOST]
    x, y, w, h = pieces.boxes[rows].T[..., None]
    ox, oy, ow, oh = pieces.boxes[digits].T[:, None]
    inside = (x < ox) & (x + w > ox + ow) & (y < oy) & (y + h > oy + oh) & (oh > high * h)
    found[rows] = inside.any(axis=1)
    return found


def _is_bare(own: Mask) -> bool:
    """Whether ink goes around its hull, gaps aside, and nothing of it hangs in there."""
    framed = cv2.copyMakeBorder(own, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    hull = cv2.convexHull(np.asarray(cv2.findNonZero(framed)))
    filled = cv2.fillConvexPoly(np.zeros_like(framed), hull, 1)
    ink = float(own.sum())
    side = 2 * round(CURVE * ink / max(cv2.arcLength(hull, closed=True), 1.0)) + 1
    inside = cv2.erode(filled, np.ones((side, side), np.uint8))
    return float(cv2.bitwise_and(framed, inside).sum()) < TOUCHING * ink
