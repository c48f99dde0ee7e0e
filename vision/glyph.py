# SPDX-License-Identifier: Apache-2.0
"""One character's ink as the classifier wants it: the MNIST recipe, in one place.

Training and serving both normalise through `to_glyph`; a second copy of this recipe would be a
silent loss of accuracy.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]

GLYPH_SIZE = 28
FIT_SIZE = 20  # MNIST: ink fitted into 20x20, its centre of mass in the middle of 28x28
VISIBLE = 0.2  # fainter ink than this does not count towards the bounding box
FAINTEST_PEAK = 0.3  # strokes thinner than a pixel are lifted to full ink, noise is not


def to_glyph(ink: Ink) -> Ink:
    """The character in `ink` (float32 HxW, 0 paper to 1 ink, any size) as float32 28x28, 0..1.

    Crops to the visible ink, fits it into 20x20 keeping its shape, lifts faint strokes to full
    ink, and puts the centre of mass in the middle. Without visible ink the glyph is empty.
    """
    glyph = np.zeros((GLYPH_SIZE, GLYPH_SIZE), np.float32)
    cropped = _crop_to_visible(ink)
    if cropped is None:
        return glyph
    fitted = _lift(_fit(cropped))
    top, left = _place(fitted)
    glyph[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return glyph


def _crop_to_visible(ink: Ink) -> Ink | None:
    x, y, width, height = cv2.boundingRect((ink > VISIBLE).view(np.uint8))
    return ink[y : y + height, x : x + width] if width else None


def _fit(ink: Ink) -> Ink:
    scale = FIT_SIZE / max(ink.shape)
    height = max(1, round(ink.shape[0] * scale))
    width = max(1, round(ink.shape[1] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(ink, (width, height), interpolation=method)
    return np.asarray(resized, np.float32).reshape(height, width)


def _lift(ink: Ink) -> Ink:
    lifted: Ink = np.minimum(ink / np.float32(max(float(ink.max()), FAINTEST_PEAK)), np.float32(1))
    return lifted


def _place(ink: Ink) -> tuple[int, int]:
    """Top and left of `ink` in the glyph so that its centre of mass is in the middle."""
    moments = cv2.moments(ink)
    mass = max(moments["m00"], 1e-6)
    middle = (GLYPH_SIZE - 1) / 2
    down, right = middle - moments["m01"] / mass, middle - moments["m10"] / mass
    height, width = ink.shape
    return _within(round(down), height), _within(round(right), width)


def _within(start: int, length: int) -> int:
    return min(max(start, 0), GLYPH_SIZE - length)
