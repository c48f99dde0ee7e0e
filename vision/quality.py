# SPDX-License-Identifier: Apache-2.0
"""What to tell the caller: how far to trust the reading, and what was wrong with the photo."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from vision.attempt import Attempt
from vision.classify import Model
from vision.photo import Photo
from vision.reading import Line, Problem

SURE_DIGIT = 0.9  # every digit at least this probable
SURE_QUALITY = 0.7


@dataclass(frozen=True, slots=True)
class Verdict:
    """`readable` is False when what was found is no digits; the rest as in `Reading`."""

    readable: bool
    sure: bool
    confidence: float
    problems: tuple[Problem, ...]


def judge(photo: Photo, tried: Attempt, lines: tuple[Line, ...], model: Model) -> Verdict:
    """The verdict on what `tried` made of `photo`."""
    if not lines:
        return Verdict(False, False, 0.0, (Problem.NO_DIGITS,))
    confidence = prod(digit.p for line in lines for digit in line.digits)
    surest = min(digit.p for line in lines for digit in line.digits)
    sure = bool(surest > SURE_DIGIT and tried.quality > SURE_QUALITY)
    return Verdict(True, sure, float(np.clip(confidence, 0, 1)), ())
