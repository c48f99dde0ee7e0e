# SPDX-License-Identifier: Apache-2.0
"""What makes a photo hard: told by the renderer where it knows, else measured once, when added.

Measured by the stages of `vision` with the networks that ship, so that the slices a photo is in
depend on neither of two models that are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.frozen import Condition
from training.synthesis.grids import Frame
from training.synthesis.paper import Ruling
from training.synthesis.photo import SyntheticPhoto
from vision import Model, load_model
from vision.finder import Mark
from vision.findings import Findings
from vision.ink import find_ink
from vision.reader import examine
from vision.reading import Problem
from vision.rules import rules_angle
from vision.signs import Sign, signs_of
from vision.triage import faults_of_light

Box = tuple[int, int, int, int]

DARK = 100  # of 255: half of a dark photo's pixels are darker than this
RULES = 1.0  # length of rules and boxes that makes a page ruled, by its longer side
ONE_PIECE = 0.3  # of a digit's ink: a piece with that much of two digits joins them


def told(photo: SyntheticPhoto) -> tuple[Condition, ...]:
    """The conditions of a rendered photo: light as it was measured, the rest as it was drawn."""
    found = set(measured(photo.jpeg())) - {Condition.RULED, Condition.TOUCHING}
    plan = photo.plan
    if plan.ruling is not Ruling.PLAIN or plan.boxed or plan.frame is not Frame.NONE:
        found.add(Condition.RULED)
    if _touching(photo):
        found.add(Condition.TOUCHING)
    return _in_order(found)


def measured(data: bytes) -> tuple[Condition, ...]:
    """The conditions of a photo that a caller sent; none for what is no photo."""
    found = examine(data, _shipped())
    if not isinstance(found, Findings):
        return ()
    conditions = set()
    if np.median(found.photo.pixels) < DARK:
        conditions.add(Condition.DARK)
    if Problem.BLURRED in faults_of_light(found):
        conditions.add(Condition.BLURRED)
    if rules_angle(find_ink(found.page))[1] > RULES:
        conditions.add(Condition.RULED)
    if found.lines and signs_of(found)[Sign.GAPS] <= 0:
        conditions.add(Condition.TOUCHING)
    return _in_order(conditions)


def _touching(photo: SyntheticPhoto) -> bool:
    """Whether two digits that follow each other are one piece of ink."""
    upright = np.ascontiguousarray(np.rot90(photo.classes, photo.quarter_turns))
    digits = np.isin(upright, (Mark.HANDWRITTEN, Mark.PRINTED)).astype(np.uint8)
    _, pieces = cv2.connectedComponents(digits, connectivity=8)
    return any(
        _joined(np.asarray(pieces, np.int32), left, right)
        for line in photo.lines
        for left, right in zip(line.boxes, line.boxes[1:], strict=False)
    )


def _joined(pieces: NDArray[np.int32], left: Box, right: Box) -> bool:
    """Whether one piece holds much of both digits, where their boxes do not overlap."""
    of_left = _large(pieces, left, left[0], min(left[0] + left[2], right[0]))
    of_right = _large(pieces, right, max(right[0], left[0] + left[2]), right[0] + right[2])
    return bool(of_left & of_right)


def _large(pieces: NDArray[np.int32], box: Box, start: int, stop: int) -> set[int]:
    """The pieces that have much of the ink in `box` between the columns `start` and `stop`."""
    top, bottom = max(box[1], 0), max(box[1] + box[3], 0)
    inside = pieces[top:bottom, max(start, 0) : max(stop, 0)]
    names, counts = np.unique(inside[inside > 0], return_counts=True)
    return set(names[counts > ONE_PIECE * counts.sum()].tolist())


def _in_order(found: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(condition for condition in Condition if condition in set(found))


@cache
def _shipped() -> Model:
    return load_model()
