# SPDX-License-Identifier: Apache-2.0
"""What holds the paper and lies around it: hands, pens, cables, boxes, cups, spiral bindings.

Things are painted on the photo, and never on a digit: one that would cover a digit is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.paper import Picture
from training.synthesis.strokes import smooth
from training.synthesis.truth import Classes
from vision.finder import Mark

Mask = NDArray[np.uint8]  # [H, W], 255 where something is
Point = NDArray[np.float64]  # [2], x and y

LIGHT_SKIN, DARK_SKIN = np.array([0.56, 0.69, 0.94]), np.array([0.12, 0.2, 0.36])


@dataclass(slots=True)
class Scene:
    """The photo before light and camera, and what each pixel shows."""

    picture: Picture
    classes: Classes

    @property
    def shape(self) -> tuple[int, int]:
        return self.picture.shape[0], self.picture.shape[1]

    def paint(self, mask: Mask, colour: Point, shadow_px: float, *, flat: bool = False) -> bool:
        """Puts a round or flat thing of one colour over the photo, with its shadow; False when it
        would cover a digit."""
        x, y, w, h = cv2.boundingRect(mask)
        if not w:
            return True
        part = slice(y, y + h), slice(x, x + w)
        inside = mask[part] > 127
        hidden = self.classes[part][inside]
        if ((hidden == Mark.HANDWRITTEN) | (hidden == Mark.PRINTED)).any():
            return False
        self.darken(mask, shadow_px)
        bright = np.ones((h, w), np.float32) if flat else _relief(inside)
        soft = (mask[part] * np.float32(1 / 255))[..., None]
        thing = bright[..., None] * np.asarray(colour, np.float32)
        self.picture[part] += soft * (thing - self.picture[part])
        self.classes[part][inside] = Mark.NOTHING
        return True

    def darken(self, mask: Mask, shadow_px: float, strength: float = 0.45) -> None:
        """A shadow `shadow_px` to the right of and below what casts it, blurred by half that."""
        pad = round(2 * shadow_px) + 2
        x, y, w, h = cv2.boundingRect(mask)
        left, top = max(0, x - pad), max(0, y - pad)
        part = slice(top, y + h + pad), slice(left, x + w + pad)
        small = cv2.resize(mask[part], None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        shift = np.array([(1, 0, shadow_px / 4), (0, 1, shadow_px / 4)])
        moved = cv2.warpAffine(small, shift, (small.shape[1], small.shape[0]))
        soft = cv2.GaussianBlur(moved, (0, 0), 0.3 + shadow_px / 8)
        size = self.picture[part].shape[1::-1]
        shade = 1 - np.float32(strength / 255) * cv2.resize(soft, size).astype(np.float32)
        self.picture[part] *= shade[..., None]


def _relief(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How bright a rounded thing is: darker towards its edges."""
    depth = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(0.6 + 0.4 * np.sqrt(depth / max(float(depth.max()), 1.0)), np.float32)


def add_hands(scene: Scene, count: int, edge: NDArray[np.float64], random: Random) -> None:
    """Hands that hold what has the corners `edge` [4, 2]: a thumb on it, fingers behind."""
    light = random.uniform(0, 1)
    skin = light * LIGHT_SKIN + (1 - light) * DARK_SKIN + random.normal(0, 0.03, 3)
    for side in random.permutation(4)[:count].tolist():
        one, other = edge[side], edge[(side + 1) % 4]
        held = one + random.uniform(0.15, 0.85) * (other - one)
        outward = held - edge.mean(axis=0)
        outward = outward / max(float(np.hypot(*outward)), 1e-6)
        _hand(scene, held, outward, np.clip(skin, 0.05, 1), random)


def _hand(scene: Scene, held: Point, outward: Point, skin: Point, random: Random) -> None:
    thick = random.uniform(0.05, 0.12) * max(scene.shape)
    along = np.array([-outward[1], outward[0]])
    for index in range(int(random.integers(0, 5))):
        at = held + along * thick * 1.05 * (index + 1) * random.choice([-1, 1])
        _finger(scene, at + outward * thick * 0.5, outward, 0.85 * thick, skin, random)
    for depth in (random.uniform(0.3, 2.0), 0.2):
        if _finger(scene, held - outward * thick * depth, outward, thick, skin, random):
            return


def _finger(
    scene: Scene, tip: Point, outward: Point, thick: float, skin: Point, random: Random
) -> bool:
    mask = np.zeros(scene.shape, np.uint8)
    bend = np.array([-outward[1], outward[0]]) * random.normal(0, 0.6) * thick
    reach = 2 * max(scene.shape)
    path = [tip, tip + outward * thick * 2.2 + bend, tip + outward * reach + 3 * bend]
    cv2.polylines(mask, [np.round(path).astype(np.int32)], False, 255, max(2, round(thick)))
    if not scene.paint(mask, skin, 0.25 * thick):
        return False
    if random.random() < 0.6:
        _nail(scene, tip + outward * 0.1 * thick, outward, thick, skin, random)
    return True


def _nail(
    scene: Scene, at: Point, outward: Point, thick: float, skin: Point, random: Random
) -> None:
    mask = np.zeros(scene.shape, np.uint8)
    axes = max(1, round(0.36 * thick)), max(1, round(0.27 * thick))
    angle = float(np.degrees(np.arctan2(outward[1], outward[0])))
    centre = int(at[0]), int(at[1])
    cv2.ellipse(mask, centre, axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
    scene.paint(mask, np.clip(skin * random.uniform(1.0, 1.2) + 0.05, 0, 1), 0.0)


def add_things(scene: Scene, count: int, random: Random) -> None:
    """Things of a desk, each where it covers no digit, if a few tries find such a place."""
    for _ in range(count):
        draw = (_pen, _cable, _slab, _slab, _cup)[int(random.integers(5))]
        flat = draw in (_slab, _cup)
        colour = np.clip(random.uniform(0.05, 0.95) + random.normal(0, 0.15, 3), 0.02, 1)
        for _ in range(4):
            mask, shadow_px = draw(scene.shape, random), float(random.uniform(2, 14))
            if scene.paint(mask, colour, shadow_px, flat=flat):
                break


def _somewhere(shape: tuple[int, int], random: Random) -> Point:
    """Rather at the sides than in the middle."""
    side = random.choice([-0.05, 1.05, random.uniform(0, 1)], 2)
    return np.asarray((side + random.normal(0, 0.08, 2)) * [shape[1], shape[0]], float)


def _pen(shape: tuple[int, int], random: Random) -> Mask:
    mask = np.zeros(shape, np.uint8)
    angle, long = random.uniform(0, 2 * np.pi), random.uniform(0.25, 0.7) * max(shape)
    reach = 0.5 * long * np.array([np.cos(angle), np.sin(angle)])
    middle = _somewhere(shape, random)
    ends = np.round([middle - reach, middle + reach]).astype(np.int32)
    cv2.polylines(mask, [ends], False, 255, max(2, round(long * random.uniform(0.02, 0.06))))
    return mask


def _cable(shape: tuple[int, int], random: Random) -> Mask:
    mask = np.zeros(shape, np.uint8)
    steps = random.normal(0, 0.2 * max(shape), (int(random.integers(3, 6)), 2))
    path = smooth(_somewhere(shape, random) + np.cumsum(steps, axis=0))
    thickness = max(2, round(random.uniform(0.004, 0.014) * max(shape)))
    cv2.polylines(mask, [np.round(path).astype(np.int32)], False, 255, thickness, cv2.LINE_AA)
    return mask


def _slab(shape: tuple[int, int], random: Random) -> Mask:
    """A phone, a book, another sheet."""
    mask = np.zeros(shape, np.uint8)
    centre, size = _somewhere(shape, random), random.uniform(0.15, 0.6, 2) * max(shape)
    box = cv2.boxPoints((tuple(centre), tuple(size), float(random.uniform(0, 90))))
    cv2.fillPoly(mask, [np.round(box).astype(np.int32)], 255, cv2.LINE_AA)
    return mask


def _cup(shape: tuple[int, int], random: Random) -> Mask:
    mask = np.zeros(shape, np.uint8)
    centre = np.round(_somewhere(shape, random)).astype(int).tolist()
    radius = max(3, round(random.uniform(0.03, 0.2) * max(shape)))
    cv2.circle(mask, (centre[0], centre[1]), radius, 255, -1, cv2.LINE_AA)
    return mask
