# SPDX-License-Identifier: Apache-2.0
"""A digit in bits is one digit: pens skip, faint pencil breaks, and a line of bits falls apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vision.components import Components
from vision.detect import Detected
from vision.ink import Ink, darkness_of
from vision.trace import boxes_of

Affine = NDArray[np.float64]
Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

INSIDE = 0.8  # of a bit's box: how much of it must lie in that of the digit
WHOLE = 0.7  # of the digit's longer side, with its rim: a piece so large has no bits
LEAST = 0.1  # of the digit's longer side: smaller bits are dust


def with_whole_digits(ink: Ink, detected: Detected, to_page: Affine) -> Ink:
    """`ink` in which the bits of each surely detected digit are one piece.

    `to_page` (2x3) maps pixels of `ink` to those of the page on which they were detected.
    """
    digits = np.array(
        [
            (columns.start, rows.start, columns.stop, rows.stop)
            for rows, columns in boxes_of(detected, to_page)
        ],
        np.float64,
    ).reshape(-1, 4)
    owners = _owners(ink.pieces, digits)
    names = np.where(owners < 0, -1 - np.arange(len(owners)), owners)
    found, groups = np.unique(names, return_inverse=True)
    if len(found) == len(names):
        return ink
    pieces = ink.pieces.united(groups)
    return replace(ink, pieces=pieces, darkness=darkness_of(pieces, ink.contrast))


def _owners(pieces: Components, digits: Numbers) -> Rows:
    """Row of the digit [M, 4] (left, top, right, bottom) that each piece is a bit of, or -1."""
    owners = np.full(len(pieces.areas), -1, np.intp)
    if not len(digits) or not len(owners):
        return owners
    low = pieces.boxes[:, :2].astype(np.float64)
    high = low + pieces.boxes[:, 2:]
    shared = np.minimum(high[:, None], digits[None, :, 2:]) - np.maximum(
        low[:, None], digits[None, :, :2]
    )
    inside = np.prod(np.maximum(shared, 0), axis=2) / np.prod(high - low, axis=1)[:, None]
    longest = (digits[:, 2:] - digits[:, :2]).max(axis=1)
    best = inside.argmax(axis=1)
    size = pieces.boxes[:, 2:].max(axis=1)
    fits = (inside.max(axis=1) >= INSIDE) & (size >= LEAST * longest[best])
    complete = np.zeros(len(digits), bool)
    np.logical_or.at(complete, best, fits & (size >= WHOLE * longest[best]))
    fits &= ~complete[best]
    return np.where(fits, best, owners)
