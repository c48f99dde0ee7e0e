# SPDX-License-Identifier: Apache-2.0
"""The same photo as a caller might have taken it: turned, aslant, in other light, from further off.

Who cannot see the paper cannot level the phone or judge the light. Each change leaves the digits
legible to a person, so a reader should read what it read before, or say that it is not sure.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]
Change = Callable[[Pixels], Pixels]

AS_IT_IS = "as it is"
SEED = 5


def turned(quarters: int) -> Change:
    """By quarters, counter-clockwise, as a phone without a sense of up leaves it."""
    return lambda photo: np.ascontiguousarray(np.rot90(photo, quarters))


def aslant(degrees: float) -> Change:
    """By any angle; what comes into the corners is what lay at the frame."""

    def change(photo: Pixels) -> Pixels:
        height, width = photo.shape[:2]
        move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        cos, sin = np.abs(move[0, :2])
        size = int(height * sin + width * cos), int(height * cos + width * sin)
        move[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
        edge = cv2.BORDER_REPLICATE
        return np.asarray(cv2.warpAffine(photo, move, size, borderMode=edge), np.uint8)

    return change


def lit(light: Callable[[Numbers, Numbers], Numbers]) -> Change:
    """In `light`, a share by place: x and y run from -1 to 1, rightwards and downwards."""

    def change(photo: Pixels) -> Pixels:
        height, width = photo.shape[:2]
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        return _of(photo * np.clip(light(x, y), 0, 1)[..., None])

    return change


def scaled(share: float) -> Change:
    def change(photo: Pixels) -> Pixels:
        size = [max(16, round(side * share)) for side in photo.shape[1::-1]]
        return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)

    return change


def on_a_desk(shade: int) -> Change:
    """On a table of that shade (0 to 255), which is 1.6 times as long as the photo."""

    def change(photo: Pixels) -> Pixels:
        rim = round(0.3 * max(photo.shape[:2]))
        rims = ((rim, rim), (rim, rim), (0, 0))
        return np.pad(photo, rims, constant_values=shade)

    return change


def grainy(share: float, spread: float) -> Change:
    """With so much of its light, and noise of that spread (of 255) besides."""
    return lambda photo: _of(
        photo * share + np.random.default_rng(SEED).normal(0, spread, photo.shape)
    )


def blinded(photo: Pixels) -> Pixels:
    """With a lamp's reflection beside its middle, in which nothing can be seen."""
    height, width = photo.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return _of(photo + 170 * np.exp(-6 * ((x - 0.3) ** 2 + (y + 0.2) ** 2))[..., None])


def from_corners(*corners: tuple[float, float]) -> Change:
    """As a camera sees it that is not above its middle: where its corners come to lie, from the
    top left clockwise, as shares of its width and height; around them what lay at the frame."""

    def change(photo: Pixels) -> Pixels:
        height, width = photo.shape[:2]
        size = np.array((width, height), np.float32)
        square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
        move = cv2.getPerspectiveTransform(square * size, np.array(corners, np.float32) * size)
        edge = cv2.BORDER_REPLICATE
        return np.asarray(
            cv2.warpPerspective(photo, move, (width, height), borderMode=edge), np.uint8
        )

    return change


def shaken(photo: Pixels) -> Pixels:
    """Blurred sideways by a 160th of its length."""
    length = max(3, round(max(photo.shape[:2]) / 160)) | 1
    return np.asarray(cv2.blur(photo, (length, 1)), np.uint8)


def _of(values: Numbers) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)


CHANGES: dict[str, Change] = {
    AS_IT_IS: lambda photo: photo,
    "turned by 90": turned(1),
    "turned by 180": turned(2),
    "turned by 270": turned(3),
    "aslant by 11": aslant(-11),
    "aslant by 25": aslant(25),
    "aslant by 40": aslant(-40),
    "0.35 of its size": scaled(0.35),
    "on a dark desk": on_a_desk(45),
    "on a bright table": on_a_desk(208),
    "light from the right": lit(lambda x, y: 0.65 + 0.35 * x),
    "vignette": lit(lambda x, y: np.maximum(1 - 0.5 * (x**2 + y**2), 0.04)),
    "a strong vignette": lit(lambda x, y: np.maximum(1 - 0.75 * (x**2 + y**2) ** 0.8, 0.02)),
    "a lamp": lit(lambda x, y: 1.15 * np.exp(-1.2 * ((x - 0.5) ** 2 + (y + 0.5) ** 2))),
    "a shadow": lit(lambda x, y: 1 - 0.55 / (1 + np.exp(2.5 - 20 * x - 15 * y))),
    "at night": grainy(0.22, 4),
    "shaken": shaken,
    "glare": blinded,
    "from the side": from_corners((0.15, 0.1), (0.9, 0), (1, 1), (0, 0.85)),
    "leaning left": from_corners((-0.15, 0), (0.85, 0), (1.15, 1), (0.15, 1)),
    "light on dark": lambda photo: 255 - photo,
}
