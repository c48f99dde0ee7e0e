# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a photo, in terms a person can act on, the most harmful fault first.

Photos that blind people take are most often cut off or out of focus, then badly lit (VizSnap,
ASSETS 2016): that is the order of `Problem`, and so of what is found here.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.findings import Findings
from vision.page import Page, flatten, to_unit
from vision.photo import Photo
from vision.reading import Box, Line, Problem

DARK_PAPER = 60  # of 255: paper this dark was hardly lit
BLOWN_OUT, UNLIKE_PAPER = 252, 225  # glare: this bright where the paper is darker than that
GLARE_SHARE = 0.01
# Over 3 pixels the edge of a stroke rises by more than half its darkness, when it is sharp: of 150
# photos that were read right, the least was 0.7.
EDGE_PX, FADING_EDGE = 3, 0.5
EMPTY = 0.15  # contrast below which there is nothing on a page that could be blurred
LOOK_PX = 800  # longer side at which blur is looked for
AROUND = 0.5  # of a digit's height: how much of the paper around the digits is looked at
SMALLEST_PX = 12  # height of writing, in pixels of the sender's photo


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """`problems` without repeats, the most harmful first."""
    return tuple(problem for problem in Problem if problem in set(problems))


def cut_off(photo: Photo, boxes: tuple[Box, ...]) -> set[Problem]:
    """The sides of the photo at which one of `boxes` touches the frame."""
    height, width = (side * photo.shrink for side in photo.pixels.shape[:2])
    edge = 1.5 * photo.shrink
    found = set()
    for x, y, w, h in boxes:
        found |= {Problem.CUT_OFF_LEFT} if x < edge else set()
        found |= {Problem.CUT_OFF_TOP} if y < edge else set()
        found |= {Problem.CUT_OFF_RIGHT} if x + w > width - edge else set()
        found |= {Problem.CUT_OFF_BOTTOM} if y + h > height - edge else set()
    return found


def faults_of_light(found: Findings) -> set[Problem]:
    """Blur, darkness and glare."""
    faults = {Problem.BLURRED} if _is_blurred(found) else set()
    if brightness_of(found.page) < DARK_PAPER:
        faults.add(Problem.TOO_DARK)
    blown_out = float((found.page.paper >= BLOWN_OUT).mean())
    if blown_out > GLARE_SHARE and brightness_of(found.page) < UNLIKE_PAPER:
        faults.add(Problem.GLARE)
    return faults


def brightness_of(page: Page) -> float:
    """Brightness (0 to 255) of the paper on the whole; 0 without any."""
    paper = page.paper[page.paper > 0]
    return float(np.median(paper)) if paper.size else 0.0


def _is_blurred(found: Findings) -> bool:
    """Whether there is something to see, but nothing of it has a sharp edge.

    Only the writing counts where some was found: a sharp table under a blurred note is no help.
    """
    contrast = _around_digits(found)
    if contrast.shape[1] < 4 * EDGE_PX:
        return False
    deepest = float(np.percentile(contrast, 99.5))
    if deepest < EMPTY:
        return False
    step = np.abs(contrast[:, EDGE_PX:] - contrast[:, :-EDGE_PX])
    return float(np.percentile(step, 99.8)) < FADING_EDGE * deepest


def _around_digits(found: Findings) -> NDArray[np.float32]:
    """Contrast of the photo, of at most 800 pixels, as far as digits and their paper reach."""
    pixels = found.photo.pixels
    scale = min(1.0, LOOK_PX / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    contrast = to_unit(flatten(small).contrast)
    if not found.lines:
        return contrast
    boxes = np.array([digit.box for line in found.lines for digit in line.digits], np.float64)
    boxes *= scale / found.photo.shrink
    margin = AROUND * float(np.median(boxes[:, 3]))
    left, top = np.maximum(boxes[:, :2].min(axis=0) - margin, 0).astype(int)
    right, bottom = ((boxes[:, :2] + boxes[:, 2:]).max(axis=0) + margin).astype(int)
    return contrast[top : bottom + 1, left : right + 1]


def too_small(lines: tuple[Line, ...]) -> set[Problem]:
    heights = [digit.box.h for line in lines for digit in line.digits]
    return {Problem.TOO_SMALL} if float(np.median(heights)) < SMALLEST_PX else set()
