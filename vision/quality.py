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
CONVINCING = 1.2  # evidence that needs nothing else: three good digits
LIKELY, LIKELY_EXPLAINED = 0.5, 0.3  # less of it must also explain part of the page's ink,
FAINT, FAINT_EXPLAINED, FAINT_PURITY = 0.1, 0.8, 0.8  # and a single digit nearly all of it


@dataclass(frozen=True, slots=True)
class Verdict:
    """`readable` is False when what was found is no digits; the rest as in `Reading`."""

    readable: bool
    sure: bool
    confidence: float
    problems: tuple[Problem, ...]


def judge(photo: Photo, tried: Attempt, lines: tuple[Line, ...], model: Model) -> Verdict:
    """The verdict on what `tried` made of `photo`."""
    if not lines or not _is_writing(tried):
        return Verdict(False, False, 0.0, (Problem.NO_DIGITS,))
    confidence = prod(digit.p for line in lines for digit in line.digits)
    surest = min(digit.p for line in lines for digit in line.digits)
    sure = bool(surest > SURE_DIGIT and tried.quality > SURE_QUALITY)
    return Verdict(True, sure, float(np.clip(confidence, 0, 1)), ())


def _is_writing(tried: Attempt) -> bool:
    """Whether the digits found are more than chance: any texture holds shapes like a 1 or an 8."""
    if tried.evidence > CONVINCING:
        return True
    if tried.evidence > LIKELY and tried.explained > LIKELY_EXPLAINED:
        return True
    clean = min(line.purity for line in tried.lines) > FAINT_PURITY
    return tried.evidence > FAINT and tried.explained > FAINT_EXPLAINED and clean
