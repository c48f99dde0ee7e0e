# SPDX-License-Identifier: Apache-2.0
"""Which smaller pieces a line takes in: bars, dots, bits of broken strokes, the loops of an 8."""

from __future__ import annotations

import numpy as np

from vision.components import Components
from vision.text_line import Rows, TextLine, line_of

BESIDE, INSIDE = 0.65, 0.4  # heights from the middle at which parts, and chains, are a line's own
SLIM, TALL = 0.4, 1.7  # width by height of a 1, and how much taller than the others it may be
HALF = 0.35, 0.9  # of a line's height: one loop of an 8
ABOVE, MEETING, TALLEST = 0.6, 0.25, 1.6  # how far loops overlap, by width, are apart, and reach


def with_parts(pieces: Components, lines: list[TextLine]) -> list[TextLine]:
    """Lines, the largest first, each with the smaller pieces inside it.

    Bars, dots and bits of broken strokes are parts of the line they lie in, and so is a shorter
    chain of pieces in it: the lower halves of letters, say.
    """
    free = np.ones(len(pieces.areas), bool)
    chained = np.zeros(len(pieces.areas), np.intp)  # how many pieces a piece's chain has
    for line in lines:
        chained[line.members] = len(line.members)
    found = []
    for line in sorted(lines, key=lambda line: -line.height * len(line.members)):
        rest = line.members[free[line.members]]
        if not len(rest):
            continue
        if len(rest) < len(line.members):
            line = line_of(pieces, rest)
        free[line.members] = False
        few = 2 * chained <= len(line.members)
        whole = _adopt(pieces, line, np.flatnonzero(free & few), BESIDE)
        alike = ~few & (chained <= len(line.members) + 1) & (pieces.heights > 0.3 * line.height)
        whole = _adopt(pieces, whole, np.flatnonzero(free & alike), INSIDE)
        whole = _take(pieces, whole, _halves(pieces, whole, np.flatnonzero(free & few)))
        free[whole.members] = False
        found.append(whole)
    return found


def _halves(pieces: Components, line: TextLine, free: Rows) -> Rows:
    """Those of the `free` rows that are the other loop of an 8: a piece of `line` is the one."""
    if not len(free):
        return free
    x, y, w, h = pieces.boxes[free].T[..., None].astype(np.float64)
    ox, oy, ow, oh = pieces.boxes[line.members].T[:, None].astype(np.float64)
    low, high = (share * line.height for share in HALF)
    fits = (np.minimum(h, oh) > low) & (np.maximum(h, oh) < high)
    over = np.minimum(x + w, ox + ow) - np.maximum(x, ox)
    fits &= over > ABOVE * np.maximum(w, ow)
    apart = np.maximum(y, oy) - np.minimum(y + h, oy + oh)
    fits &= np.abs(apart) < MEETING * np.minimum(h, oh)
    fits &= h + oh + apart < TALLEST * line.height
    return np.asarray(free[fits.any(axis=1)])


def _adopt(pieces: Components, line: TextLine, free: Rows, reach: float) -> TextLine:
    """`line` with those of the `free` rows whose middles are within `reach` heights of its own."""
    centres = pieces.centres
    left = pieces.boxes[line.members, 0].min() - 0.4 * line.height
    right = (pieces.boxes[line.members, 0] + pieces.widths[line.members]).max()
    right += 0.4 * line.height
    x, y = centres[free].T if len(free) else np.zeros((2, 0))
    off = np.abs(y - (line.y + (x - line.x) * line.slope))
    size = np.maximum(pieces.heights[free], pieces.widths[free])
    inside = (x > left) & (x < right) & (off < reach * line.height)
    tall = (pieces.widths[free] < SLIM * size) & (size < TALL * line.height)
    inside &= (size >= 0.08 * line.height) & ((size < 1.2 * line.height) | tall)
    return _take(pieces, line, free[inside])


def _take(pieces: Components, line: TextLine, more: Rows) -> TextLine:
    """`line` with the rows of `more` in their places; where it runs does not change."""
    members = np.union1d(line.members, more)
    members = members[np.argsort(pieces.centres[members, 0], kind="stable")]
    return TextLine(members, line.x, line.y, line.slope, line.height)
