# SPDX-License-Identifier: Apache-2.0
"""A written line: which pieces of ink it has, and where it runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.components import Components

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

TALL_SHARE = 0.5  # of the tallest tenth: what counts as a whole character of a line


@dataclass(frozen=True, slots=True)
class TextLine:
    """Rows of `Components` that form one line, left to right, and the line's own geometry.

    The middle of the line runs through (`x`, `y`) with `slope` (dy/dx); `height` is that of its
    characters, in pixels.
    """

    members: Rows
    x: float
    y: float
    slope: float
    height: float


def line_of(pieces: Components, members: Rows) -> TextLine:
    """The line that the rows `members` of `pieces` form."""
    heights = pieces.heights[members].astype(np.float64)
    tall = heights >= TALL_SHARE * np.percentile(heights, 90)
    centres = pieces.centres[members]
    x, y = (float(value) for value in centres[tall].mean(axis=0))
    height = float(np.percentile(heights[tall], 40))
    return TextLine(members, x, y, _slope(centres[tall], height), height)


def _slope(centres: Numbers, height: float) -> float:
    """Median of the slopes between far-apart characters: one odd character does not tilt it."""
    if len(centres) < 3:
        return 0.0
    apart = centres[None] - centres[:, None]
    far = apart[..., 0] > max(1.5 * height, 0.3 * float(np.ptp(centres[:, 0])))
    if not far.any():
        return 0.0
    return float(np.clip(np.median(apart[far][:, 1] / apart[far][:, 0]), -0.6, 0.6))
