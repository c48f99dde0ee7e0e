# SPDX-License-Identifier: Apache-2.0
"""Digits that were detected on the page and that no line has: a reading may lack them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.findings import Findings
from vision.orient import quarters
from vision.reading import Line

Numbers = NDArray[np.float64]

RIM = 0.15  # of its size: how far beyond a digit's box the middle of the same digit may be seen


def overlooked(found: Findings) -> float:
    """How many digits were detected outside those that were read, each as far as it is likely to
    be one; 0 when nobody has looked."""
    detected = found.page.detected
    if detected is None or not len(detected.boxes):
        return 0.0
    middles = detected.boxes[:, :2] + detected.boxes[:, 2:] / 2
    turn = quarters(found.page.contrast.shape, found.turns)
    on_photo = (middles @ turn[:, :2].T + turn[:, 2]) * found.scale
    return float(detected.scores[~_within(on_photo, found.lines)].sum())


def _within(middles: Numbers, lines: tuple[Line, ...]) -> NDArray[np.bool_]:
    """Which of `middles` [N, 2] lie in a digit of `lines`."""
    boxes = np.array([digit.box for line in lines for digit in line.digits], np.float64)
    low, size = boxes.reshape(-1, 4)[:, :2], boxes.reshape(-1, 4)[:, 2:]
    rim = RIM * size.max(axis=1, keepdims=True)
    over, under = middles[:, None] >= low - rim, middles[:, None] <= low + size + rim
    return np.asarray((over & under).all(axis=2).any(axis=1), np.bool_)
