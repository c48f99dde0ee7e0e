# SPDX-License-Identifier: Apache-2.0
"""Which part of the page the photo shows: no digit is cut off, however the page is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.synthesis import camera
from training.synthesis.hand import Random

ROOM = 0.97  # of the frame that the digits may take
SMALLEST_PX = 40  # of a photo cut to its digits


@dataclass(frozen=True, slots=True)
class View:
    """`transform` maps the page's pixels to those of a photo of `size` (width, height)."""

    transform: camera.Transform
    size: tuple[int, int]


def draw_view(
    size: tuple[int, int],
    shot: camera.Camera,
    bounds: tuple[int, int, int, int],
    random: Random,
) -> View:
    """The page of `size` as `shot` sees it, moved and shrunk until `bounds` are inside."""
    transform = camera.view(size, shot, random)
    low, high = _extent(bounds, transform)
    frame = np.array(size, float)
    zoom = min(1.0, float((ROOM * frame / np.maximum(high - low, 1)).min()))
    low, high = zoom * low, zoom * high
    centred = (frame - zoom * frame) / 2
    spare = (1 - ROOM) / 2 * frame
    lowest, highest = spare - low, frame - spare - high
    shift = np.clip(centred, np.minimum(lowest, highest), np.maximum(lowest, highest))
    return View(_scaling(zoom, shift) @ transform, size)


def close_up(
    view: View, bounds: tuple[int, int, int, int], height_px: float, random: Random
) -> View:
    """Only the digits and a little around them: now and then they touch the photo's edges."""
    low, high = _extent(bounds, view.transform)
    margins = random.uniform(0, 0.8, 4) * height_px
    margins[random.random(4) < 0.25] = random.uniform(0, 3)
    low, high = low - margins[:2], high + margins[2:]
    grow = np.maximum(SMALLEST_PX - (high - low), 0) / 2
    low, high = np.floor(low - grow), np.ceil(high + grow)
    wide, tall = (high - low).astype(int).tolist()
    return View(_scaling(1.0, -low) @ view.transform, (wide, tall))


def size_of(view: View, scale: float) -> tuple[int, int]:
    """Width and height of the view at `scale`."""
    return max(1, round(view.size[0] * scale)), max(1, round(view.size[1] * scale))


def _extent(
    bounds: tuple[int, int, int, int], transform: camera.Transform
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    left, top, right, bottom = bounds
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
    moved = camera.move(corners, transform)
    return moved.min(axis=0), moved.max(axis=0)


def _scaling(zoom: float, shift: NDArray[np.float64]) -> camera.Transform:
    return np.array([(zoom, 0, shift[0]), (0, zoom, shift[1]), (0, 0, 1)], float)
