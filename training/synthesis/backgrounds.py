# SPDX-License-Identifier: Apache-2.0
"""Pictures somebody took, without digits, as a desk under the paper or as a photo of nothing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.paper import Picture

LONGEST_PX = 1600
KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def find_backgrounds(folder: Path) -> tuple[Path, ...]:
    """All pictures in `folder` and below, in order of their names."""
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS))


def draw_background(paths: tuple[Path, ...], height: int, width: int, random: Random) -> Picture:
    """A random part of a random picture, as it is or mirrored; raises `ValueError` for a file
    that is no picture."""
    whole = _load(paths[int(random.integers(len(paths)))])
    share = random.uniform(0.25, 1.0)
    rows, columns = (max(16, int(side * share)) for side in whole.shape[:2])
    y = int(random.integers(max(1, whole.shape[0] - rows + 1)))
    x = int(random.integers(max(1, whole.shape[1] - columns + 1)))
    part = whole[y : y + rows, x : x + columns, :: int(random.choice([-1, 1]))]
    seen = cv2.resize(np.ascontiguousarray(part), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(seen, np.float32) / np.float32(255)


@lru_cache(maxsize=48)
def _load(path: Path) -> NDArray[np.uint8]:
    """At most `LONGEST_PX` on a side: one load serves many photos."""
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path} is no picture: take it out of the folder of backgrounds")
    scale = LONGEST_PX / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)
