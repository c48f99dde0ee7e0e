# SPDX-License-Identifier: Apache-2.0
"""What is left of a line's ink after a camera and the ink stage of `vision`.

A quick stand-in for rendering a whole photo: training needs millions of digits, and blur, noise,
thresholds and remains of rules are what they suffer on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.line import Written
from training.synthesis.pen import Ink
from vision.strip import CHARACTER_PX, MARGIN_PX

EDGE = 0.42  # of a stroke's darkness: what the ink stage takes for a stroke's edge
FULL = 0.8  # and for fully ink


@dataclass(frozen=True, slots=True)
class Wear:
    """`blur_px` and `noise` at camera resolution; `rule` and `walls`: remains of ruled paper
    and boxes; `turn` what is left of a slope, as dy/dx; `scale_error` of the line finder."""

    blur_px: float
    noise: float
    smear_px: float
    rule: float
    walls: float
    turn: float
    scale_error: float


def draw_wear(random: Random) -> Wear:
    """One photo's damage, most of it mild."""
    return Wear(
        blur_px=float(random.gamma(1.5, 0.4)),
        noise=float(random.gamma(1.2, 0.04)),
        smear_px=float(random.uniform(0, 3)) if random.random() < 0.1 else 0.0,
        rule=float(random.uniform(0.3, 1)) if random.random() < 0.15 else 0.0,
        walls=float(random.uniform(0.3, 1)) if random.random() < 0.08 else 0.0,
        turn=float(random.normal(0, 0.03)),
        scale_error=float(np.exp(random.normal(0, 0.12))),
    )


def wear(written: Written, chosen: Wear, random: Random) -> Written:
    """The line as a strip of `vision` holds it: about 40 pixels high, soft, 0 to 1."""
    ink, owner = _with_rules(written, chosen, random)
    ink = _photograph(ink, chosen, random)
    ink, owner = _find(ink, owner)
    return _level(replace(written, ink=ink, owner=owner), chosen)


def grey(written: Written, chosen: Wear, random: Random) -> tuple[Ink, int]:
    """The line as it lies on a flattened page, grey and uncut, and by how many pixels its boxes
    have moved to the right and down."""
    ink, _ = _with_rules(written, chosen, random)
    return np.clip(_photograph(ink, chosen, random), 0, 1), (len(ink) - len(written.ink)) // 2


def _with_rules(written: Written, chosen: Wear, random: Random) -> tuple[Ink, NDArray[np.int16]]:
    pad = round(0.35 * written.height_px) + 2
    ink, owner = np.pad(written.ink, pad), np.pad(written.owner, pad)
    marks = np.zeros(ink.shape, np.uint8)
    thickness = max(1, round(written.height_px * random.uniform(0.02, 0.06)))
    if chosen.rule:
        _rule(marks, pad + written.height_px * random.uniform(0.6, 1.3), thickness, random)
    if chosen.walls:
        for character in written.characters:
            x = pad + character.box[0] - round(random.uniform(0.02, 0.3) * written.height_px)
            cv2.line(marks, (x, 0), (x, ink.shape[0]), 255, thickness, cv2.LINE_AA)
    shade = marks.astype(np.float32) / 255 * random.uniform(0.3, 1.0)
    owner = np.where((shade > ink) & (shade > 0.1), np.int16(-1), owner)
    return np.maximum(ink, shade), owner


def _rule(marks: NDArray[np.uint8], y: float, thickness: int, random: Random) -> None:
    """A rule across the line, in pieces: the ink stage removes most of it."""
    width = marks.shape[1]
    slope = random.normal(0, 0.02)
    for _ in range(int(random.integers(1, 5))):
        start, length = random.uniform(0, width), random.uniform(0.05, 0.6) * width
        ends = [(round(x), round(y + slope * x)) for x in (start, start + length)]
        cv2.line(marks, ends[0], ends[1], 255, thickness, cv2.LINE_AA)


def _photograph(ink: Ink, chosen: Wear, random: Random) -> Ink:
    if chosen.blur_px > 0.25:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), chosen.blur_px), np.float32)
    if chosen.smear_px > 1:
        size = round(chosen.smear_px) + 1
        kernel = np.zeros((size, size), np.float32)
        cv2.line(kernel, (0, int(random.integers(size))), (size - 1, size // 2), 1.0, 1)
        ink = np.asarray(cv2.filter2D(ink, -1, kernel / kernel.sum()), np.float32)
    noise = random.standard_normal(ink.shape, np.float32)
    if random.random() < 0.5:
        noise = np.asarray(1.8 * cv2.GaussianBlur(noise, (0, 0), 0.8), np.float32)
    return np.asarray(ink + chosen.noise * noise, np.float32)


def _find(ink: Ink, owner: NDArray[np.int16]) -> tuple[Ink, NDArray[np.int16]]:
    strong = ink[ink > 0.25]
    level = float((strong**2).sum() / max(float(strong.sum()), 1e-6)) if strong.size else 1.0
    near = cv2.dilate((ink > EDGE * level).astype(np.uint8), np.ones((3, 3), np.uint8))
    soft = np.clip(ink / (level * FULL), 0, 1) * near
    return soft.astype(np.float32), owner


def _level(written: Written, chosen: Wear) -> Written:
    """Resamples to the strip's scale, and moves the characters' boxes along."""
    scale = CHARACTER_PX / written.height_px * chosen.scale_error
    ink, owner = written.ink, written.owner
    rows, columns = ink.shape
    size = (
        int(columns * scale) + 2 * MARGIN_PX,
        int((rows + abs(chosen.turn) * columns) * scale) + 2 * MARGIN_PX,
    )
    down = max(-chosen.turn * columns, 0.0)
    matrix = np.array(
        [[scale, 0, MARGIN_PX], [chosen.turn * scale, scale, MARGIN_PX + down * scale]]
    )
    if scale < 0.7:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.4 / scale), np.float32)
    method = cv2.INTER_LINEAR if scale < 1.5 else cv2.INTER_CUBIC
    ink = np.clip(cv2.warpAffine(ink, matrix, size, flags=method), 0, 1).astype(np.float32)
    owner = np.asarray(cv2.warpAffine(owner, matrix, size, flags=cv2.INTER_NEAREST), np.int16)
    return replace(written, ink=ink, owner=owner)
