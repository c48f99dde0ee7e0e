# SPDX-License-Identifier: Apache-2.0
"""From contrast to ink: which pixels the pen touched, and how fully.

Each connected piece gets its own threshold, relative to its own darkness, so that a faint pencil
and a black marker on one page both keep their strokes whole and their gaps open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Components, Labels, Mask, find_components
from vision.in_line import in_line
from vision.page import FULL, Page, to_unit
from vision.paper_edge import on_edges
from vision.rings import rings
from vision.text_line import Rows

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]

FAINTEST = 0.07  # contrast of the faintest pencil that is still read
PLAIN = 0.35  # contrast that is ink whatever the paper around: boxes and digits leave none bare
NOISES = 4.0  # ink stands out from its paper by this many times the paper's spread
WEAK_SHARE = 0.6  # pixels this much of the threshold still belong to a stroke that passes it
FINER = 256  # parts of a step of contrast: thresholds are close to the faintest strokes
STROKE_SHARE = 0.42  # of a piece's darkness: the edge of a stroke
SHARP_SHARE = 0.25  # of a piece's darkness: how steeply, over 3 pixels, its edge must rise
FOREIGN, OWN = 0.25, 0.6  # share of digit in a piece that is none, and in one that is nothing else
SURELY, BROAD = 0.9, 2.0  # of a piece that is one digit: share of digit, width by height at most
STRAY = 0.03  # and in one that stands in a line of digits
SEEN = 0.5  # how surely a digit must be seen where it touches what is too faint for ink,
DARKER = 1.6  # and by how much it must be darker than ink need be
HELD, HELD_PX = 0.8, 12  # how surely, and how high, a digit must be seen within other ink
SMALLEST_PX = 8
MISSED = 3  # so many digits in a row may be misjudged
FULL_SHARE = 0.8  # of a piece's darkness: fully ink
FRAME_PX = 1  # how near the frame the edge of a paper is,
SLIM, THIN = 0.4, 0.2  # and how thick at most, by its length and by the page's side
UNLIKE = 0.1  # and by how much, at least, its darkness differs from that of the digits
RIM_PX = 7  # side of the square by which it is widened when it is erased


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of a page: `soft` uint8 HxW (0 paper, 255 ink) and its connected pieces.

    `darkness` is float32 N, the contrast (0 to 1) of each piece of `pieces`; `contrast`, `digits`
    and `printed` are the page's, without what lies along the photo's frame.
    """

    soft: Pixels
    pieces: Components
    darkness: Soft
    contrast: Pixels
    digits: Pixels | None = None
    printed: Pixels | None = None


def find_ink(page: Page) -> Ink:
    """Everything on `page` that a pen, or a printer, may have drawn."""
    mask, soft = _strokes(page)
    pieces = find_components(mask)
    darkness = darkness_of(pieces, page.contrast)
    sharp = _edges(pieces, page.contrast) > SHARP_SHARE * darkness
    erased = _along_frame(pieces)
    if page.digits is not None:
        seen = means_of(pieces, page.digits) >= OWN
        sharp |= seen
        erased &= ~(seen & _as_dark(darkness, darkness[seen & ~erased]))
        erased |= on_edges(pieces, seen, page.paper)
    contrast = _without(page.contrast, pieces, erased)
    sharp &= ~erased
    if not sharp.all():
        pieces, darkness = pieces.only(sharp), darkness[sharp]
    return Ink(soft, pieces, darkness, contrast, page.digits, page.printed)


def _strokes(page: Page) -> tuple[Mask, Pixels]:
    """The pixels of strokes (0 or 1) and how fully each is ink (0 to 255).

    Most of a page is bare, so only what may be ink is looked at.
    """
    needed = _needed(page)
    weak = page.contrast > (needed // FINER).astype(np.uint8)
    inked, levels = _levels(weak, page.contrast, needed, 1.0)
    if page.digits is not None:
        lost = np.isinf(levels) & (page.digits.ravel()[inked] > SEEN * FULL)
        if np.count_nonzero(lost) >= SMALLEST_PX**2:
            weak.ravel()[inked[~lost]] = False
            levels[lost] = _levels(weak, page.contrast, needed, DARKER)[1]
    del needed  # as large as the page: what follows needs the room
    values = to_unit(page.contrast.ravel()[inked])
    mask, soft = np.zeros(weak.shape, np.uint8), np.zeros(weak.shape, np.uint8)
    mask.ravel()[inked] = values > levels * STROKE_SHARE
    soft.ravel()[inked] = np.rint(np.minimum(values / (levels * FULL_SHARE), 1) * FULL)
    return mask, soft


def _needed(page: Page) -> NDArray[np.uint16]:
    """How dark the weakest pixel of a stroke is, in `FINER` parts of a step of `contrast`."""
    least = np.clip(np.multiply(page.noise, NOISES), FAINTEST, PLAIN)
    weakest = np.rint(least * (WEAK_SHARE * FULL * FINER)).astype(np.uint16)
    return np.asarray(cv2.resize(weakest, page.contrast.shape[::-1]), np.uint16)


def _levels(
    weak: Bools, contrast: Pixels, needed: NDArray[np.uint16], darker: float
) -> tuple[Rows, Soft]:
    """Where, in the flat page, `weak` pixels are, and how dark the piece of each is; infinitely so
    for a piece that is not `darker` than ink need be by this factor."""
    count, labels = cv2.connectedComponents(weak.view(np.uint8), connectivity=8)
    inked = np.flatnonzero(weak)
    where = np.asarray(labels, np.int32).ravel()[inked]
    values = to_unit(contrast.ravel()[inked])
    darkness = _weighted(where, values, count)
    limits = needed.ravel()[inked] * np.float32(darker / (WEAK_SHARE * FULL * FINER))
    passes = darkness > _weighted(where, limits, count)
    return inked, np.where(passes, darkness, np.inf).astype(np.float32)[where]


def turned_ink(ink: Ink, quarter_turns: int) -> Ink:
    """`ink` turned counter-clockwise by quarters: views of the same pixels, no copies."""

    def turn(values: Pixels) -> Pixels:
        return np.rot90(values, quarter_turns)

    marks = [None if values is None else turn(values) for values in (ink.digits, ink.printed)]
    pieces = ink.pieces.turned(quarter_turns)
    return Ink(turn(ink.soft), pieces, ink.darkness, turn(ink.contrast), *marks)


def keep_digits(ink: Ink) -> Ink:
    """`ink` without what is no digit's; all of it where nobody has looked.

    A piece that is nearly all one or the other is kept or dropped whole: only where a digit
    touches other ink do its pixels decide for themselves. Of a piece that is mostly something
    else, a table or a finger, only what is as large as a digit is one.
    """
    if ink.digits is None:
        return ink
    share = means_of(ink.pieces, ink.digits)
    whole = share >= OWN
    for _ in range(MISSED):
        whole |= in_line(ink.pieces, ink.darkness, whole) & (share > STRAY)
    bare = ~rings(ink.pieces, whole)
    own = ink.pieces.mask_of(whole & bare)
    seen = (ink.digits > SEEN * FULL).view(np.uint8)
    foreign = ink.pieces.mask_of((share <= FOREIGN) & ~(whole & bare))
    foreign &= seen
    seen &= ink.pieces.mask_of((share > FOREIGN) & ~whole & bare)
    own |= seen
    own |= _held(foreign, ink.digits)
    pieces = find_components(own)
    return replace(ink, pieces=pieces, darkness=darkness_of(pieces, ink.contrast))


def single_digits(ink: Ink) -> Bools:
    """Which pieces are surely one digit, or stand in line with such; none where nobody has looked.

    A rule may be full of digits, but then it is far broader than it is high.
    """
    if ink.digits is None:
        return np.zeros(len(ink.pieces.areas), bool)
    one = ink.pieces.widths < BROAD * ink.pieces.heights
    share = means_of(ink.pieces, ink.digits)
    sure = one & (share > SURELY)
    return np.asarray(sure | (in_line(ink.pieces, ink.darkness, sure) & one & (share > FOREIGN)))


def _held(mask: Mask, digits: Pixels) -> Mask:
    """What of `mask` is surely a digit that touches something larger."""
    parts = find_components(mask)
    large = (parts.heights >= HELD_PX) & (parts.widths < 2 * parts.heights)
    return parts.mask_of(large & (means_of(parts, digits) > HELD))


def _edges(pieces: Components, contrast: Pixels) -> Soft:
    """How steeply the rim of each piece rises: shadows, stains and falling light fade instead."""
    mask = (pieces.labels > 0).view(np.uint8)
    box = np.ones((3, 3), np.uint8)
    rim = np.flatnonzero(mask - cv2.erode(mask, box))
    steps = np.asarray(cv2.morphologyEx(contrast, cv2.MORPH_GRADIENT, box), np.uint8)
    where = pieces.labels.ravel()[rim]
    return _weighted(where, to_unit(steps.ravel()[rim]), len(pieces.areas) + 1)[1:]


def _along_frame(pieces: Components) -> Bools:
    """Slim pieces that lie along the photo's frame: the paper's edge, or a sliver of a digit."""
    height, width = pieces.labels.shape
    x, y, w, h = pieces.boxes.T
    beside = (x <= FRAME_PX) | (x + w >= width - FRAME_PX)
    above = (y <= FRAME_PX) | (y + h >= height - FRAME_PX)
    slim = (beside & (w < SLIM * h)) | (above & (h < SLIM * w))
    return np.asarray(slim & (np.minimum(w, h) < THIN * max(height, width)))


def _as_dark(darkness: Soft, digits: Soft) -> Bools:
    """Which pieces are about as dark as the `digits`: a 1 is, the edge of a paper hardly ever."""
    if not digits.size:
        return np.zeros(len(darkness), bool)
    return np.asarray(np.abs(darkness / np.median(digits) - 1) < UNLIKE)


def _without(contrast: Pixels, pieces: Components, erased: Bools) -> Pixels:
    """`contrast` with bare paper where the `erased` pieces and their blurred rims are."""
    if not erased.any():
        return contrast
    around = cv2.dilate(pieces.mask_of(erased), np.ones((RIM_PX, RIM_PX), np.uint8))
    return np.asarray(contrast * (1 - around), np.uint8)


def means_of(pieces: Components, values: Pixels) -> Soft:
    """Mean (0 to 1) of `values` (0 to 255) over each piece."""
    places, where = pieces.inked
    total = np.bincount(where, values.ravel()[places], len(pieces.areas) + 1)[1:]
    return np.asarray(total / (FULL * np.maximum(pieces.areas, 1)), np.float32)


def darkness_of(pieces: Components, contrast: Pixels) -> Soft:
    """Mean (0 to 1) of `contrast` over each piece, the darker pixels weighing more."""
    places, where = pieces.inked
    return _weighted(where, to_unit(contrast.ravel()[places]), len(pieces.areas) + 1)[1:]


def _weighted(where: Labels, values: Soft, count: int) -> Soft:
    """Mean of `values` by label, each value weighing as much as it is large; 0 for no values."""
    total = np.bincount(where, weights=values, minlength=count)
    squares = np.bincount(where, weights=values * values, minlength=count)
    return (squares / np.maximum(total, 1e-9)).astype(np.float32)
