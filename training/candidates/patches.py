# SPDX-License-Identifier: Apache-2.0
"""Patches of callers' digits, for the third reader: a crop shows a digit, a patch what is around.

Of a caller's page nothing is kept but crops, so others' digits stand beside each, as on a line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.patches import OFF_DEG, near
from training.snapshot.folder import Digits
from training.snapshot.shapes import SHAPE_PX
from training.synthesis.hand import Random
from vision.patch import AROUND, PATCH_PX, cut_patches

Pixels = NDArray[np.uint8]
Soft = NDArray[np.float32]
Indices = NDArray[np.int64]

BESIDE = 0.8  # share of a digit's sides at which another stands
CLOSEST, FARTHEST = 0.02, 0.6  # how far away, in heights of a digit
HIGHER = 0.1  # by how much it stands higher or lower (standard deviation)


def patches_of_crops(digits: Digits, chosen: Indices, seed: int) -> Pixels:
    """uint8 [len(chosen), 32, 32]: the crops at `chosen`, each beside others of them."""
    random = np.random.default_rng([seed, 31])
    found = np.zeros((len(chosen), PATCH_PX, PATCH_PX), np.uint8)
    for patch, row in zip(found, chosen.tolist(), strict=True):
        beside = [digits.shapes[int(i)] for i in random.choice(chosen, 2)]
        patch[:] = np.round(_patch(digits.shapes[row], beside, random) * 255)
    return found


def _patch(shape: Pixels, beside: list[Pixels], random: Random) -> Soft:
    width, longest = shape.shape[1], max(shape.shape)
    room = round(AROUND * longest)
    canvas = np.zeros((SHAPE_PX + 2 * room, width + 2 * room), np.uint8)
    gaps = random.uniform(CLOSEST, FARTHEST, 2) * SHAPE_PX
    left, right = round(room - gaps[0] - beside[0].shape[1]), round(room + width + gaps[1])
    for one, column in zip(beside, (left, right), strict=True):
        if random.random() < BESIDE:
            _put(canvas, one, room + round(random.normal(0, HIGHER) * SHAPE_PX), column)
    _put(canvas, shape, room, room)
    spot = near(room + width / 2, room + SHAPE_PX / 2, longest, random)
    return np.asarray(cut_patches([canvas], spot, float(random.normal(0, OFF_DEG)))[0])


def _put(canvas: Pixels, shape: Pixels, top: int, left: int) -> None:
    """`shape` onto `canvas`, as much of it as fits."""
    first, above = max(-left, 0), max(-top, 0)
    place = canvas[top + above : top + len(shape), left + first : left + shape.shape[1]]
    part = shape[above : above + place.shape[0], first : first + place.shape[1]]
    np.maximum(place, part, out=place)
