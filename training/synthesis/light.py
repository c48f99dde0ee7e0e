# SPDX-License-Identifier: Apache-2.0
"""Light on the page: uneven lamps, vignettes, shadows of hand and phone, glare."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.paper import Picture

FIELD_PX = 240, 180  # light changes slowly: it is worked out this small (width, height)


@dataclass(frozen=True, slots=True)
class Light:
    """`level` 0 to 1 mean brightness; the others are how much light each effect takes or adds."""

    level: float
    slope: float
    vignette: float
    shadow: float
    glare: float
    warmth: float


def draw_light(random: Random, hardness: float) -> Light:
    """`hardness` 0 is an even, bright room; 1 is anything a caller might sit in."""
    some = random.random(3) < np.array([0.45, 0.4, 0.12]) * hardness
    return Light(
        level=float(random.uniform(0.95 - 0.5 * hardness, 1.05)),
        slope=float(abs(random.normal(0, 0.1 + 0.25 * hardness))),
        vignette=float(random.uniform(0.1, 0.9)) if some[0] else 0.0,
        shadow=float(random.uniform(0.15, 0.6)) if some[1] else 0.0,
        glare=float(random.uniform(0.2, 0.7)) if some[2] else 0.0,
        warmth=float(random.normal(0, 0.08)),
    )


def shine(picture: Picture, chosen: Light, random: Random) -> Picture:
    """The picture as that light shows it; values may leave 0 to 1 until the camera clips them."""
    y, x = np.mgrid[-1 : 1 : FIELD_PX[1] * 1j, -1 : 1 : FIELD_PX[0] * 1j].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    amount = 1 + chosen.slope * 0.5 * (np.cos(angle) * x + np.sin(angle) * y)
    if chosen.vignette:
        amount *= 1 - chosen.vignette * np.clip((x**2 + y**2) / 2, 0, 1) ** random.uniform(0.7, 1.6)
    size = picture.shape[1], picture.shape[0]
    whole = cv2.resize(np.asarray(chosen.level * amount, np.float32), size)
    if chosen.shadow:
        whole = whole * (1 - chosen.shadow * _shadow(size[1], size[0], random))
    tint = 1 - chosen.warmth, 1.0, 1 + chosen.warmth
    lit = cv2.multiply(picture, cv2.merge([whole * np.float32(part) for part in tint]))
    if chosen.glare:
        spot = cv2.resize(np.float32(chosen.glare) * _spot(x, y, random), size)
        lit = cv2.add(lit, cv2.merge([spot, spot, spot]))
    return np.asarray(lit, np.float32)


def _shadow(height: int, width: int, random: Random) -> NDArray[np.float32]:
    """A phone (a rectangle) or a hand (a blob) between lamp and paper, with a soft edge."""
    mask = np.zeros((height, width), np.uint8)
    middle = random.choice([0.0, 1.0, random.uniform(0, 1)], 2) * [width, height]
    size = random.uniform(0.25, 0.9, 2) * [width, height]
    if random.random() < 0.5:
        box = (tuple(map(float, middle)), tuple(map(float, size)), float(random.uniform(0, 90)))
        cv2.fillPoly(mask, [cv2.boxPoints(box).astype(np.int32)], 255)
    else:
        axes = (int(size[0] / 2) + 1, int(size[1] / 2) + 1)
        centre = (int(middle[0]), int(middle[1]))
        cv2.ellipse(mask, centre, axes, float(random.uniform(0, 180)), 0, 360, 255, -1)
    small = cv2.resize(mask, (160, 120), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), float(random.uniform(0.8, 12)))
    return np.asarray(cv2.resize(soft, (width, height)), np.float32) / np.float32(255)


def _spot(x: NDArray[np.float32], y: NDArray[np.float32], random: Random) -> NDArray[np.float32]:
    cx, cy = random.uniform(-0.9, 0.9, 2)
    wide, high = random.uniform(0.15, 0.5, 2)
    return np.asarray(np.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / high) ** 2), np.float32)
