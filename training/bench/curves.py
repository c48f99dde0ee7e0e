# SPDX-License-Identifier: Apache-2.0
"""Figures behind the pictures: risk against coverage, reliability, confusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.alignment import align
from training.calibrate import BINS, confidence_error
from training.scoring import Outcome, only_digits

NONE = 10  # row of digits that are not there, column of digits that were missed


@dataclass(frozen=True, slots=True)
class Point:
    """Of all photos, `coverage` are answered, and `risk` of those answers are wrong (0 to 1)."""

    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims whose probabilities fell into one of 15 bins: their mean, the share that was right,
    and how many there are."""

    claimed: float
    right: float
    count: int


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Point]:
    """What happens when photos are answered from the most confident down, as far as any digits
    were read. Photos of equal confidence are answered together: no limit could part them."""
    answered = sorted((o for o in outcomes if only_digits(o.text)), key=lambda o: -o.confidence)
    wrong = np.cumsum([not outcome.exact for outcome in answered])
    return [
        Point((last + 1) / len(outcomes), float(wrong[last]) / (last + 1))
        for last, outcome in enumerate(answered)
        if last + 1 == len(answered) or answered[last + 1].confidence < outcome.confidence
    ]


def chosen_point(outcomes: Sequence[Outcome]) -> Point:
    """Where the reader's own `sure` puts it."""
    sure = [outcome for outcome in outcomes if outcome.sure]
    silent = sum(outcome.silent_error for outcome in sure)
    return Point(len(sure) / max(len(outcomes), 1), silent / max(len(sure), 1))


def digit_claims(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """(probability, right) of every digit read; right as the fewest edits have it."""
    claims: list[tuple[float, bool]] = []
    for outcome in outcomes:
        pairs = align(only_digits(outcome.label), only_digits(outcome.text))
        right = [true == read for true, read in pairs if read is not None]
        claims += zip(outcome.digit_p, right, strict=bool(outcome.digit_p))
    return claims


def string_claims(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """(confidence, exact) of every photo in which digits were read."""
    return [(o.confidence, o.exact) for o in outcomes if only_digits(o.text)]


def reliability(claims: Iterable[tuple[float, bool]]) -> list[Claims]:
    """The claims by probability, bins that hold none left out."""
    pairs = np.array([(p, right) for p, right in claims], np.float64).reshape(-1, 2)
    place = np.minimum((pairs[:, 0] * BINS).astype(int), BINS - 1)
    return [
        Claims(float(inside[:, 0].mean()), float(inside[:, 1].mean()), len(inside))
        for inside in (pairs[place == index] for index in range(BINS))
        if len(inside)
    ]


def calibration_error(claims: Sequence[tuple[float, bool]]) -> float | None:
    """ECE of the claims; None when there are none."""
    if not claims:
        return None
    said, right = zip(*claims, strict=True)
    return confidence_error(np.array(said), np.array(right))


def confusion(outcomes: Iterable[Outcome]) -> NDArray[np.int64]:
    """Counts [11, 11]: true digit by digit read. The last row is digits where there are none,
    the last column digits that were missed."""
    counts = np.zeros((NONE + 1, NONE + 1), np.int64)
    for outcome in outcomes:
        for true, read in align(only_digits(outcome.label), only_digits(outcome.text)):
            counts[_index(true), _index(read)] += 1
    return counts


def _index(digit: str | None) -> int:
    return NONE if digit is None else int(digit)
