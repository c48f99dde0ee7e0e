# SPDX-License-Identifier: Apache-2.0
"""Where digits may begin and end: a strip becomes a row of pieces, and runs of pieces hypotheses.

Connected pieces that are too wide for one digit are cut along the paths of least ink; the pieces
are then offered singly and joined with their neighbours. Nothing is decided here: the classifier
weighs every hypothesis and `decode` finds the best way through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Components, find_components
from vision.glyph import to_glyph
from vision.reading import Box
from vision.strip import CHARACTER_PX, Strip

Soft = NDArray[np.float32]
Labels = NDArray[np.int32]

EDGE = 0.5  # soft ink above this is inside a stroke
SPECK_PX = 3  # lower and narrower pieces are dropped: dust, not even a dot
CUTTABLE = 0.55  # pieces wider than this many characters may hold two digits
NARROWEST = 0.22  # of a character: two cuts are at least this far apart
CUT_EVERY = 0.4  # of a character: how many cuts a piece of some width gets at most
WIDEST = 1.5  # of a character: no digit is wider
MOST_JOINED = 5  # pieces in one digit: broken strokes, a detached bar
SIDEWAYS = 0.12  # ink that a cut would rather cross than bend by one more pixel
DEAREST_CUT = 14.0  # ink crossed, in pixels of the strip: more is no gap between digits


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of ink: its label, its box in the strip, and what its cutting took.

    `cut` is the ink crossed, in pixels, to part it from its left neighbour: 0 if it stood apart.
    """

    label: int
    box: Box
    cut: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Pieces `start` up to, not including, `stop`, taken for one digit."""

    start: int
    stop: int
    box: Box
    gap: float  # widest empty space between its pieces, in characters
    cut: float  # ink crossed at both its ends, in characters


@dataclass(frozen=True, slots=True)
class Lattice:
    """All readings of a strip: `pieces` from left to right, `hypotheses` over runs of them.

    `glyphs` is float32 [N,28,28], one a hypothesis; `labels` (int32, the strip's size, 0 paper)
    tells which piece a pixel belongs to.
    """

    pieces: tuple[Piece, ...]
    hypotheses: tuple[Hypothesis, ...]
    glyphs: Soft
    labels: Labels


def segment(strip: Strip) -> Lattice:
    """The lattice of `strip`."""
    labels, pieces = _pieces(strip.ink)
    hypotheses = tuple(_hypotheses(pieces))
    glyphs = [_glyph(strip.ink, labels, hypothesis) for hypothesis in hypotheses]
    stacked = np.stack(glyphs) if glyphs else np.zeros((0, 28, 28), np.float32)
    return Lattice(pieces, hypotheses, stacked, labels)


def _pieces(ink: Soft) -> tuple[Labels, tuple[Piece, ...]]:
    """The pieces by the middle of their boxes, and labels: 1 for the first, 0 for paper."""
    whole = find_components((ink > EDGE).astype(np.uint8))
    labels = whole.labels.copy()
    windows = [Box(*box) for box in whole.boxes.tolist()]
    cuts = [0.0] * len(windows)
    for row in range(len(whole.areas)):
        if _wide(whole, row):
            cuts += _cut(ink, labels, row + 1, windows[row], len(cuts))
            windows += [windows[row]] * (len(cuts) - len(windows))
    found = [
        _piece(labels, label, cut, window)
        for label, (cut, window) in enumerate(zip(cuts, windows, strict=True), 1)
    ]
    pieces = [piece for piece in found if piece is not None]
    pieces.sort(key=lambda piece: piece.box.x + piece.box.w / 2)
    order = np.zeros(len(cuts) + 1, np.int32)  # specks become paper
    order[[piece.label for piece in pieces]] = np.arange(1, len(pieces) + 1)
    ordered = (replace(piece, label=place) for place, piece in enumerate(pieces, 1))
    return order[labels], tuple(ordered)


def _wide(whole: Components, row: int) -> bool:
    return bool(whole.widths[row] > CUTTABLE * min(CHARACTER_PX, 1.4 * whole.heights[row]))


def _piece(labels: Labels, label: int, cut: float, window: Box) -> Piece | None:
    x, y, w, h = window
    mask = (labels[y : y + h, x : x + w] == label).view(np.uint8)
    bx, by, bw, bh = cv2.boundingRect(mask)
    if bw < SPECK_PX and bh < SPECK_PX:
        return None
    return Piece(label, Box(x + bx, y + by, bw, bh), cut)


def _cut(ink: Soft, labels: Labels, label: int, box: Box, highest: int) -> list[float]:
    """Gives the parts of piece `label` new labels above `highest`; the ink each cut crosses."""
    x, y, w, h = box
    window = labels[y : y + h, x : x + w]
    own = window == label
    columns = np.arange(w)
    paths = _cuts(np.where(own, ink[y : y + h, x : x + w], 0))
    for number, (path, _) in enumerate(paths, highest + 1):
        window[own & (columns[None] >= path[:, None])] = number
    return [crossed for _, crossed in paths]


def _cuts(ink: Soft) -> list[tuple[NDArray[np.intp], float]]:
    """Paths (column of each row) of least ink, left to right, and the ink each crosses."""
    cost, came = _cheapest_paths(ink)
    near = max(1, round(NARROWEST * CHARACTER_PX))
    most = max(1, int(len(cost) / (CUT_EVERY * CHARACTER_PX)))
    chosen: list[int] = []
    for column in np.argsort(cost, kind="stable"):
        if cost[column] > DEAREST_CUT or len(chosen) == most:
            break
        inside = near <= column < len(cost) - near
        if inside and all(abs(column - other) >= near for other in chosen):
            chosen.append(int(column))
    return [(_trace(came, column), float(cost[column])) for column in sorted(chosen)]


def _cheapest_paths(ink: Soft) -> tuple[Soft, NDArray[np.int8]]:
    """Ink crossed by the best path ending at each column of the last row, and the steps taken."""
    height, width = ink.shape
    came = np.zeros((height, width), np.int8)
    walled = np.full(width + 2, np.inf, np.float32)
    cost = walled[1:-1]
    cost[:] = ink[0]
    for row in range(1, height):
        left, right = walled[:-2], walled[2:]
        beside = np.minimum(left, right) + SIDEWAYS
        bent = beside < cost
        came[row] = bent * (np.int8(1) - 2 * (left <= right))
        cost[:] = np.where(bent, beside, cost) + ink[row]
    return cost.copy(), came


def _trace(came: NDArray[np.int8], column: int) -> NDArray[np.intp]:
    path = np.empty(len(came), np.intp)
    for row in range(len(came) - 1, -1, -1):
        path[row] = column
        column += int(came[row, column])
    return path


def _hypotheses(pieces: tuple[Piece, ...]) -> list[Hypothesis]:
    found = []
    for start in range(len(pieces)):
        for stop in range(start + 1, min(start + MOST_JOINED, len(pieces)) + 1):
            run = [piece.box for piece in pieces[start:stop]]
            box = _around(run)
            if stop > start + 1 and box.w > WIDEST * CHARACTER_PX:
                continue
            after = pieces[stop].cut if stop < len(pieces) else 0.0
            cut = (pieces[start].cut + after) / CHARACTER_PX
            found.append(Hypothesis(start, stop, box, _widest_gap(run), cut))
    return found


def _around(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.w for box in boxes)
    bottom = max(box.y + box.h for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _widest_gap(boxes: list[Box]) -> float:
    reached, widest = boxes[0].x + boxes[0].w, 0
    for box in sorted(boxes)[1:]:
        widest = max(widest, box.x - reached)
        reached = max(reached, box.x + box.w)
    return widest / CHARACTER_PX


def _glyph(ink: Soft, labels: Labels, hypothesis: Hypothesis) -> Soft:
    x, y, w, h = hypothesis.box
    window = labels[y : y + h, x : x + w]
    mine = (window > hypothesis.start) & (window <= hypothesis.stop)
    return to_glyph(ink[y : y + h, x : x + w] * mine)
