# SPDX-License-Identifier: Apache-2.0
"""What a pen leaves on paper: ball pen, pencil, felt tip, marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.strokes import Points

Ink = NDArray[np.float32]

OVERSAMPLING = 3  # strokes are drawn this much larger, so that widths need not be whole pixels


class PenKind(StrEnum):
    BALL = "ball"
    PENCIL = "pencil"
    FELT = "felt"
    MARKER = "marker"


@dataclass(frozen=True, slots=True)
class Pen:
    """`width` in digit heights, `pressure` how much it varies along a stroke (0 to 1),
    `skip` how likely a stroke has a gap, `grain` how much of the paper shows through."""

    kind: PenKind
    width: float
    pressure: float
    skip: float
    grain: float


def draw_pen(random: Random) -> Pen:
    """A pen from somebody's desk."""
    kind = PenKind(random.choice(list(PenKind), p=[0.45, 0.2, 0.2, 0.15]))
    low, high = {
        PenKind.BALL: (0.03, 0.09),
        PenKind.PENCIL: (0.03, 0.1),
        PenKind.FELT: (0.07, 0.16),
        PenKind.MARKER: (0.13, 0.26),
    }[kind]
    dry = kind in (PenKind.BALL, PenKind.PENCIL)
    return Pen(
        kind=kind,
        width=float(np.exp(random.uniform(np.log(low), np.log(high)))),
        pressure=float(random.uniform(0.0, 0.4)),
        skip=float(random.uniform(0.0, 0.08)) if dry else 0.0,
        grain=float(random.uniform(0.2, 0.7)) if kind is PenKind.PENCIL else 0.0,
    )


def trace(
    paths: Sequence[Points], height_px: float, pen: Pen, random: Random
) -> tuple[Ink, Points]:
    """Ink (float32, 0 to 1) of the paths, and where its top left lies, in pixels from (0, 0)."""
    scale = height_px * OVERSAMPLING
    margin = (pen.width * 1.5 + 0.02) * scale + 2
    every = np.vstack(paths) * scale
    corner = np.floor((every.min(axis=0) - margin) / OVERSAMPLING)
    size = np.ceil((every.max(axis=0) + margin) / OVERSAMPLING - corner).astype(int)
    canvas = np.zeros((size[1] * OVERSAMPLING, size[0] * OVERSAMPLING), np.uint8)
    for path in paths:
        _stroke(canvas, path * scale - corner * OVERSAMPLING, pen, scale, random)
    small = cv2.resize(canvas, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255), np.asarray(corner, float)


def _stroke(
    canvas: NDArray[np.uint8], path: Points, pen: Pen, scale: float, random: Random
) -> None:
    count = max(1, round(len(path) / 6))
    if random.random() < pen.skip and len(path) > 6:
        gap = int(random.integers(1, len(path) - 3))
        path = np.delete(path, slice(gap, gap + 2), axis=0) if random.random() < 0.3 else path
        _piece(canvas, path[:gap], pen.width * scale)
        path = path[gap + 2 :]
    waves = 1 + pen.pressure * np.convolve(
        random.uniform(-1, 1, count + 2), [0.3, 0.4, 0.3], "valid"
    )
    cuts = np.linspace(0, len(path) - 1, count + 1).astype(int)
    for start, stop, wave in zip(cuts[:-1], cuts[1:], waves, strict=True):
        _piece(canvas, path[start : stop + 1], pen.width * scale * float(wave))


def _piece(canvas: NDArray[np.uint8], path: Points, width: float) -> None:
    if not len(path):
        return
    fixed = np.round(path * 16).astype(np.int32)
    cv2.polylines(canvas, [fixed], False, 255, max(1, round(width)), cv2.LINE_AA, 4)


def grain(ink: Ink, pen: Pen, random: Random) -> Ink:
    """Lets the paper's roughness show through: a pencil touches only the high fibres."""
    if pen.grain <= 0:
        return ink
    rough = np.asarray(
        cv2.GaussianBlur(random.standard_normal(ink.shape, np.float32), (0, 0), 0.7), np.float32
    )
    rough /= max(float(rough.std()), 1e-6)
    return np.asarray(ink * np.clip(1 - pen.grain * (0.35 + 0.45 * rough), 0, 1), np.float32)
