# SPDX-License-Identifier: Apache-2.0
"""What is on a photo beside the number: words, comb boxes, doodles."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.line import Written
from training.synthesis.pen import Ink
from training.synthesis.strokes import smooth

Place = tuple[int, int, int, int]  # x, y, w, h


def free_place(
    size: tuple[int, int], page: tuple[int, int], taken: list[Place], random: Random
) -> Place | None:
    """Somewhere on the page (width, height) where `size` fits and nothing is; None after ten
    tries."""
    width, height = size
    for _ in range(10):
        if width >= page[0] or height >= page[1]:
            return None
        x, y = int(random.integers(page[0] - width)), int(random.integers(page[1] - height))
        if not any(_overlap((x, y, width, height), other) for other in taken):
            return x, y, width, height
    return None


def _overlap(one: Place, other: Place) -> bool:
    (x, y, w, h), (a, b, c, d) = one, other
    return x < a + c and a < x + w and y < b + d and b < y + h


def comb(written: Written, random: Random) -> tuple[Ink, int]:
    """A printed box around each character of a line, or one around them all: ink of the boxes, and
    its margin in px (how much larger than the line's ink it is on every side)."""
    margin = round(written.height_px * random.uniform(0.0, 0.4)) + 2
    height, width = written.ink.shape
    boxes = np.zeros((height + 2 * margin, width + 2 * margin), np.uint8)
    thickness = max(1, round(written.height_px * random.uniform(0.02, 0.06)))
    bottom = height + 2 * margin - 1 - thickness
    walls = _between(written) if random.random() < 0.7 else []
    lean = random.normal(0, 0.05) * written.height_px
    inner = [margin + round(x + lean) for x in walls]
    xs = [thickness, *inner, width + 2 * margin - 1 - thickness]
    for x in xs:
        cv2.line(boxes, (x, thickness), (x, bottom), 255, thickness, cv2.LINE_AA)
    for y in (thickness, bottom):
        cv2.line(boxes, (xs[0], y), (xs[-1], y), 255, thickness, cv2.LINE_AA)
    faded = random.uniform(0.35, 1.0)
    return np.asarray(boxes * np.float32(faded / 255), np.float32), margin


def _between(written: Written) -> list[int]:
    """Columns halfway between neighbours."""
    boxes = [character.box for character in written.characters]
    pairs = pairwise(boxes)
    return [round((left[0] + left[2] + right[0]) / 2) for left, right in pairs]


def doodle(height_px: float, random: Random) -> Ink:
    """A scribble, an underline, an arrow: strokes that mean nothing."""
    size = max(8, round(height_px * random.uniform(0.8, 3)))
    ink = np.zeros((size, size), np.uint8)
    points = np.cumsum(random.normal(0, size / 5, (int(random.integers(2, 7)), 2)), axis=0)
    points = (points - points.min(axis=0)) / max(float(np.ptp(points)), 1) * (
        size * 0.8
    ) + size * 0.1
    thickness = max(1, round(height_px * random.uniform(0.03, 0.1)))
    cv2.polylines(ink, [points.astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    return ink.astype(np.float32) / np.float32(255)


def flourish(size: tuple[int, int], height_px: float, random: Random) -> tuple[Ink, int]:
    """A stroke under a line of `size` (width, height), or a loop around it: its ink, and how much
    larger than the line it is on every side (pixels)."""
    margin = max(4, round(height_px * random.uniform(0.2, 0.5)))
    width, height = size[0] + 2 * margin, size[1] + 2 * margin
    ink = np.zeros((height, width), np.uint8)
    thickness = max(1, round(height_px * random.uniform(0.03, 0.1)))
    if random.random() < 0.6:
        y = height - margin * random.uniform(0.2, 0.8) + random.normal(0, 0.1, 3) * margin
        x = np.array(
            [margin * random.uniform(0, 2), width / 2, width - margin * random.uniform(0, 2)]
        )
        path = smooth(np.stack([x, y], axis=1))
        cv2.polylines(ink, [path.astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    else:
        axes = (width - thickness) // 2 - 1, (height - thickness) // 2 - 1
        start, sweep = random.uniform(0, 360), random.uniform(300, 380)
        cv2.ellipse(
            ink,
            (width // 2, height // 2),
            axes,
            0,
            start,
            start + sweep,
            255,
            thickness,
            cv2.LINE_AA,
        )
    return ink.astype(np.float32) / np.float32(255), margin


def paste(alpha: Ink, ink: Ink, x: int, y: int) -> None:
    """Adds `ink` to the page's `alpha` in place; what lies outside the page is cut off."""
    top, left = max(y, 0), max(x, 0)
    bottom, right = min(y + ink.shape[0], alpha.shape[0]), min(x + ink.shape[1], alpha.shape[1])
    if bottom > top and right > left:
        part: NDArray[np.float32] = alpha[top:bottom, left:right]
        np.maximum(part, ink[top - y : bottom - y, left - x : right - x], out=part)
