# SPDX-License-Identifier: Apache-2.0
"""What belongs together: pieces of ink become written lines, whatever their size and slope.

Nothing is assumed about scale: a piece looks for a right-hand neighbour of its own size, and
lines are the chains that result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.components import Components

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

SMALLEST_PX = 7  # lower pieces are no digits, only parts of them
MOST_PIECES = 500  # the largest are looked at; a page of writing has fewer
REACH = 5.0  # a neighbour is at most this many heights away
ALIKE = 3.0  # and at most this many times taller or lower
LEVEL = 0.35  # and beside it for at least this share of the lower one's height
BESIDE, INSIDE = 0.65, 0.4  # heights from the middle at which parts, and chains, are a line's own
TWICE, OVER, NEAR = 2.0, 0.5, 0.4  # heights by which parts of one line may differ, overlap, be off
STEEP = 0.14  # dy/dx, 8 degrees
TALL_SHARE = 0.5  # of the tallest tenth: what counts as a whole character of a line


@dataclass(frozen=True, slots=True)
class TextLine:
    """Rows of `Components` that form one line, left to right, and the line's own geometry.

    The middle of the line runs through (`x`, `y`) with `slope` (dy/dx); `height` is that of its
    characters, in pixels.
    """

    members: Rows
    x: float
    y: float
    slope: float
    height: float


def find_lines(pieces: Components) -> tuple[TextLine, ...]:
    """The lines on a page whose writing runs from left to right, top line first."""
    seeds = _seeds(pieces)
    chains = _chains(pieces.boxes[seeds].astype(np.float64))
    lines = _with_parts(pieces, [_line(pieces, seeds[chain]) for chain in chains])
    lines = _joined(pieces, lines)
    return _in_reading_order([line for line in lines if line.height >= SMALLEST_PX])


def _seeds(pieces: Components) -> Rows:
    """Rows that may be whole characters, largest first, at most `MOST_PIECES`."""
    height, width = pieces.labels.shape
    size = np.maximum(pieces.heights, pieces.widths)
    whole = (pieces.heights >= SMALLEST_PX) & (pieces.areas < 0.4 * height * width)
    whole &= (pieces.widths < 0.9 * width) | (pieces.heights < 0.9 * height)
    rows = np.flatnonzero(whole)
    order = np.argsort(-size[rows], kind="stable")[:MOST_PIECES]
    return np.asarray(rows[order])


def _chains(boxes: Numbers) -> list[Rows]:
    """Groups of boxes (Nx4) linked from neighbour to neighbour, each sorted left to right."""
    count = len(boxes)
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for left, right in _links(boxes):
        parent[root(left)] = root(right)
    groups: dict[int, list[int]] = {}
    for i in np.argsort(boxes[:, 0], kind="stable"):
        groups.setdefault(root(int(i)), []).append(int(i))
    return [np.array(group, np.intp) for group in groups.values()]


def _links(boxes: Numbers) -> list[tuple[int, int]]:
    """Pairs that are each other's nearest neighbour, or one's only, on nearly the same level."""
    if not len(boxes):
        return []
    cost, level = _costs(boxes)
    ahead = {(i, int(j)) for i, j in enumerate(cost.argmin(axis=1))}
    behind = {(int(i), j) for j, i in enumerate(cost.argmin(axis=0))}
    links = (ahead & behind) | {link for link in ahead | behind if level[link]}
    return sorted(link for link in links if np.isfinite(cost[link]))


def _costs(boxes: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """How far (NxN) each box is from each on its right, infinite for no neighbour, and whether
    the two are nearly level."""
    x, y, w, h = boxes.T
    middle_x, middle_y = x + w / 2, y + h / 2
    taller, lower = np.maximum(h[:, None], h[None]), np.minimum(h[:, None], h[None])
    gap = np.maximum(x[None] - (x + w)[:, None], 0)
    off = np.abs(middle_y[None] - middle_y[:, None])
    fits = (middle_x[None] > middle_x[:, None]) & (gap < REACH * taller)
    fits &= (h[:, None] + h[None]) / 2 - off + 0.15 * gap > LEVEL * lower
    fits &= taller < ALIKE * lower
    return np.where(fits, gap + 1.5 * off, np.inf), off < 0.25 * taller


def _line(pieces: Components, members: Rows) -> TextLine:
    heights = pieces.heights[members].astype(np.float64)
    tall = heights >= TALL_SHARE * np.percentile(heights, 90)
    centres = pieces.centres[members]
    x, y = (float(value) for value in centres[tall].mean(axis=0))
    height = float(np.percentile(heights[tall], 40))
    return TextLine(members, x, y, _slope(centres[tall], height), height)


def _slope(centres: Numbers, height: float) -> float:
    """Median of the slopes between far-apart characters: one odd character does not tilt it."""
    if len(centres) < 3:
        return 0.0
    apart = centres[None] - centres[:, None]
    far = apart[..., 0] > max(1.5 * height, 0.3 * float(np.ptp(centres[:, 0])))
    if not far.any():
        return 0.0
    return float(np.clip(np.median(apart[far][:, 1] / apart[far][:, 0]), -0.6, 0.6))


def _with_parts(pieces: Components, lines: list[TextLine]) -> list[TextLine]:
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
            line = _line(pieces, rest)
        free[line.members] = False
        few = 2 * chained <= len(line.members)
        whole = _adopt(pieces, line, np.flatnonzero(free & few), BESIDE)
        alike = ~few & (chained <= len(line.members) + 1) & (pieces.heights > 0.3 * line.height)
        whole = _adopt(pieces, whole, np.flatnonzero(free & alike), INSIDE)
        free[whole.members] = False
        found.append(whole)
    return found


def _joined(pieces: Components, lines: list[TextLine]) -> list[TextLine]:
    """`lines`, those put together that go on from each other: a digit in bits breaks a chain.

    Steep lines are left alone: they are looked at again when the page has been turned level.
    """
    slope = _common_slope(lines)
    if abs(slope) > STEEP:
        return lines
    found: list[TextLine] = []
    for line in sorted(lines, key=lambda line: _ends(pieces, line)):
        before = [one for one in found if _goes_on(pieces, one, line, slope)]
        if before:
            nearest = max(before, key=lambda one: _ends(pieces, one)[1])
            found = [one for one in found if one is not nearest]
            members = np.concatenate((nearest.members, line.members))
            order = np.argsort(pieces.centres[members, 0], kind="stable")
            line = _line(pieces, members[order])
        found.append(line)
    return found


def _goes_on(pieces: Components, left: TextLine, right: TextLine, slope: float) -> bool:
    """Whether `right` stands where the next characters of `left` would."""
    if max(left.height, right.height) > TWICE * min(left.height, right.height):
        return False
    gap = _ends(pieces, right)[0] - _ends(pieces, left)[1]
    height = min(left.height, right.height)
    near = abs(_down(left, right, slope)) < NEAR * height
    return near and -OVER * height < gap < REACH * height


def _ends(pieces: Components, line: TextLine) -> tuple[int, int]:
    """x of the left and right edges of `line`."""
    x, _, w, _ = pieces.bounds_of(line.members)
    return x, x + w


def _down(first: TextLine, other: TextLine, slope: float) -> float:
    """How far `other` is below `first`, in pixels, on a page whose lines have that slope."""
    return other.y - first.y - slope * (other.x - first.x)


def _adopt(pieces: Components, line: TextLine, free: Rows, reach: float) -> TextLine:
    """`line` with those of the `free` rows whose middles are within `reach` heights of its own."""
    centres = pieces.centres
    left = pieces.boxes[line.members, 0].min() - 0.4 * line.height
    right = (pieces.boxes[line.members, 0] + pieces.widths[line.members]).max()
    right += 0.4 * line.height
    x, y = centres[free].T if len(free) else np.zeros((2, 0))
    off = np.abs(y - (line.y + (x - line.x) * line.slope))
    size = np.maximum(pieces.heights[free], pieces.widths[free])
    inside = (x > left) & (x < right) & (off < reach * line.height) & (size < 1.2 * line.height)
    inside &= size >= 0.08 * line.height
    members = np.concatenate((line.members, free[inside]))
    members = members[np.argsort(centres[members, 0], kind="stable")]
    return TextLine(members, line.x, line.y, line.slope, line.height)


def _in_reading_order(lines: list[TextLine]) -> tuple[TextLine, ...]:
    """Top to bottom; lines side by side on one level from left to right.

    Levels follow the slope that most characters on the page share.
    """
    slope = _common_slope(lines)
    rest = sorted(lines, key=lambda line: line.y - slope * line.x)
    ordered: list[TextLine] = []
    while rest:
        first = rest[0]
        level = [line for line in rest if _same_level(first, line, slope)]
        ordered += sorted(level, key=lambda line: line.x)
        rest = [line for line in rest if not _same_level(first, line, slope)]
    return tuple(ordered)


def _common_slope(lines: list[TextLine]) -> float:
    slopes = [line.slope for line in lines for _ in line.members if len(line.members) > 2]
    return float(np.median(slopes)) if slopes else 0.0


def _same_level(first: TextLine, other: TextLine, slope: float) -> bool:
    return abs(_down(first, other, slope)) < 0.5 * max(first.height, other.height)
