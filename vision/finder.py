# SPDX-License-Identifier: Apache-2.0
"""What each mark on a page is: a handwritten digit, a printed digit, or other ink.

A small fully convolutional network looks at the flattened page. It knows what no rule of geometry
does: that a paper's edge is no 1, that words and boxes are no digits, and who wrote by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vision.classify import Model, giving_back
from vision.components import find_components
from vision.detect import RIM, Detected, around, detected
from vision.page import FULL, Page, to_unit

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]

# A page of more pixels is looked at in bands, with so many rows around each: it bounds the memory.
MOST_PIXELS, IN_VIEW = 700_000, 96
STEP = 32  # the network halves its input this far: sides are filled up to a multiple
FROM_AFAR = (0.5, 0.25)  # of its size: the page is looked at small first, which costs least
NEAR_BY_PX, CLEARLY = 40.0, 0.5  # digits lower than this, or none so clear, need the page as it is
DARK, ELSEWHERE = 0.15, 0.04  # contrast of ink, and its share that may lie outside the digits
SMOOTH = 0.75  # pixels of the network's grid: neighbours decide together, no stroke is cut
PLAIN = 0.3  # probability of any ink at which a pixel is worth a verdict
LARGE_PX = 12  # on the network's grid: smaller marks seen from afar are blots


class Mark(IntEnum):
    """What a pixel shows; the classes of `finder.onnx`, in its order."""

    NOTHING = 0
    HANDWRITTEN = 1
    PRINTED = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Sight:
    """The page as the network saw it when it was made `part` times as large.

    `marks`: probability of each `Mark`, float32 [4,h,w] at half that size; `spots` as in
    `vision.detect`, None from a bundle without them.
    """

    part: float
    marks: Soft
    spots: Soft | None


def with_digits(page: Page, model: Model) -> Page:
    """`page` with the place of its digits, and of those that are printed.

    The page is shown to the network at several sizes, for a digit that fills it is best seen from
    afar. A digit needs to be seen at one of them only: to lose one is worse than to try a word.
    """
    if model.finder is None:
        return page
    sights, found = _look_at(page.contrast, model.finder)
    half = (page.contrast.shape[1] + 1) // 2, (page.contrast.shape[0] + 1) // 2
    seen = [shares_of(one) for one in sights]
    shares = [[np.asarray(cv2.resize(share, half), np.uint8) for share in one] for one in seen]
    kinds = [np.maximum.reduce(kind) for kind in zip(*(one[:2] for one in shares), strict=True)]
    digits, printed = (_full(kind, page) for kind in kinds)
    if found is None or model.patches is None:
        return replace(page, digits=digits, printed=printed)
    sharp = _full(_sharp(found, [digit for _, _, digit in shares]), page)
    return replace(page, digits=digits, printed=printed, sharp=sharp, detected=found)


def _look_at(contrast: Pixels, finder: ort.InferenceSession) -> tuple[list[Sight], Detected | None]:
    """Looks at the page from afar, and from near by unless all its digits are large."""
    sights = [_sight(contrast, part, finder) for part in FROM_AFAR]
    found = _digits_in(sights)
    if found is None or not (_all_large(found) and _nothing_else(contrast, found)):
        sights.append(_sight(contrast, 1.0, finder))
        found = _digits_in(sights)
    return sights, found


def _digits_in(sights: list[Sight]) -> Detected | None:
    looks = [(one.spots, one.part) for one in sights if one.spots is not None]
    return detected(looks) if looks else None


def _all_large(found: Detected) -> bool:
    """Whether there are digits, and none is so small that it must be looked at from near by."""
    sizes = found.boxes[:, 2:].max(axis=1)
    return bool(len(sizes) and found.scores[0] > CLEARLY and sizes.min() >= NEAR_BY_PX)


def _nothing_else(contrast: Pixels, found: Detected) -> bool:
    """Whether hardly any ink lies outside the digits: what is small is not seen from afar."""
    ink = np.where(contrast > DARK * FULL, contrast, 0)
    whole = float(ink.sum())
    for box in found.boxes:
        ink[around(box, RIM)] = 0
    return float(ink.sum()) < ELSEWHERE * whole


def _full(values: Pixels, page: Page) -> Pixels:
    return np.asarray(cv2.resize(values, page.contrast.shape[::-1]), np.uint8)


def _sharp(found: Detected, shares: list[Pixels]) -> Pixels:
    """Of `shares` (at half the page's size), in the box of each digit what was seen there best."""
    sharp = np.zeros_like(shares[0])
    for box, look in zip(found.boxes / 2, found.looks.tolist(), strict=True):
        part = around(box, RIM, 1.0)
        np.maximum(sharp[part], shares[look][part], out=sharp[part])
    return sharp


def _sized(contrast: Pixels, part: float) -> Pixels:
    if part == 1:
        return contrast
    height, width = contrast.shape
    size = max(round(width * part), 1), max(round(height * part), 1)
    return np.asarray(cv2.resize(contrast, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sight(whole: Pixels, part: float, finder: ort.InferenceSession) -> Sight:
    """What the network sees in `part` of the size of `whole`, band by band."""
    contrast = _sized(whole, part)
    height, width = contrast.shape
    seen = [_band(contrast, rows, finder) for rows in _bands(height, width)]
    marks = np.concatenate([marks for marks, _ in seen], axis=1)
    spots = [spots for _, spots in seen if spots is not None]
    marks = marks[:, : (height + 1) // 2, : (width + 1) // 2]
    return Sight(part, marks, np.concatenate(spots, axis=1) if spots else None)


def _bands(height: int, width: int) -> list[tuple[int, int]]:
    """First row and the one behind the last, in multiples of `STEP`, of each band of a page."""
    rows = max(STEP, MOST_PIXELS // width // STEP * STEP)
    return [(top, min(top + rows, height + -height % STEP)) for top in range(0, height, rows)]


def _band(
    contrast: Pixels, rows: tuple[int, int], finder: ort.InferenceSession
) -> tuple[Soft, Soft | None]:
    """Probabilities of the marks, and the spots, in these rows, with what is around them in view.

    The network takes "contrast" float32 [1,1,H,W], H and W multiples of 32, and gives "logits"
    float32 [1,4,H/2,W/2] and, unless the bundle is an old one, "spots" (see `vision.detect`).
    """
    top, bottom = max(rows[0] - IN_VIEW, 0), rows[1] + IN_VIEW
    part = to_unit(contrast[top:bottom])
    beyond = (0, -part.shape[0] % STEP, 0, -part.shape[1] % STEP)
    filled = np.asarray(cv2.copyMakeBorder(part, *beyond, cv2.BORDER_CONSTANT))
    found = finder.run(None, {"contrast": filled[None, None]}, giving_back())
    logits = np.asarray(found[0][0, :, (rows[0] - top) // 2 : (rows[1] - top) // 2], np.float32)
    raised = np.exp(logits - logits.max(axis=0))
    marks = np.asarray(raised / raised.sum(axis=0), np.float32)
    if len(found) == 1:
        return marks, None
    return marks, np.asarray(found[1][0, :, (rows[0] - top) // 4 : (rows[1] - top) // 4])


def shares_of(sight: Sight) -> tuple[Pixels, Pixels, Pixels]:
    """How much (0 to 255) of the ink around each pixel is a digit's, and a printed one's; and the
    first once more, however small the digit.

    From afar only what is large enough to be told there counts, unless it was detected.
    """
    marks = sight.marks
    digit, printed = marks[Mark.HANDWRITTEN] + marks[Mark.PRINTED], marks[Mark.PRINTED]
    ink = np.maximum(_smooth(1 - marks[Mark.NOTHING]), PLAIN)
    any_size = _of(ink, digit)
    if sight.part == 1:
        return any_size, _of(ink, printed), any_size
    large = _large(digit > PLAIN)
    return _of(ink, digit * large), _of(ink, printed * large), any_size


def _of(ink: Soft, kind: Soft) -> Pixels:
    """How much of the smooth `ink` is of a `kind`, 0 to 255."""
    return np.asarray(cv2.convertScaleAbs(_smooth(kind) / ink, alpha=FULL), np.uint8)


def _smooth(p: Soft) -> Soft:
    return np.asarray(cv2.GaussianBlur(p, (0, 0), SMOOTH), np.float32)


def _large(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 where `mask` holds pieces at least `LARGE_PX` high or wide, else 0."""
    pieces = find_components(mask.astype(np.uint8))
    large = np.maximum(pieces.widths, pieces.heights) >= LARGE_PX
    return pieces.mask_of(large).astype(np.float32)
