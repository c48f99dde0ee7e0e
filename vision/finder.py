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
from vision.detect import Detected, detected
from vision.page import Page

Soft = NDArray[np.float32]

STEP = 32  # the network halves its input this far: sides are filled up to a multiple
FROM_AFAR = (0.5, 0.25)  # of its size: the page is looked at small first, which costs least
NEAR_BY_PX, CLEARLY = 40.0, 0.5  # digits lower than this, or none so clear, need the page as it is
DARK, ELSEWHERE = 0.15, 0.04  # contrast of ink, and its share that may lie outside the digits
SMOOTH = 0.75  # pixels of the network's grid: neighbours decide together, no stroke is cut
PLAIN = 0.3  # probability of any ink at which a pixel is worth a verdict
RIM = 0.1  # of a digit's longer side: how far beyond its box its ink may reach
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
    shares = [
        [np.asarray(cv2.resize(share, half), np.float32) for share in _shares(one)]
        for one in sights
    ]
    digits, printed = (_full(np.maximum.reduce(kind), page) for kind in zip(*shares, strict=True))
    if found is None or model.patches is None:
        return replace(page, digits=digits, printed=printed)
    sharp = _full(_sharp(found, [digit for digit, _ in shares]), page)
    return replace(page, digits=digits, printed=printed, sharp=sharp, detected=found)


def _look_at(contrast: Soft, finder: ort.InferenceSession) -> tuple[list[Sight], Detected | None]:
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


def _nothing_else(contrast: Soft, found: Detected) -> bool:
    """Whether hardly any ink lies outside the digits: what is small is not seen from afar."""
    ink = np.where(contrast > DARK, contrast, 0)
    whole = float(ink.sum())
    for box in found.boxes:
        ink[_around(box)] = 0
    return float(ink.sum()) < ELSEWHERE * whole


def _around(box: Soft, more: float = 0.0) -> tuple[slice, slice]:
    """Rows and columns of a digit's box (x, y, w, h), of its rim, and of so many pixels `more`."""
    x, y, w, h = (float(value) for value in box)
    margin = more + RIM * max(w, h)
    left, top = max(int(x - margin), 0), max(int(y - margin), 0)
    return slice(top, int(y + h + margin) + 1), slice(left, int(x + w + margin) + 1)


def _full(values: Soft, page: Page) -> Soft:
    return np.asarray(cv2.resize(values, page.contrast.shape[::-1]), np.float32)


def _sharp(found: Detected, shares: list[Soft]) -> Soft:
    """Of `shares` (at half the page's size), in the box of each digit what was seen there best."""
    sharp = np.zeros_like(shares[0])
    for box, look in zip(found.boxes / 2, found.looks.tolist(), strict=True):
        part = _around(box, 1.0)
        np.maximum(sharp[part], shares[look][part], out=sharp[part])
    return sharp


def _sized(contrast: Soft, part: float) -> Soft:
    if part == 1:
        return contrast
    height, width = contrast.shape
    size = max(round(width * part), 1), max(round(height * part), 1)
    return np.asarray(cv2.resize(contrast, size, interpolation=cv2.INTER_AREA), np.float32)


def _sight(whole: Soft, part: float, finder: ort.InferenceSession) -> Sight:
    """What the network sees in `part` of the size of `whole`.

    It takes "contrast" float32 [1,1,H,W], H and W multiples of 32, and gives "logits" float32
    [1,4,H/2,W/2] and, unless the bundle is an old one, "spots" (see `vision.detect`).
    """
    contrast = _sized(whole, part)
    height, width = contrast.shape
    bottom, right = -height % STEP, -width % STEP
    filled = np.asarray(cv2.copyMakeBorder(contrast, 0, bottom, 0, right, cv2.BORDER_CONSTANT))
    found = finder.run(None, {"contrast": filled[None, None]}, giving_back())
    logits = np.asarray(found[0][0], np.float32)
    seen = logits[:, : (height + 1) // 2, : (width + 1) // 2]
    raised = np.exp(seen - seen.max(axis=0))
    marks = np.asarray(raised / raised.sum(axis=0), np.float32)
    return Sight(part, marks, np.asarray(found[1][0], np.float32) if len(found) > 1 else None)


def _shares(sight: Sight) -> tuple[Soft, Soft]:
    """How much of the ink around each pixel is a digit's, and a printed one's.

    From afar only what is large enough to be told there counts.
    """
    marks = sight.marks
    digit, printed = marks[Mark.HANDWRITTEN] + marks[Mark.PRINTED], marks[Mark.PRINTED]
    if sight.part < 1:
        large = _large(digit > PLAIN)
        digit, printed = digit * large, printed * large
    ink = np.maximum(_smooth(1 - marks[Mark.NOTHING]), PLAIN)
    return np.asarray(_smooth(digit) / ink), np.asarray(_smooth(printed) / ink)


def _smooth(p: Soft) -> Soft:
    return np.asarray(cv2.GaussianBlur(p, (0, 0), SMOOTH), np.float32)


def _large(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 where `mask` holds pieces at least `LARGE_PX` high or wide, else 0."""
    pieces = find_components(mask.astype(np.uint8))
    large = np.maximum(pieces.widths, pieces.heights) >= LARGE_PX
    return pieces.mask_of(large).astype(np.float32)
