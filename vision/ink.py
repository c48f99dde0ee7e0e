# SPDX-License-Identifier: Apache-2.0
"""From contrast to ink: which pixels the pen touched, and how fully.

Each connected piece gets its own threshold, relative to its own darkness, so that a faint pencil
and a black marker on one page both keep their strokes whole and their gaps open.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Components, Mask, find_components
from vision.page import Page

Soft = NDArray[np.float32]

FAINTEST = 0.07  # contrast of the faintest pencil that is still read
PLAIN = 0.35  # contrast that is ink whatever the paper around: boxes and digits leave none bare
NOISES = 4.0  # ink stands out from its paper by this many times the paper's spread
WEAK_SHARE = 0.6  # pixels this much of the threshold still belong to a stroke that passes it
STROKE_SHARE = 0.42  # of a piece's darkness: the edge of a stroke
SHARP_SHARE = 0.25  # of a piece's darkness: how steeply, over 3 pixels, its edge must rise
FOREIGN, OWN = 0.2, 0.7  # share of digit in a piece that is none, and in one that is nothing else
FULL_SHARE = 0.8  # of a piece's darkness: fully ink


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of a page: `soft` float32 HxW (0 paper, 1 ink) and its connected pieces.

    `darkness` is float32 N, the contrast of each piece of `pieces`; `contrast` is the page's.
    """

    soft: Soft
    pieces: Components
    darkness: Soft
    contrast: Soft


def find_ink(page: Page) -> Ink:
    """Everything on `page` that a pen, or a printer, may have drawn."""
    needed = np.clip(page.noise * NOISES, FAINTEST, PLAIN)
    weak = find_components((page.contrast > needed * WEAK_SHARE).astype(np.uint8))
    darkness = darkness_of(weak, page.contrast)
    passes = darkness > darkness_of(weak, needed)
    level = np.concatenate(([np.inf], np.where(passes, darkness, np.inf))).astype(np.float32)
    levels = level[weak.labels]
    mask = (page.contrast > levels * STROKE_SHARE).astype(np.uint8)
    soft = np.clip(page.contrast / (levels * FULL_SHARE), 0, 1).astype(np.float32)
    if page.digits is not None:
        mask = _digits_only(mask, page.digits)
    pieces = _sharp(find_components(mask), page.contrast)
    return Ink(soft, pieces, darkness_of(pieces, page.contrast), page.contrast)


def _digits_only(mask: Mask, digits: Soft) -> Mask:
    """The ink in `mask` that is a digit's.

    A piece that is nearly all one or the other is kept or dropped whole: only where a digit
    touches other ink do its pixels decide for themselves.
    """
    pieces = find_components(mask)
    share = means_of(pieces, digits)
    split = pieces.mask_of((share > FOREIGN) & (share < OWN))
    return pieces.mask_of(share >= OWN) | (split & (digits > 0.5).astype(np.uint8))


def _sharp(pieces: Components, contrast: Soft) -> Components:
    """`pieces` without those that fade into the paper: shadows, stains, the falling light."""
    mask = (pieces.labels > 0).astype(np.uint8)
    box = np.ones((3, 3), np.uint8)
    rim = np.where(cv2.erode(mask, box) > 0, 0, pieces.labels)
    steps = np.asarray(cv2.morphologyEx(contrast, cv2.MORPH_GRADIENT, box), np.float32)
    edges = darkness_of(Components(rim, pieces.boxes, pieces.areas), steps)
    sharp = edges > SHARP_SHARE * darkness_of(pieces, contrast)
    return pieces if sharp.all() else pieces.only(sharp)


def means_of(pieces: Components, values: Soft) -> Soft:
    """Mean of `values` over each piece."""
    total = np.bincount(pieces.labels.ravel(), values.ravel(), len(pieces.areas) + 1)[1:]
    return (total / np.maximum(pieces.areas, 1)).astype(np.float32)


def darkness_of(pieces: Components, contrast: Soft) -> Soft:
    """Mean of `contrast` over each piece, the darker pixels weighing more."""
    count = len(pieces.areas) + 1
    inked = np.flatnonzero(pieces.labels)
    where = pieces.labels.ravel()[inked]
    values = contrast.ravel()[inked]
    total = np.bincount(where, weights=values, minlength=count)[1:]
    squares = np.bincount(where, weights=values * values, minlength=count)[1:]
    return (squares / np.maximum(total, 1e-9)).astype(np.float32)
