# SPDX-License-Identifier: Apache-2.0
"""What each mark on a page is: a handwritten digit, a printed digit, or other ink.

A small fully convolutional network looks at the flattened page. It knows what no rule of geometry
does: that a paper's edge is no 1, that words and boxes are no digits, and who wrote by hand.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vision.classify import Model, softmax
from vision.page import Page

Soft = NDArray[np.float32]

STEP = 32  # the network halves its input this far: sides are filled up to a multiple
SIZES = (1.0, 0.5, 0.25)  # of the page, at which it is looked at
SMOOTH_PX = 1.5  # neighbours decide with a pixel, so that a stroke is not cut in its middle
PLAIN = 0.3  # probability of any ink at which a pixel is worth a verdict
BESIDE_PRINT = 0.15  # of all digits' ink: so much handwriting is what a page of print is about


class Mark(IntEnum):
    """What a pixel shows; the classes of `finder.onnx`, in its order."""

    NOTHING = 0
    HANDWRITTEN = 1
    PRINTED = 2
    OTHER = 3


def with_digits(page: Page, model: Model) -> Page:
    """`page` with the place of its digits: the handwritten ones where there are any.

    The page is shown to the network at several sizes, for a digit that fills it is best seen from
    afar. A digit needs to be seen at one of them only: to lose one is worse than to try a word.
    """
    if model.finder is None:
        return page
    sights = [_looked_at(_sized(page.contrast, part), model.finder) for part in SIZES]
    wanted = [Mark.HANDWRITTEN] if _by_hand(page, sights) else [Mark.HANDWRITTEN, Mark.PRINTED]
    best = np.zeros(page.contrast.shape, np.float32)
    for sight in sights:
        np.maximum(best, cv2.resize(_share(sight, wanted), best.shape[::-1]), out=best)
    return replace(page, digits=best)


def _sized(contrast: Soft, part: float) -> Soft:
    if part == 1:
        return contrast
    height, width = contrast.shape
    size = max(round(width * part), 1), max(round(height * part), 1)
    return np.asarray(cv2.resize(contrast, size, interpolation=cv2.INTER_AREA), np.float32)


def _looked_at(contrast: Soft, finder: ort.InferenceSession) -> Soft:
    """Probability of each `Mark`, float32 [4,h,w] at about half the size of `contrast`.

    The network takes "contrast" float32 [1,1,H,W], H and W multiples of 32, and gives "logits"
    float32 [1,4,H/2,W/2].
    """
    height, width = contrast.shape
    filled = np.pad(contrast, ((0, -height % STEP), (0, -width % STEP)))
    logits = np.asarray(finder.run(None, {"contrast": filled[None, None]})[0][0], np.float32)
    seen = logits[:, : (height + 1) // 2, : (width + 1) // 2]
    return np.moveaxis(softmax(np.moveaxis(seen, 0, -1)), -1, 0)


def _share(sight: Soft, wanted: list[Mark]) -> Soft:
    """How much of the ink around each pixel is a digit's, where there is any ink."""
    digit = cv2.GaussianBlur(sight[wanted].sum(axis=0), (0, 0), SMOOTH_PX)
    ink = cv2.GaussianBlur(1 - sight[Mark.NOTHING], (0, 0), SMOOTH_PX)
    return np.asarray(digit / np.maximum(ink, PLAIN), np.float32)


def _by_hand(page: Page, sights: list[Soft]) -> bool:
    written, printed = (
        max(float((sight[mark] * _like(page.contrast, sight)).sum()) for sight in sights)
        for mark in (Mark.HANDWRITTEN, Mark.PRINTED)
    )
    return written > BESIDE_PRINT * (written + printed)


def _like(contrast: Soft, sight: Soft) -> Soft:
    size = sight.shape[2], sight.shape[1]
    shown = cv2.resize(contrast, size, interpolation=cv2.INTER_AREA)
    return np.asarray(shown * (contrast.size / shown.size), np.float32)
