# SPDX-License-Identifier: Apache-2.0
"""The sheet on a desk: where its edges are, and its spiral binding."""

from __future__ import annotations

import cv2
import numpy as np

from training.synthesis.hand import Random
from training.synthesis.paper import Picture
from training.synthesis.surroundings import Mask
from training.synthesis.truth import Classes
from vision.finder import Mark

Box = tuple[int, int, int, int]  # left, top, right, bottom

BARE_PX = 25  # of paper around the digits, at least
BOUND_PX = 60  # and on the side of a binding


def draw_sheet(bounds: Box, size: tuple[int, int], random: Random, *, bound: bool) -> Box:
    """Somewhat smaller than the page of `size` (width, height), or a note not much larger than its
    digits; never less than those. `bound`: leaves room for a binding above."""
    width, height = size
    if random.random() < 0.35:
        around = random.uniform(BARE_PX, 0.2 * min(size), 4)
        left, top, right, bottom = np.array(bounds) + around * [-1, -1, 1, 1]
    else:
        inset = random.uniform(0.0, 0.12, 4) * [width, height, width, height]
        left, top = min(inset[0], bounds[0] - BARE_PX), min(inset[1], bounds[1] - BARE_PX)
        right = max(width - inset[2], bounds[2] + BARE_PX)
        bottom = max(height - inset[3], bounds[3] + BARE_PX)
    if bound:
        top = min(top, bounds[1] - BOUND_PX)
    return int(left), int(top), int(right), int(bottom)


def mask_of(sheet: Box, size: tuple[int, int]) -> Mask:
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.rectangle(mask, sheet[:2], sheet[2:], 255, -1)
    return mask


def bind(page: Picture, mask: Mask, classes: Classes, sheet: Box, random: Random) -> None:
    """Holes along the sheet's upper edge and wires through them, in place: the wires stand out
    over the edge, so they widen `mask`, which says where the sheet is."""
    pitch = random.uniform(14, 40)
    radius, lift = max(2, round(0.16 * pitch)), random.uniform(0.3, 0.9) * pitch
    thickness = max(1, round(random.uniform(0.06, 0.16) * pitch))
    wire = np.zeros_like(mask)
    lean = random.normal(0, 0.15) * pitch
    for x in np.arange(sheet[0] + pitch, sheet[2] - 0.5 * pitch, pitch):
        hole = int(x), int(sheet[1] + 0.45 * pitch)
        cv2.circle(page, hole, radius, (0.12, 0.12, 0.14), -1, cv2.LINE_AA)
        middle = int(x + lean / 2), int((hole[1] + sheet[1] - lift) / 2)
        axes = max(1, round(0.2 * pitch)), max(1, round((hole[1] - sheet[1] + lift) / 2))
        cv2.ellipse(wire, middle, axes, 0, 60, 330, 255, thickness, cv2.LINE_AA)
        cv2.circle(classes, hole, radius, int(Mark.OTHER), -1)
    there = wire > 60
    page[there] = random.uniform(0.05, 0.85)
    classes[there] = Mark.OTHER
    mask[there] = 255
