# SPDX-License-Identifier: Apache-2.0
"""What belongs together: pieces of ink become written lines, whatever their size and slope.

Nothing is assumed about scale: a piece looks for a right-hand neighbour of its own size, and
lines are the chains that result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.components import Components
from vision.parts import with_parts
from vision.text_line import Numbers, Rows, TextLine, line_of

SMALLEST_PX = 7  # lower pieces are no digits, only parts of them
MOST_PIECES = 500  # the largest are looked at; a page of writing has fewer
REACH = 5.0  # a neighbour is at most this many heights away
ALIKE = 3.0  # and at most this many times taller or lower
LEVEL = 0.35  # and beside it for at least this share of the lower one's height
TWICE, OVER, NEAR = 2.0, 0.5, 0.4  # heights by which parts of one line may differ, overlap, be off
STEEP = 0.14  # dy/dx, 8 degrees
BESIDE, DANCING = 1.0, 0.6  # heights by which lines of one level are apart, and off
LOWER = 0.9  # heights by which what fills a gap in a line may be off


def find_lines(pieces: Components) -> tuple[TextLine, ...]:
    """The lines on a page whose writing runs from left to right, top line first."""
    seeds = _seeds(pieces)
    chained = chains(pieces.boxes[seeds].astype(np.float64))
    lines = with_parts(pieces, [line_of(pieces, seeds[chain]) for chain in chained])
    lines = _filled(pieces, _joined(pieces, lines))
    return _in_reading_order(pieces, [line for line in lines if line.height >= SMALLEST_PX])


def _seeds(pieces: Components) -> Rows:
    """Rows that may be whole characters, largest first, at most `MOST_PIECES`."""
    height, width = pieces.labels.shape
    size = np.maximum(pieces.heights, pieces.widths)
    whole = (pieces.heights >= SMALLEST_PX) & (pieces.areas < 0.4 * height * width)
    whole &= (pieces.widths < 0.9 * width) | (pieces.heights < 0.9 * height)
    rows = np.flatnonzero(whole)
    order = np.argsort(-size[rows], kind="stable")[:MOST_PIECES]
    return np.asarray(rows[order])


def chains(boxes: Numbers) -> list[Rows]:
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
            line = line_of(pieces, _members(pieces, nearest, line))
        found.append(line)
    return found


def _filled(pieces: Components, lines: list[TextLine]) -> list[TextLine]:
    """`lines`, those that just fill a gap in another put into it: digits that dance."""
    slope = _common_slope(lines)
    found = lines
    for line in sorted(lines, key=lambda line: len(line.members)):
        others = [one for one in found if one is not line]
        if len(others) == len(found):  # it was filled itself, and is not what it was
            continue
        around = next((one for one in others if _fills(pieces, line, one, slope)), None)
        if around is not None:
            whole = line_of(pieces, _members(pieces, around, line))
            found = [whole if one is around else one for one in others]
    return found


def _fills(pieces: Components, line: TextLine, other: TextLine, slope: float) -> bool:
    """Whether `line` and `other` are one that dances: by turns, the pieces of each stand in gaps of
    the other that are hardly wider, and little off its level."""
    height = max(line.height, other.height)
    if height > TWICE * min(line.height, other.height):
        return False
    if abs(_down(other, line, slope)) > LOWER * height:
        return False
    turns = _turns(pieces, line, other)
    return len(turns) > 2 and all(
        start >= before - OVER * height
        and after >= stop - OVER * height
        and (after - before) - (stop - start) < BESIDE * height
        for (_, before), (start, stop), (after, _) in zip(turns, turns[1:], turns[2:], strict=False)
    )


def _turns(pieces: Components, line: TextLine, other: TextLine) -> list[tuple[int, int]]:
    """Where each run of pieces of one of two lines starts and stops, from left to right, before
    the next is of the other."""
    members = _members(pieces, line, other)
    changes = np.flatnonzero(np.diff(np.isin(members, line.members))) + 1
    ends = (pieces.bounds_of(run) for run in np.split(members, changes))
    return [(x, x + w) for x, _, w, _ in ends]


def _members(pieces: Components, line: TextLine, other: TextLine) -> Rows:
    """Rows of the pieces of both lines, from left to right."""
    members = np.concatenate((line.members, other.members))
    return np.asarray(members[np.argsort(pieces.centres[members, 0], kind="stable")])


def _goes_on(pieces: Components, left: TextLine, right: TextLine, slope: float) -> bool:
    """Whether `right` stands where the next characters of `left` would."""
    if max(left.height, right.height) > TWICE * min(left.height, right.height):
        return False
    height = min(left.height, right.height)
    if abs(_down(left, right, slope)) >= NEAR * height:
        return False
    gap = _ends(pieces, right)[0] - _ends(pieces, left)[1]
    return -OVER * height < gap < REACH * height


def _ends(pieces: Components, line: TextLine) -> tuple[int, int]:
    """x of the left and right edges of `line`."""
    x, _, w, _ = pieces.bounds_of(line.members)
    return x, x + w


def _down(first: TextLine, other: TextLine, slope: float) -> float:
    """How far `other` is below `first`, in pixels, on a page whose lines have that slope."""
    return other.y - first.y - slope * (other.x - first.x)


def _in_reading_order(pieces: Components, lines: list[TextLine]) -> tuple[TextLine, ...]:
    """Top to bottom; lines side by side on one level from left to right.

    Levels follow the slope that most characters on the page share.
    """
    slope = _common_slope(lines)
    rest = sorted(lines, key=lambda line: line.y - slope * line.x)
    ordered: list[TextLine] = []
    while rest:
        level = _level_of(pieces, rest, slope)
        ordered += sorted(level, key=lambda line: line.x)
        rest = [line for line in rest if all(line is not other for other in level)]
    return tuple(ordered)


def _level_of(pieces: Components, lines: list[TextLine], slope: float) -> list[TextLine]:
    """The first of `lines`, those on one level with it, and those that stand right beside these."""
    first, *others = lines
    level = [first, *(line for line in others if _same_level(first, line, slope))]
    beside = [
        line
        for line in others
        if all(line is not one for one in level)
        and any(_side_by_side(pieces, one, line, slope) for one in level)
    ]
    return level + beside


def _common_slope(lines: list[TextLine]) -> float:
    slopes = [line.slope for line in lines for _ in line.members if len(line.members) > 2]
    return float(np.median(slopes)) if slopes else 0.0


def _same_level(first: TextLine, other: TextLine, slope: float) -> bool:
    return abs(_down(first, other, slope)) < 0.5 * max(first.height, other.height)


def _side_by_side(pieces: Components, first: TextLine, other: TextLine, slope: float) -> bool:
    """Whether two lines are parts of one that dances: rows of writing are further apart."""
    height = min(first.height, other.height)
    if max(first.height, other.height) > TWICE * height:
        return False
    if min(abs(_down(first, other, slope)), abs(other.y - first.y)) >= DANCING * height:
        return False
    left, right = sorted((_ends(pieces, first), _ends(pieces, other)))
    return 0 <= right[0] - left[1] < BESIDE * height
