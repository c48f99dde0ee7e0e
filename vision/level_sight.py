# SPDX-License-Identifier: Apache-2.0
"""A second look at writing that runs aslant: digits are told best where they stand upright."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.classify import Model
from vision.detect import Detected
from vision.finder import with_digits
from vision.orient import levelled, placed, square
from vision.page import Page

Soft = NDArray[np.float32]


def seen_level(page: Page, angle_deg: float, model: Model) -> Page:
    """`page` as the finder sees it when it is turned so that what runs at `angle_deg` is level;
    unchanged if it sees less."""
    turned, back = levelled(replace(page, digits=None, printed=None), angle_deg)
    seen = with_digits(turned, model)
    before, after = page.detected, seen.detected
    if before is None or after is None or _surely(after) <= _surely(before):
        return page

    detected = replace(after, boxes=_moved(after.boxes, square(back)))
    size = page.contrast.shape[::-1]
    digits, printed, sharp = (
        None if marks is None else np.asarray(cv2.warpAffine(marks, back, size), np.uint8)
        for marks in (seen.digits, seen.printed, seen.sharp)
    )
    return replace(page, detected=detected, digits=digits, printed=printed, sharp=sharp)


def _moved(boxes: Soft, back: NDArray[np.float64]) -> Soft:
    """`boxes` float32 [N, 4] (x, y, w, h) of the levelled page where `back` (3x3) leads: digits
    keep their sizes, which change places when they lie on their sides."""
    to_level = np.asarray(np.linalg.inv(back), np.float64)
    x, y, wide, high = placed(boxes.astype(np.float64), to_level).T
    return np.stack((x - wide / 2, y - high / 2, wide, high), axis=1).astype(np.float32)


def _surely(found: Detected) -> float:
    return float(found.scores[found.certain].sum())
