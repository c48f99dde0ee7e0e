# SPDX-License-Identifier: Apache-2.0
"""Pages no person would photograph: what each stage after the decoder finds hardest.

A page is wholly told by its pattern, size and seed, so a bad one is found again from a few bytes.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Random = np.random.Generator

MOST_PIXELS = 2_000_000  # reading shrinks what is larger


def flat(height: int, width: int, random: Random) -> Pixels:
    return np.full((height, width), random.integers(256), np.uint8)


def noise(height: int, width: int, random: Random) -> Pixels:
    return random.integers(0, 256, (height, width), np.uint8)


def halftone(height: int, width: int, random: Random) -> Pixels:
    """Dots on a grid: thousands of pieces of one size."""
    pitch = int(random.integers(2, 30))
    page = np.full((height, width), 255, np.uint8)
    page[::pitch, ::pitch] = 0
    return np.asarray(cv2.erode(page, np.ones((max(1, pitch // 2),) * 2, np.uint8)), np.uint8)


def stripes(height: int, width: int, random: Random) -> Pixels:
    """Rules at any angle, from a pixel's to half a page's width."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle, pitch = random.uniform(0, np.pi), random.uniform(2, 200)
    phase = (x * np.cos(angle) + y * np.sin(angle)) % pitch
    return np.where(phase < pitch / 2, 20, 230).astype(np.uint8)


def checks(height: int, width: int, random: Random) -> Pixels:
    side = int(random.integers(1, 60))
    y, x = np.mgrid[:height, :width]
    return np.where((x // side + y // side) % 2, 0, 255).astype(np.uint8)


def grid(height: int, width: int, random: Random) -> Pixels:
    """Graph paper: one piece of ink over the whole page, full of holes."""
    page = np.full((height, width), 240, np.uint8)
    pitch = int(random.integers(4, 80))
    page[::pitch] = page[:, ::pitch] = 30
    return page


def boxes(height: int, width: int, random: Random) -> Pixels:
    """Boxes in boxes, a digit in every gap: each holds all the others."""
    page = np.full((height, width), 240, np.uint8)
    pitch = int(random.integers(8, 60))
    for inset in range(2, min(height, width) // 2 - pitch, pitch):
        cv2.rectangle(page, (inset, inset), (width - inset, height - inset), 30, 2)
        at, size = (inset + 3, height // 2), pitch / 40
        cv2.putText(page, "8", at, cv2.FONT_HERSHEY_SIMPLEX, size, 30, max(1, int(size)))
    return page


def blobs(height: int, width: int, random: Random) -> Pixels:
    """Thousands of pieces of any shape and size."""
    small = random.normal(0, 1, (max(1, height // 4), max(1, width // 4))).astype(np.float32)
    smooth = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.where(smooth > random.uniform(-0.5, 1.5), 30, 220).astype(np.uint8)


def print_(height: int, width: int, random: Random) -> Pixels:
    """A page full of digits and letters in lines, small or large."""
    page = np.full((height, width), 235, np.uint8)
    size = random.uniform(0.3, 2.5)
    signs = "0123456789" * 3 + "aegklmostuwB8S5IlO|/-"
    for baseline in range(int(30 * size), height, int(34 * size)):
        line = "".join(random.choice(list(signs), max(1, int(width / (18 * size)))))
        at = (int(random.integers(20)), baseline)
        cv2.putText(page, line, at, cv2.FONT_HERSHEY_SIMPLEX, size, 25, max(1, int(2 * size)))
    return page


def one_snake(height: int, width: int, random: Random) -> Pixels:
    """One stroke that wanders over the whole page: a single piece wider than any line."""
    page = np.full((height, width), 250, np.uint8)
    steps = random.normal(0, max(4, min(height, width) / 12), (400, 2)).cumsum(axis=0)
    points = (np.abs(steps) % (width, height)).astype(np.int32)
    cv2.polylines(page, [points], False, 0, int(random.integers(1, 9)))
    return page


PATTERNS: tuple[Callable[[int, int, Random], Pixels], ...] = (
    flat, noise, halftone, stripes, checks, grid, blobs, print_, one_snake, boxes,
)  # fmt: skip


def page_of(pattern: int, height: int, width: int, seed: int) -> Pixels:
    """Grey HxW, at most `MOST_PIXELS`: two patterns laid over each other for an odd `seed`."""
    height = max(1, min(height, MOST_PIXELS // max(1, width)))
    random = np.random.default_rng(seed)
    page = PATTERNS[pattern % len(PATTERNS)](height, width, random)
    if seed % 2:
        other = PATTERNS[int(random.integers(len(PATTERNS)))](height, width, random)
        page = np.minimum(page, other)
    return page
