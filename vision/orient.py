# SPDX-License-Identifier: Apache-2.0
"""Which way the writing runs, and turning the page so that it runs from left to right."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Components
from vision.page import Page

Affine = NDArray[np.float64]
Numbers = NDArray[np.float64]
Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]

LIKE_SIZE = 2.0  # neighbours on a line differ at most this much in size
REACH = 3.0  # and are at most this many sizes apart
SMALLEST_PX = 10
FEWEST = 5  # characters: the middles of fewer tell no direction
MOST_PIECES = 250
MOST_PIXELS = 2_000_000  # of a levelled page: bounds memory
CLEARLY = 1.4  # by this factor a direction must be better supported than level
LEVEL_DEG = 3
LONG = 1.6  # by this much longer than wide, writing has an axis
LEVEL = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])  # the affine that moves nothing
BLUR_DEG = 5.0  # directions this close support each other


def direction_votes(pieces: Components) -> NDArray[np.float64]:
    """Support for each direction of writing: 180 numbers, -90 up to 89 degrees, y downwards."""
    boxes = _characters(pieces)
    votes = np.zeros(180)
    if len(boxes) < FEWEST:
        return votes
    size = np.maximum(boxes[:, 2], boxes[:, 3])
    centre = boxes[:, :2] + boxes[:, 2:] / 2
    apart = centre[None] - centre[:, None]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    larger = np.maximum(size[:, None], size[None])
    alike = (larger < LIKE_SIZE * np.minimum(size[:, None], size[None])) & (distance > 0)
    nearest = np.where(alike & (distance < REACH * larger), distance, np.inf)
    for i, j in enumerate(nearest.argmin(axis=1)):
        if np.isfinite(nearest[i, j]):
            angle = np.degrees(np.arctan2(apart[i, j, 1], apart[i, j, 0]))
            votes[int(np.floor(angle + 90)) % 180] += size[i]
    return _smoothed(votes)


def _characters(pieces: Components) -> NDArray[np.float64]:
    """Boxes of the pieces that may be characters, the largest first."""
    size = np.maximum(pieces.widths, pieces.heights)
    limit = 0.6 * max(pieces.labels.shape)
    rows = np.flatnonzero((size >= SMALLEST_PX) & (size < limit))
    rows = rows[np.argsort(-size[rows], kind="stable")[:MOST_PIECES]]
    return pieces.boxes[rows].astype(np.float64)


def _smoothed(votes: NDArray[np.float64]) -> NDArray[np.float64]:
    offsets = np.arange(-20, 21)
    kernel = np.exp(-0.5 * (offsets / BLUR_DEG) ** 2)
    wrapped = np.concatenate((votes[-20:], votes, votes[:20]))
    return np.convolve(wrapped, kernel, mode="valid")


def tilt(votes: NDArray[np.float64]) -> float:
    """How far the best supported direction is from level or upright, -45 to 45; 0 without any."""
    if votes.max() < CLEARLY * max(votes[90 - LEVEL_DEG : 90 + LEVEL_DEG].max(), 1e-9):
        return 0.0
    angle = float(votes.argmax()) - 90 + 0.5
    return angle - 90 * round(angle / 90)


def axis(pieces: Components) -> float:
    """How far the ink's longer axis is from level or upright, -45 to 45; 0 when it has none.

    For digits that touch, and for so few that their middles tell no direction.
    """
    rows, columns = np.divmod(pieces.inked[0], pieces.labels.shape[1])
    if len(rows) < SMALLEST_PX:
        return 0.0
    spread, along = np.linalg.eigh(np.cov(np.stack([columns, rows]).astype(np.float64)))
    if spread[1] < LONG**2 * spread[0]:
        return 0.0
    angle = float(np.degrees(np.arctan2(along[1, 1], along[0, 1])))
    return angle - 90 * round(angle / 90)


def runs_upright(votes: NDArray[np.float64]) -> bool:
    """Whether the writing runs up or down the photo rather than across it."""
    across = float(votes[45:135].max())
    along = float(max(votes[:45].max(), votes[135:].max()))
    return along > 1.3 * across


def quarters(shape: tuple[int, ...], quarter_turns: int) -> Affine:
    """Where the points of a page of `shape` (height, width) go when it is turned
    counter-clockwise by quarters, as a 2x3 affine of (x, y)."""
    height, width = shape[:2]
    turns = {
        0: ((1, 0, 0), (0, 1, 0)),
        1: ((0, 1, 0), (-1, 0, width)),
        2: ((-1, 0, width), (0, -1, height)),
        3: ((0, -1, height), (1, 0, 0)),
    }
    return np.array(turns[quarter_turns % 4], np.float64)


def square(affine: Affine) -> Affine:
    """A 2x3 affine as 3x3, so that it can be multiplied and turned round."""
    return np.vstack((affine[:2], (0.0, 0.0, 1.0)))


def angle_of(way: Affine) -> float:
    """Degrees by which `way`, an affine that turns, turns (y down)."""
    return float(np.degrees(np.arctan2(way[1, 0], way[0, 0])))


def placed(boxes: Numbers, way: Affine) -> NDArray[np.float64]:
    """Middles and sizes (x, y, w, h), [N, 4], of `boxes` (corners and sizes) on the page or strip
    that `way` (3x3) leads from. Sizes change places where it lies on its side."""
    middles = np.column_stack((boxes[:, :2] + boxes[:, 2:] / 2, np.ones(len(boxes))))
    sizes = boxes[:, 2:] / float(np.hypot(way[0, 0], way[1, 0]))
    if abs(way[1, 0]) > abs(way[0, 0]):
        sizes = sizes[:, ::-1]
    return np.column_stack(((middles @ np.linalg.inv(way).T)[:, :2], sizes)).astype(np.float64)


def levelled(page: Page, angle_deg: float) -> tuple[Page, Affine]:
    """`page` turned so that writing of direction `angle_deg` runs level, and the way back.

    The affine (2x3) maps pixels of the levelled page to those of `page`. What would have more than
    `MOST_PIXELS`, corners of nothing among them, is made smaller.
    """
    height, width = page.contrast.shape
    middle = (width / 2, height / 2)
    cos, sin = abs(np.cos(np.radians(angle_deg))), abs(np.sin(np.radians(angle_deg)))
    wide, high = width * cos + height * sin, width * sin + height * cos
    scale = min(1.0, float(np.sqrt(MOST_PIXELS / (wide * high))))
    to_level = np.asarray(cv2.getRotationMatrix2D(middle, angle_deg, scale), np.float64)
    size = int(np.ceil(scale * wide)), int(np.ceil(scale * high))
    to_level[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2

    def turn(values: Pixels) -> Pixels:
        return np.asarray(cv2.warpAffine(values, to_level, size), np.uint8)

    marks = [None if marks is None else turn(marks) for marks in (page.digits, page.printed)]
    noise = _turned_noise(page, to_level, size)
    back = np.asarray(cv2.invertAffineTransform(to_level), np.float64)
    return Page(turn(page.contrast), noise, page.paper, digits=marks[0], printed=marks[1]), back


def _turned_noise(page: Page, to_level: Affine, size: tuple[int, int]) -> Soft:
    """The noise of `page` where `to_level` (2x3) moves it on a page of `size` (width, height)."""
    share = page.noise.shape[1] / page.contrast.shape[1]
    to_blocks = np.array([[share, 0, share / 2 - 0.5], [0, share, share / 2 - 0.5], [0, 0, 1]])
    turned = to_blocks @ square(to_level) @ np.linalg.inv(to_blocks)
    blocks = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(page.noise, turned[:2], blocks, borderMode=edge), np.float32)
