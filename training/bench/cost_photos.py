# SPDX-License-Identifier: Apache-2.0
"""Photos that differ in one thing only: how many pixels they have, or how many digits.

They are written with drawn strokes, so nothing needs to be fetched.
`python -m training.bench.cost_photos OUT MEGAPIXELS DIGITS` writes one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis import camera, distractors, paper
from training.synthesis.characters import StrokeWriter
from training.synthesis.hand import Random, draw_hand
from training.synthesis.line import Spacing, write_line
from training.synthesis.pen import Ink, Pen, PenKind

Pixels = NDArray[np.uint8]

PAGE = 1600, 1200  # width and height in pixels of a photo as a phone sends it by MMS
PER_LINE = 20
DIGIT_PX = 46
LINE_PX = 105  # from line to line: ten of them fill the page
LEFT_PX, TOP_PX = 130, 100
PEN = Pen(PenKind.FELT, 0.1, 0.1, 0.0, 0.0)
EVEN = Spacing(0.3, 0.03, 1.0, 0.0, 0.02, 0.03)
PAPER = np.array([0.93, 0.95, 0.96], np.float32)  # blue, green, red
INK = np.array([0.45, 0.15, 0.1])
NOISE = 4.0  # of 255, so that a large photo does not compress better than a camera's
QUALITY = 88


def page_of(digits: int, seed: int = 0) -> tuple[Pixels, str]:
    """A page 1600 by 1200 (uint8, blue green red) and its `digits` digits, twenty a line."""
    random = np.random.default_rng(seed)
    text = "".join(str(value) for value in random.integers(0, 10, digits))
    lines = [text[start : start + PER_LINE] for start in range(0, digits, PER_LINE)]
    picture = paper.sheet(PAGE[1], PAGE[0], PAPER, random)
    paper.lay(picture, _ink(lines, random), INK)
    return np.asarray(np.clip(picture * 255, 0, 255), np.uint8), "|".join(lines)


def jpeg_of(page: Pixels, megapixels: float) -> bytes:
    """The page as a camera of `megapixels` would store it."""
    height, width = page.shape[:2]
    scale = np.sqrt(megapixels * 1e6 / (height * width))
    size = int(width * scale), int(height * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return camera.compress(_noisy(np.asarray(cv2.resize(page, size, interpolation=way))), QUALITY)


def _ink(lines: list[str], random: Random) -> Ink:
    writer = StrokeWriter(draw_hand(random), PEN)
    ink = np.zeros(PAGE[::-1], np.float32)
    for index, line in enumerate(lines):
        written = write_line([(digit, writer) for digit in line], DIGIT_PX, EVEN, random)
        distractors.paste(ink, written.ink, LEFT_PX, TOP_PX + index * LINE_PX)
    return ink


def _noisy(page: Pixels) -> Pixels:
    noise = np.empty(page.shape, np.int16)
    cv2.setRNGSeed(0)
    cv2.randn(noise, np.zeros(3), np.full(3, NOISE))
    return np.asarray(cv2.add(page, noise, dtype=cv2.CV_8U), np.uint8)


def main() -> None:
    out, megapixels, digits = sys.argv[1:]
    Path(out).write_bytes(jpeg_of(page_of(int(digits))[0], float(megapixels)))


if __name__ == "__main__":
    main()
