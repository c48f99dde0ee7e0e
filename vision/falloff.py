# SPDX-License-Identifier: Apache-2.0
"""Light that falls off smoothly over the whole page: towards the corners, or away from a lamp.

A surface of low degree is fitted to the paper and divided out, so that nothing else has to know of
it. Where light has an edge, or the sheet ends, no such surface fits, and the photo stays as it is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Soft = NDArray[np.float32]
Numbers = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIDE_PX = 48  # longer side at which the light is fitted
SPOT = 3  # of so many times as many pixels the brightest counts: beside thin ink there is paper
DEGREE = 4  # of the surface: enough for a lens, a lamp and a flash
ROUNDS = 8  # of fitting it to what the last one left as paper
INK, NEAR = 0.85, 0.1  # of the light: what is darker is ink; how near to it paper is
STRONG = 0.4  # the dimmest light by the brightest, at most: the closing of `page` copes with less
DIMMEST = 6.0  # of 255: what is darker tells of no light
LEAST_PAPER, MOST_OFF = 0.6, 0.12  # shares: of the page that is paper, and of that off the light
FRAME = 0.85  # of the frame that is lit as the surface says: around a sheet the desk is not


def falloff(pixels: Pixels) -> Soft | None:
    """Light in each place of RGB `pixels`, by the brightest: float32 at low resolution, above 0;
    None if it hardly changes, or not smoothly."""
    shown = _brightest_spots(pixels)
    if np.percentile(shown, 10) > STRONG * np.percentile(shown, 95):
        return None
    light, paper = _fitted(shown)
    if light.min() > STRONG * light.max() or not _fits(shown, light, paper):
        return None
    return np.asarray(light / light.max(), np.float32)


def evened(pixels: Pixels, light: Soft | None) -> Pixels:
    """RGB `pixels` as if the brightest `light` were everywhere."""
    if light is None:
        return pixels
    full = cv2.resize(light, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, cv2.merge([full] * 3), dtype=cv2.CV_8U), np.uint8)


def dimmed(brightness: Pixels, light: Soft | None) -> Pixels:
    """The other way round, for one channel of any size."""
    if light is None:
        return brightness
    sized = cv2.resize(light, brightness.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(brightness, sized, dtype=cv2.CV_8U), np.uint8)


def _brightest_spots(pixels: Pixels) -> Numbers:
    """Brightness at low resolution, of the brightest spot in each place."""
    height, width = pixels.shape[:2]
    scale = SPOT * SIDE_PX / max(height, width)
    size = [max(2 * SPOT, round(side * scale)) for side in (width, height)]
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).mean(axis=2)
    most = cv2.dilate(small, np.ones((SPOT, SPOT), np.uint8))
    return np.asarray(most[SPOT // 2 :: SPOT, SPOT // 2 :: SPOT], np.float64)


def _fitted(shown: Numbers) -> tuple[Numbers, Bools]:
    """The surface that lies on the paper, and where that is: each round leaves out what is much
    darker than the surface. What errs counts by its share of the light."""
    terms = _terms(*shown.shape)
    lit = paper = shown > DIMMEST
    light = np.full(shown.shape, DIMMEST)
    for _ in range(ROUNDS):
        rows = terms[paper] / shown[paper][:, None]
        squares = np.einsum("ni,nj->ij", rows, rows)  # no product: see `vision.runs`
        weights = np.linalg.lstsq(squares, rows.sum(axis=0), rcond=None)[0]
        light = np.einsum("yxi,i->yx", terms, weights)
        paper = lit & (shown > INK * light)
    return np.maximum(light, DIMMEST), paper


def _fits(shown: Numbers, light: Numbers, paper: Bools) -> bool:
    """Whether there is enough paper as bright as the `light` says, all around the frame as well,
    as far as there is light."""
    if paper.mean() < LEAST_PAPER:
        return False
    off = np.abs(shown[paper] / light[paper] - 1) > NEAR
    told = paper | (light < 2 * DIMMEST)
    frame = np.concatenate((told[0], told[-1], told[:, 0], told[:, -1]))
    return bool(off.mean() <= MOST_OFF and frame.mean() >= FRAME)


def _terms(height: int, width: int) -> Numbers:
    """x**i * y**j for all i + j up to `DEGREE`, [height, width, terms]; x, y from -1 to 1."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    powers = [(i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
    return np.stack([x**i * y**j for i, j in powers], axis=2)
