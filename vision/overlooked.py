# SPDX-License-Identifier: Apache-2.0
"""Digits that were detected on the page and that no line has: a reading may lack them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.attempt import Attempt
from vision.findings import Findings
from vision.orient import quarters
from vision.page import Page
from vision.report import box_on_photo

Bools = NDArray[np.bool_]

RIM = 0.15  # of its size: how far beyond a digit's box the middle of the same digit may be seen


def overlooked(found: Findings) -> float:
    """How many digits were detected outside those that were read, each as far as it is likely to
    be one; 0 when nobody has looked."""
    missed = not_read(found.tried, found.page, found.turns)
    return float(found.page.detected.scores[missed].sum()) if found.page.detected else 0.0


def surely_read(tried: Attempt, turns: int, page: Page) -> int:
    """How many of the digits whose place on `page` is in no doubt are in a line of `tried`."""
    if page.detected is None:
        return 0
    return int(np.count_nonzero(page.detected.certain & ~not_read(tried, page, turns)))


def not_read(tried: Attempt, page: Page, turns: int) -> Bools:
    """Which of the digits detected on `page` are in no line of `tried`, for which it was turned by
    so many quarters; none when nobody has looked for any."""
    if page.detected is None:
        return np.zeros(0, np.bool_)
    boxes = page.detected.boxes
    turn = quarters(page.contrast.shape, turns)
    middles = (boxes[:, :2] + boxes[:, 2:] / 2) @ turn[:, :2].T + turn[:, 2]
    read = np.array(
        [
            box_on_photo(choice.box, line.strip, tried.to_page)
            for line in tried.lines
            for choice in line.decoded.choices
        ],
        np.float64,
    ).reshape(-1, 4)
    low, size = read[:, :2], read[:, 2:]
    rim = RIM * size.max(axis=1, keepdims=True)
    over, under = middles[:, None] >= low - rim, middles[:, None] <= low + size + rim
    return ~np.asarray((over & under).all(axis=2).any(axis=1), np.bool_)
