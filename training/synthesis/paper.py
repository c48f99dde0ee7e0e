# SPDX-License-Identifier: Apache-2.0
"""What lies under the ink: paper of any colour, ruled, squared, creased, or on a desk."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random

Colour = NDArray[np.float32]  # [3], 0 to 1, blue green red
Picture = NDArray[np.float32]  # [H, W, 3], 0 to 1
Background = Callable[[int, int, Random], Picture]  # of a height and a width


TILE_PX = 1500  # side of the noise all photos are cut from


class Ruling(StrEnum):
    PLAIN = "plain"
    RULED = "ruled"
    GRAPH = "graph"
    DOTTED = "dotted"


def draw_colour(random: Random) -> Colour:
    """White mostly; cream, kraft, or the pastel of a sticky note."""
    kind = random.choice(4, p=[0.62, 0.16, 0.08, 0.14])
    if kind == 0:
        base = np.full(3, random.uniform(0.82, 1.0)) - [random.uniform(0, 0.05), 0, 0]
    elif kind == 1:
        base = np.array([0.72, 0.86, 0.93]) * random.uniform(0.85, 1.05)
    elif kind == 2:
        base = np.array([0.45, 0.62, 0.75]) * random.uniform(0.8, 1.1)
    else:
        base = np.array([random.uniform(0.45, 1.0) for _ in range(3)])
        base[int(random.integers(3))] = 0.97
    return np.asarray(np.clip(base, 0.25, 1), np.float32)


def noise(height: int, width: int, random: Random) -> NDArray[np.float32]:
    """Standard normal noise: a random window of one large tile, since making it is what a photo
    spends most of its time on."""
    if max(height, width) > TILE_PX:
        return random.standard_normal((height, width), np.float32)
    y, x = random.integers(TILE_PX - height + 1), random.integers(TILE_PX - width + 1)
    return _tile()[y : y + height, x : x + width]


@lru_cache(maxsize=1)
def _tile() -> NDArray[np.float32]:
    tile = np.random.default_rng(0).standard_normal((TILE_PX, TILE_PX), np.float32)
    tile.setflags(write=False)
    return tile


def tinted(shade: NDArray[np.floating], colour: NDArray[np.floating]) -> Picture:
    """One colour, lighter or darker by `shade` [H, W]."""
    return np.asarray(cv2.merge([(shade * float(c)).astype(np.float32) for c in colour]))


def sheet(height: int, width: int, colour: Colour, random: Random) -> Picture:
    """Paper with its fibres and blotches, unlit."""
    fine = noise(height, width, random) * np.float32(random.uniform(0.002, 0.015))
    return tinted(1 + _cloud(height, width, 0.02, random) + fine, colour)


def rules(
    height: int, width: int, ruling: Ruling, pitch_px: float, random: Random
) -> NDArray[np.float32]:
    """Printed rules `pitch_px` apart, as ink from 0 to 1; graph paper gets them both ways."""
    lines = np.zeros((height, width), np.uint8)
    if ruling is Ruling.PLAIN:
        return lines.astype(np.float32)
    thickness = max(1, round(pitch_px * random.uniform(0.015, 0.045)))
    # None along the very edge: beyond it the page goes on as its edge is.
    rim = thickness + 1
    ys = np.arange(random.uniform(rim, pitch_px), height - rim, pitch_px).round().astype(int)
    xs = np.arange(random.uniform(rim, pitch_px), width - rim, pitch_px).round().astype(int)
    if ruling is Ruling.DOTTED:
        for y in ys:
            for x in xs:
                cv2.circle(lines, (int(x), int(y)), thickness, 255, -1, cv2.LINE_AA)
    else:
        for y in ys:
            cv2.line(lines, (0, int(y)), (width, int(y)), 255, thickness, cv2.LINE_AA)
        for x in xs if ruling is Ruling.GRAPH else ():
            cv2.line(lines, (int(x), 0), (int(x), height), 255, thickness, cv2.LINE_AA)
    return lines.astype(np.float32) / np.float32(255)


def draw_rule_colour(random: Random) -> NDArray[np.float64]:
    """Pale gray, blue or red (blue green red, what the rule lets through)."""
    dark = np.array([random.uniform(0.3, 0.9), random.uniform(0.3, 0.7), random.uniform(0.2, 0.7)])
    return np.asarray(1 - random.uniform(0.3, 0.8) * (1 - dark))


def crease(picture: Picture, random: Random) -> Picture:
    """Folds: narrow bands, light on one side and dark on the other."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(int(random.integers(1, 4))):
        angle = random.choice([0.0, np.pi / 2]) + random.normal(0, 0.15)
        middle = random.uniform(0.15, 0.85)
        away = (columns - middle * width) * np.cos(angle) + (rows - middle * height) * np.sin(angle)
        soft = random.uniform(0.004, 0.02) * max(height, width)
        fold = away / soft * np.exp(-((away / soft) ** 2))
        picture = picture * (1 + random.uniform(0.04, 0.2) * fold[..., None])
    return np.asarray(picture, np.float32)


def desk(height: int, width: int, random: Random) -> Picture:
    """What the paper lies on: wood, leather, cloth, in any colour, with streaks or grain; often
    it is dark."""
    gray = random.uniform(0.03, 0.2) if random.random() < 0.25 else random.normal(0.4, 0.22)
    base = np.clip((gray + random.normal(0, 0.09, 3)) * [0.8, 0.95, 1.1], 0.03, 0.95)
    streaks = cv2.resize(
        np.ascontiguousarray(noise(max(2, height // 3), max(2, width // 60), random)),
        (width, height),
        interpolation=cv2.INTER_LINEAR,
    )
    grain = cv2.GaussianBlur(noise(height, width, random), (0, 0), random.uniform(0.5, 2.5))
    change = np.float32(random.uniform(0, 0.12)) * streaks
    change += np.float32(random.uniform(0.02, 0.2)) * grain
    return np.clip(tinted(1 + change + _cloud(height, width, 0.1, random), base), 0, 1)


def lay(picture: Picture, alpha: NDArray[np.float32], colour: NDArray[np.float64]) -> None:
    """Ink over a picture, in place: light is absorbed, so ink multiplies what is under it."""
    there = alpha > 0
    absorbed = (1 - colour).astype(np.float32)
    picture[there] *= 1 - alpha[there][:, None] * absorbed


def cover(picture: Picture, alpha: NDArray[np.float32], colour: NDArray[np.float64]) -> None:
    """Chalk or light over a picture, in place: it hides what is under it."""
    there = alpha > 0
    under = picture[there]
    picture[there] = under + alpha[there][:, None] * (colour.astype(np.float32) - under)


def _cloud(height: int, width: int, strength: float, random: Random) -> NDArray[np.float32]:
    coarse = random.standard_normal((5, 5), np.float32) * strength
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.float32)
