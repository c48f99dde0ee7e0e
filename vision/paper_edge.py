# SPDX-License-Identifier: Apache-2.0
"""Edges of paper told from 1s: a stroke has the same paper on both of its sides."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Components

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

STEP = 0.6  # the darker side's brightness by the brighter side's: less is not one paper
ASIDE, NEAREST_PX = 0.2, 2.0  # of a piece's length, and of the paper: how far from it to look,
ALONG = (0.25, 0.5, 0.75)  # and where along it
STRAIGHT, FILLED = 0.3, 0.5  # thickness by length of a straight piece at most, and how full it is


def on_edges(pieces: Components, chosen: Bools, paper: Pixels) -> Bools:
    """Which of the `chosen` pieces are straight and lie where paper ends or meets darker paper.

    `paper` is its brightness at low resolution, 0 where there is none (`Page.paper`).
    """
    height, width = pieces.labels.shape
    scale = np.array([paper.shape[1] / width, paper.shape[0] / height])
    rows = np.flatnonzero(chosen)
    boxes = pieces.boxes[rows] * np.tile(scale, 2)
    upright = pieces.widths[rows] <= pieces.heights[rows]
    stepped = np.where(upright, _steps(paper, boxes), _steps(paper.T, boxes[:, [1, 0, 3, 2]]))
    found = np.zeros(len(chosen), bool)
    found[[row for row in rows[stepped] if _is_straight(pieces, row)]] = True
    return found


def _steps(paper: Pixels, boxes: Numbers) -> Bools:
    """Whether left and right of each upright box [N, 4] paper is of unlike brightness."""
    x, y, w, h = boxes.T
    down = np.clip(y + np.multiply.outer(ALONG, h), 0, paper.shape[0] - 1).astype(int)
    aside = np.maximum(ASIDE * h, NEAREST_PX)
    across = np.clip((x - aside, x + w + aside), 0, paper.shape[1] - 1).astype(int)
    left, right = (paper[down, side].mean(axis=0) for side in across)
    return np.asarray(np.minimum(left, right) < STEP * np.maximum(left, right))


def _is_straight(pieces: Components, row: int) -> bool:
    _, own = pieces.alone(row)
    _, sides, _ = cv2.minAreaRect(np.asarray(cv2.findNonZero(own)))
    fills = pieces.areas[row] > FILLED * (min(sides) + 1) * (max(sides) + 1)
    return bool(fills and min(sides) < STRAIGHT * max(sides))
