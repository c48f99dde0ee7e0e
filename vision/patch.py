# SPDX-License-Identifier: Apache-2.0
"""A digit as it stands on its page, with what is around it: grey, uncut, the right way up.

Training and serving both cut through `cut_patches`.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.page import to_unit

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Spots = NDArray[np.float32]

PATCH_PX = 32
AROUND = 1.4  # side of a patch by the longer side of its digit
FAINTEST_PEAK = 0.12  # paler ink is not lifted to full ink: it is noise
PEAK = 97  # percentile of a patch that counts as full ink


def smaller_and_smaller(contrast: Pixels) -> list[Pixels]:
    """`contrast` (0 to 255), and halves of it down to where a patch would be larger than all."""
    levels = [contrast]
    while min(levels[-1].shape) > 2 * PATCH_PX:
        height, width = levels[-1].shape
        size = (width + 1) // 2, (height + 1) // 2
        levels.append(np.asarray(cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)))
    return levels


def spots_of(boxes: Soft) -> Spots:
    """Where to cut the patches of digits in `boxes` float32 [N, 4] (x, y, w, h): float32 [N, 3]."""
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    return np.column_stack((middles, boxes[:, 2:].max(axis=1))).astype(np.float32).reshape(-1, 3)


def cut_patches(
    levels: list[Pixels],
    spots: Spots,
    angle_deg: float,
    side_px: int = PATCH_PX,
    around: float = AROUND,
) -> Soft:
    """Patches float32 [N, side_px, side_px], 0 paper to 1 ink, around `spots` float32 [N, 3]: x and
    y of the middle, and the longer side of the digit, in pixels of the first of `levels`. A patch
    shows so many times that side `around` it.

    They stand upright when the page's writing runs at `angle_deg` (y down).
    """
    turn = np.radians(angle_deg)
    found = np.zeros((len(spots), side_px, side_px), np.float32)
    for patch, (x, y, longest) in zip(found, spots.tolist(), strict=True):
        patch[:] = _lifted(_cut(levels, (x, y), around * max(longest, 1.0), turn, side_px))
    return found


def _cut(
    levels: list[Pixels], spot: tuple[float, float], side: float, turn: float, side_px: int
) -> Soft:
    level, (x, y) = 0, spot
    while side > 1.5 * side_px and level + 1 < len(levels):
        level, side, x, y = level + 1, side / 2, (x - 0.5) / 2, (y - 0.5) / 2
    step = side / side_px
    cos, sin = step * np.cos(turn), step * np.sin(turn)
    middle = (side_px - 1) / 2
    to_page = np.array(
        [
            [cos, -sin, x - middle * (cos - sin)],
            [sin, cos, y - middle * (sin + cos)],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(levels[level], to_page, (side_px, side_px), flags=flags)
    return to_unit(np.asarray(patch, np.uint8))


def _lifted(patch: Soft) -> Soft:
    rank = PEAK * patch.size // 100
    peak = max(float(np.partition(patch, rank, axis=None)[rank]), FAINTEST_PEAK)
    return np.asarray(np.clip(patch / peak, 0, 1), np.float32)
