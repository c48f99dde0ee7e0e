# SPDX-License-Identifier: Apache-2.0
"""Photos of anything but paper: things, fur, leaves, walls, windows, clouds.

A reader that has only seen paper finds digits in every texture, so it must have seen textures.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.paper import Picture, desk, noise

Gray = NDArray[np.float32]


def scene(height: int, width: int, random: Random) -> Picture:
    """One to three textures, parted by soft borders, with things in front."""
    picture = _coloured(_texture(height, width, random), random)
    for _ in range(int(random.integers(0, 3))):
        other = _coloured(_texture(height, width, random), random)
        border = np.clip(_clouds(height, width, random, 3.0) * 8, 0, 1)[..., None]
        picture = np.asarray(picture * (1 - border) + other * border, np.float32)
    if random.random() < 0.6:
        _things(picture, random)
    return np.clip(picture, 0, 1).astype(np.float32)


def _texture(height: int, width: int, random: Random) -> Gray:
    kinds = (_clouds, _fur, _leaves, _windows, _bricks, _wood)
    return kinds[int(random.integers(len(kinds)))](height, width, random)


def _coloured(gray: Gray, random: Random) -> Picture:
    """Maps -1 to 1 between two colours of like hue."""
    middle = random.uniform(0.1, 0.9, 3) * 0.5 + random.uniform(0.1, 0.5)
    reach = random.uniform(0.05, 0.45) + random.normal(0, 0.05, 3)
    planes = [
        np.clip(np.float32(m) + gray * np.float32(r), 0, 1)
        for m, r in zip(middle, reach, strict=True)
    ]
    return np.asarray(cv2.merge(planes), np.float32)


def _clouds(height: int, width: int, random: Random, slope: float = 0.0) -> Gray:
    """Noise whose power falls with frequency: the statistics of natural scenes."""
    slope = slope or float(random.uniform(1.0, 2.2))
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    frequency = np.hypot(rows, columns).astype(np.float32)
    frequency[0, 0] = 1.0
    spectrum = np.fft.rfft2(noise(height, width, random)) / frequency**slope
    field = np.fft.irfft2(spectrum, (height, width)).astype(np.float32)
    field -= field.mean()
    return np.asarray(np.clip(field / (2 * field.std() + 1e-9), -1, 1), np.float32)


def _fur(height: int, width: int, random: Random) -> Gray:
    """Thousands of short strokes along a slowly turning direction."""
    canvas = np.zeros((height, width), np.float32)
    bend = _clouds(height, width, random, 2.5) * random.uniform(0.5, 3)
    length = random.uniform(6, 40)
    count = int(random.integers(600, 4000))
    xs, ys = random.integers(0, width, count), random.integers(0, height, count)
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        angle = float(bend[y, x])
        end = (int(x + length * np.cos(angle)), int(y + length * np.sin(angle)))
        shade = float(random.uniform(-1, 1))
        cv2.line(canvas, (x, y), end, shade, int(random.integers(1, 4)), cv2.LINE_AA)
    return canvas


def _leaves(height: int, width: int, random: Random) -> Gray:
    """Overlapping blades or petals of like size, each with its own shade."""
    canvas = np.full((height, width), float(random.uniform(-1, 0)), np.float32)
    size = float(np.exp(random.uniform(np.log(5), np.log(80))))
    for _ in range(int(random.integers(100, 900))):
        centre = int(random.integers(width)), int(random.integers(height))
        axes = (
            max(1, int(size * random.uniform(0.5, 1.5))),
            max(1, int(size * random.uniform(0.1, 0.6))),
        )
        shade = float(random.uniform(-1, 1))
        angle = float(random.uniform(0, 360))
        cv2.ellipse(canvas, centre, axes, angle, 0, 360, shade, -1, cv2.LINE_AA)
    return canvas


def _windows(height: int, width: int, random: Random) -> Gray:
    """A facade: rows of like dark frames, some bars inside, all in perspective."""
    canvas = np.full((height, width), float(random.uniform(0.2, 1)), np.float32)
    pitch = float(random.uniform(25, 160))
    share = random.uniform(0.35, 0.8, 2)
    for y in np.arange(0, height, pitch * random.uniform(0.8, 2)):
        for x in np.arange(0, width, pitch):
            shade = float(random.uniform(-1, 0.2))
            corner = (int(x), int(y))
            far = (int(x + pitch * share[0]), int(y + pitch * share[1]))
            cv2.rectangle(canvas, corner, far, shade, -1)
            if random.random() < 0.5:
                middle = (corner[0] + far[0]) // 2
                cv2.line(canvas, (middle, corner[1]), (middle, far[1]), 1.0, 2, cv2.LINE_AA)
    return _leaned(canvas, random)


def _bricks(height: int, width: int, random: Random) -> Gray:
    """A wall, tiles or keys: joints around boxes of uneven shade."""
    canvas = np.full((height, width), float(random.uniform(-1, 1)), np.float32)
    high = float(random.uniform(8, 60))
    wide = high * float(random.uniform(1, 3))
    joint = max(1, int(high * random.uniform(0.04, 0.2)))
    for row, y in enumerate(np.arange(0, height, high)):
        for x in np.arange(-wide * (row % 2) / 2, width, wide):
            far = (int(x + wide) - joint, int(y + high) - joint)
            shade = float(random.uniform(-0.4, 0.4))
            cv2.rectangle(canvas, (int(x), int(y)), far, shade, -1)
    return _leaned(canvas, random)


def _wood(height: int, width: int, random: Random) -> Gray:
    return np.asarray(2 * desk(height, width, random).mean(axis=2) - 1, np.float32)


def _leaned(canvas: Gray, random: Random) -> Gray:
    height, width = canvas.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = corners + random.normal(0, 0.12, (4, 2)) * [width, height]
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    leaned = cv2.warpPerspective(canvas, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(leaned, np.float32)


def _things(picture: Picture, random: Random) -> None:
    """Shapes in front, some of them thin: cables, branches, edges."""
    height, width = picture.shape[:2]
    for _ in range(int(random.integers(1, 25))):
        colour = [float(v) for v in random.uniform(0, 1, 3)]
        centre = int(random.integers(width)), int(random.integers(height))
        axes = int(random.uniform(2, width / 4)), int(random.uniform(2, height / 4))
        angle = float(random.uniform(0, 180))
        kind = random.random()
        if kind < 0.35:
            cv2.ellipse(picture, centre, axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
        elif kind < 0.6:
            box = cv2.boxPoints((tuple(map(float, centre)), tuple(map(float, axes)), angle))
            cv2.fillPoly(picture, [box.astype(np.int32)], colour, cv2.LINE_AA)
        else:
            sweep = float(random.uniform(40, 300))
            thickness = int(random.integers(1, 9))
            cv2.ellipse(picture, centre, axes, angle, 0, sweep, colour, thickness, cv2.LINE_AA)
