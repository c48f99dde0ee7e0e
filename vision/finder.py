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

from vision.classify import Model, giving_back
from vision.components import find_components
from vision.page import Page

Soft = NDArray[np.float32]

STEP = 32  # the network halves its input this far: sides are filled up to a multiple
SIZES = (1.0, 0.5, 0.25)  # of the page, at which it is looked at
SMOOTH = 0.75  # pixels of the network's grid: neighbours decide together, no stroke is cut
PLAIN = 0.3  # probability of any ink at which a pixel is worth a verdict
LARGE_PX = 12  # on the network's grid: smaller marks seen from afar are blots


class Mark(IntEnum):
    """What a pixel shows; the classes of `finder.onnx`, in its order."""

    NOTHING = 0
    HANDWRITTEN = 1
    PRINTED = 2
    OTHER = 3


def with_digits(page: Page, model: Model) -> Page:
    """`page` with the place of its digits, and of those that are printed.

    The page is shown to the network at several sizes, for a digit that fills it is best seen from
    afar. A digit needs to be seen at one of them only: to lose one is worse than to try a word.
    """
    if model.finder is None:
        return page
    half = (page.contrast.shape[1] + 1) // 2, (page.contrast.shape[0] + 1) // 2
    digits, printed = np.zeros((2, *half[::-1]), np.float32)
    for part in SIZES:
        sight = _looked_at(_sized(page.contrast, part), model.finder)
        for best, share in zip((digits, printed), _shares(sight, part), strict=True):
            np.maximum(best, cv2.resize(share, half), out=best)
    size = page.contrast.shape[::-1]
    full = [np.asarray(cv2.resize(best, size), np.float32) for best in (digits, printed)]
    return replace(page, digits=full[0], printed=full[1])


def _sized(contrast: Soft, part: float) -> Soft:
    if part == 1:
        return contrast
    height, width = contrast.shape
    size = max(round(width * part), 1), max(round(height * part), 1)
    return np.asarray(cv2.resize(contrast, size, interpolation=cv2.INTER_AREA), np.float32)


def _looked_at(contrast: Soft, finder: ort.InferenceSession) -> Soft:
    """Probability of each `Mark`, float32 [4,h,w] at half the size of `contrast`.

    The network takes "contrast" float32 [1,1,H,W], H and W multiples of 32, and gives "logits"
    float32 [1,4,H/2,W/2].
    """
    height, width = contrast.shape
    bottom, right = -height % STEP, -width % STEP
    filled = np.asarray(cv2.copyMakeBorder(contrast, 0, bottom, 0, right, cv2.BORDER_CONSTANT))
    found = finder.run(None, {"contrast": filled[None, None]}, giving_back())
    logits = np.asarray(found[0][0], np.float32)
    seen = logits[:, : (height + 1) // 2, : (width + 1) // 2]
    raised = np.exp(seen - seen.max(axis=0))
    return np.asarray(raised / raised.sum(axis=0), np.float32)


def _shares(sight: Soft, part: float) -> tuple[Soft, Soft]:
    """How much of the ink around each pixel is a digit's, and a printed one's.

    From afar only what is large enough to be told there counts.
    """
    digit, printed = sight[Mark.HANDWRITTEN] + sight[Mark.PRINTED], sight[Mark.PRINTED]
    if part < 1:
        large = _large(digit > PLAIN)
        digit, printed = digit * large, printed * large
    ink = np.maximum(_smooth(1 - sight[Mark.NOTHING]), PLAIN)
    return np.asarray(_smooth(digit) / ink), np.asarray(_smooth(printed) / ink)


def _smooth(p: Soft) -> Soft:
    return np.asarray(cv2.GaussianBlur(p, (0, 0), SMOOTH), np.float32)


def _large(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 where `mask` holds pieces at least `LARGE_PX` high or wide, else 0."""
    pieces = find_components(mask.astype(np.uint8))
    large = np.maximum(pieces.widths, pieces.heights) >= LARGE_PX
    return pieces.mask_of(large).astype(np.float32)
