# SPDX-License-Identifier: Apache-2.0
"""The ink of detected digits that could not be told from what is around them.

Noise, a shadow or a rule that a digit touches may hide it from thresholds that hold for a whole
piece of ink. In the box of a digit that is known to stand there, what is darkest is the pen's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Mask, find_components
from vision.detect import RIM, Detected
from vision.ink import FULL_SHARE, STROKE_SHARE, Ink, darkness_of
from vision.orient import placed, square
from vision.page import FULL, Page, to_unit

Affine = NDArray[np.float64]
Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Part = tuple[slice, slice]

KEPT = 0.5  # share of a digit's darkest pixels that are ink already unless it is lost
OWN = 0.5  # of the highest share of digit in a box: pixels with less are of other ink
TURNED = 0.15  # sine of the angle from which a box tells only how large its digit is


def with_lost_ink(ink: Ink, page: Page, detected: Detected, to_page: Affine) -> Ink:
    """`ink` of `page`, and that of the `detected` digits which it lacks.

    `to_page` (2x3) maps pixels of `page` to those of the page on which they were detected.
    """
    if ink.digits is None:
        return ink
    mask = (ink.pieces.labels > 0).view(np.uint8)
    traced = [
        (part, *_stroke(page.contrast[part], ink.digits[part]))
        for part in boxes_of(detected, to_page)
    ]
    lost = [(part, stroke, v) for part, stroke, v in traced if _is_lost(stroke, mask[part])]
    if not lost:
        return ink
    soft, contrast = ink.soft.copy(), ink.contrast.copy()
    for part, stroke, values in lost:
        mask[part][stroke] = 1
        soft[part][stroke] = np.maximum(soft[part], values)[stroke]
        contrast[part][stroke] = page.contrast[part][stroke]
    pieces = find_components(mask)
    darkness = darkness_of(pieces, contrast)
    return replace(ink, soft=soft, pieces=pieces, darkness=darkness, contrast=contrast)


def boxes_of(detected: Detected, to_page: Affine) -> Iterator[Part]:
    """Rows and columns of each digit whose place is in no doubt."""
    boxes = detected.boxes[detected.certain].astype(np.float64)
    found = placed(boxes, square(to_page))
    middles, sizes = found[:, :2], found[:, 2:]
    longest = sizes.max(axis=1, keepdims=True)
    half = np.where(abs(to_page[1, 0]) > TURNED, longest, sizes) / 2 + RIM * longest
    low, high = np.maximum(middles - half, 0), np.maximum(middles + half, 0)
    for (left, top), (right, bottom) in zip(low.astype(int), high.astype(int) + 1, strict=True):
        yield slice(top, bottom), slice(left, right)


def _is_lost(stroke: Bools, mask: Mask) -> bool:
    """Whether hardly any of a digit's `stroke` is ink in its part of the `mask`."""
    return bool(np.count_nonzero(mask[stroke]) < KEPT * np.count_nonzero(stroke))


def _stroke(contrast: Pixels, digits: Pixels) -> tuple[Bools, Pixels]:
    """Which pixels of a digit's box are its stroke, and how fully (0 to 255) each is ink."""
    values = to_unit(contrast)
    own = values * (digits > OWN * digits.max(initial=0))
    darkness = _darkness(own * (own > STROKE_SHARE * _darkness(own)))
    full = np.minimum(values / max(darkness * FULL_SHARE, 1 / FULL), 1)
    return own > STROKE_SHARE * darkness, np.rint(full * FULL).astype(np.uint8)


def _darkness(values: Soft) -> float:
    """Mean of `values`, the darker weighing more; 0 without any."""
    return float((values * values).sum() / max(float(values.sum()), 1e-6))
