# SPDX-License-Identifier: Apache-2.0
"""Photos with known truth: digits drawn by strokes on paper of any light."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

pillow_heif.register_heif_opener()  # to save: reading does without

# Strokes of each digit in a unit square, as a person writes them.
STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.5, 0), (0.15, 0.2), (0.1, 0.6), (0.3, 0.95), (0.6, 0.98), (0.85, 0.7), (0.85, 0.3),
           (0.7, 0.05), (0.5, 0)]],
    "1": [[(0.5, 0), (0.48, 0.5), (0.46, 1)]],
    "2": [[(0.1, 0.2), (0.3, 0.02), (0.65, 0.02), (0.8, 0.25), (0.6, 0.55), (0.1, 0.98),
           (0.9, 0.95)]],
    "3": [[(0.15, 0.08), (0.5, 0), (0.8, 0.15), (0.7, 0.4), (0.4, 0.48), (0.75, 0.58),
           (0.82, 0.82), (0.5, 1), (0.12, 0.9)]],
    "4": [[(0.55, 0), (0.08, 0.65), (0.92, 0.62)], [(0.66, 0.3), (0.62, 1)]],
    "5": [[(0.8, 0.02), (0.25, 0.04), (0.2, 0.42), (0.55, 0.38), (0.82, 0.6), (0.7, 0.9),
           (0.4, 1), (0.1, 0.9)]],
    "6": [[(0.7, 0), (0.3, 0.3), (0.14, 0.7), (0.35, 0.98), (0.7, 0.92), (0.78, 0.68),
           (0.5, 0.52), (0.2, 0.68)]],
    "7": [[(0.1, 0.05), (0.85, 0.03), (0.55, 0.5), (0.4, 1)]],
    "8": [[(0.75, 0.12), (0.45, 0), (0.2, 0.18), (0.4, 0.42), (0.75, 0.65), (0.7, 0.92),
           (0.4, 1), (0.18, 0.82), (0.35, 0.55), (0.7, 0.35), (0.75, 0.12)]],
    "9": [[(0.78, 0.15), (0.5, 0), (0.2, 0.15), (0.22, 0.42), (0.5, 0.5), (0.78, 0.3),
           (0.78, 0.15), (0.72, 0.6), (0.6, 1)]],
}  # fmt: skip


def paper(width: int = 900, height: int = 400, shade: int = 225) -> Pixels:
    """Bare paper with a little grain, RGB."""
    grain = np.random.default_rng(7).normal(0, 2.0, (height, width, 1))
    return np.clip(np.full((height, width, 3), shade, float) + grain, 0, 255).astype(np.uint8)


def write(
    page: Pixels,
    text: str,
    at: tuple[int, int],
    *,
    height: int = 90,
    pitch: float = 1.0,
    ink: tuple[int, int, int] = (35, 35, 60),
    slope: float = 0.0,
) -> Pixels:
    """`page` with `text` written on it from `at` (top left), `pitch` heights a digit."""
    written = page.copy()
    thickness = max(2, height // 13)
    for place, digit in enumerate(text):
        left = at[0] + place * pitch * height
        top = at[1] + place * pitch * height * slope
        for stroke in STROKES[digit]:
            points = [(left + x * height * 0.62, top + y * height) for x, y in stroke]
            line = _rounded(np.array(points, float))
            cv2.polylines(written, [line], False, ink, thickness, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(written, (3, 3), 0.7), np.uint8)


def _rounded(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Corners cut twice, as a moving hand does."""
    for _ in range(2):
        if len(points) < 3:
            break
        ahead, behind = points[1:], points[:-1]
        cut = np.stack((0.75 * behind + 0.25 * ahead, 0.25 * behind + 0.75 * ahead), axis=1)
        points = np.concatenate((points[:1], cut.reshape(-1, 2), points[-1:]))
    return np.rint(points).astype(np.int32)


def encoded(page: Pixels, kind: str = "JPEG", **options: Any) -> bytes:
    """`page` as the bytes of a picture file."""
    data = BytesIO()
    Image.fromarray(page).save(data, kind, **options)
    return data.getvalue()
