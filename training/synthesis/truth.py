# SPDX-License-Identifier: Apache-2.0
"""What each pixel of a photo shows, as the `Mark` that the finder shall see there.

Paper, desk, hands and shadows are nothing; words, signs, rules and boxes are other ink.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.line import Written
from training.synthesis.pen import Ink
from vision.finder import Mark

Classes = NDArray[np.uint8]  # [H, W] of `Mark`

EDGE = 0.3  # ink fainter than this is the soft edge of a stroke, and shows nothing


def classes_of(written: Written, printed: bool) -> Classes:
    """The line's ink, each pixel by the character that owns it."""
    digit = Mark.PRINTED if printed else Mark.HANDWRITTEN
    kinds = [digit if c.value in "0123456789" else Mark.OTHER for c in written.characters]
    by_owner = np.array([Mark.NOTHING, *kinds], np.uint8)
    return np.where(written.ink > EDGE, by_owner[written.owner], np.uint8(Mark.NOTHING))


def other_ink(ink: Ink) -> Classes:
    """All of it ink that is no digit; what is faded counts by its own darkness."""
    return np.asarray(
        (ink > EDGE * max(float(ink.max(initial=0)), 0.1)) * np.uint8(Mark.OTHER), np.uint8
    )


def mark(classes: Classes, found: Classes, x: int, y: int) -> None:
    """Writes `found` with its top left at (x, y), in place. A stroke that crosses other ink is the
    digit's; other ink fills only what is free."""
    top, left = max(y, 0), max(x, 0)
    bottom, right = (
        min(y + found.shape[0], classes.shape[0]),
        min(x + found.shape[1], classes.shape[1]),
    )
    if bottom <= top or right <= left:
        return
    part = classes[top:bottom, left:right]
    new = found[top - y : bottom - y, left - x : right - x]
    wins = (new > 0) & ((new != Mark.OTHER) | (part == Mark.NOTHING))
    np.copyto(part, new, where=wins)


def warped(classes: Classes, transform: NDArray[np.float64], size: tuple[int, int]) -> Classes:
    """The page's classes as the photo of `size` (width, height) shows them."""
    seen = cv2.warpPerspective(
        classes, transform, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.uint8)


def shrunk(classes: Classes, size: tuple[int, int]) -> Classes:
    """The classes of a photo made smaller."""
    return np.asarray(cv2.resize(classes, size, interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)
