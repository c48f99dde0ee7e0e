# SPDX-License-Identifier: Apache-2.0
"""From a crop, a digit with paper around it, to the ink that the serving stages make of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Components
from vision.glyph import to_glyph
from vision.ink import Ink, find_ink
from vision.page import flatten, to_unit

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]

SHAPE_PX = 40  # height of a kept shape: that of a character in `vision.strip`
WIDEST_PX = 120  # of a kept shape
MARGIN = 1 / 6  # of the crop's longer side: paper, and what stands beside the digit
REACH = 0.06  # of the crop's longer side: how far a digit's own ink may go into the margin
LEAST_PX = 8  # a crop less high or wide shows no digit
SMALL_PX = 64  # lower crops are enlarged, as the reader enlarges small photos
VISIBLE = 0.2


def decode_crop(png: bytes) -> Pixels | None:
    """Red green blue [H, W, 3]; None for what is no picture of a digit's size."""
    if not png:
        return None
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None or min(pixels.shape[:2]) < LEAST_PX:
        return None
    return np.asarray(pixels, np.uint8)


def ink_of(pixels: Pixels) -> Soft | None:
    """The digit's ink (float32, 0 to 1), cropped to it; None without any."""
    scale = max(1.0, SMALL_PX / min(pixels.shape[:2]))
    size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
    seen = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    page = flatten(seen)
    # A digit leaves no part of its crop bare, so there is no telling how rough the paper is.
    ink = find_ink(replace(page, noise=np.zeros_like(page.noise)))
    own = to_unit(ink.soft) * _own(ink)
    x, y, w, h = cv2.boundingRect((own > VISIBLE).view(np.uint8))
    return np.asarray(own[y : y + h, x : x + w]) if min(w, h) > 1 or h > LEAST_PX else None


def _own(ink: Ink) -> Soft:
    """1 where the middle digit's ink is: not the neighbours', which look in at the sides."""
    height, width = ink.soft.shape
    edge = round((MARGIN - REACH) * max(height, width))
    inner = np.zeros((height, width), np.float32)
    inner[edge : height - edge, edge : width - edge] = 1
    return np.asarray(_mostly_in(ink.pieces, inner) * inner, np.float32)


def _mostly_in(pieces: Components, inner: Soft) -> NDArray[np.uint8]:
    labels = pieces.labels.ravel()
    inside = np.bincount(labels, inner.ravel(), len(pieces.areas) + 1)[1:]
    return pieces.mask_of(inside > 0.5 * pieces.areas)


def shape_of(ink: Soft) -> Pixels:
    """The ink at `SHAPE_PX` of height, uint8 [40, w]."""
    scale = SHAPE_PX / ink.shape[0]
    width = min(max(1, round(ink.shape[1] * scale)), WIDEST_PX)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    sized = cv2.resize(ink, (width, SHAPE_PX), interpolation=method).reshape(SHAPE_PX, width)
    return np.asarray(np.round(np.clip(sized, 0, 1) * np.float32(255))).astype(np.uint8)


def glyph_of(shape: Pixels) -> Pixels:
    """What the digit CNN is shown of a shape, uint8 [28, 28]: made by the code that serves."""
    ink = np.asarray(shape / np.float32(255), np.float32)
    return np.asarray(np.round(to_glyph(ink) * np.float32(255)), np.uint8)
