# SPDX-License-Identifier: Apache-2.0
"""How the time of a reading grows with the photo's pixels and with its digits.

Time here is processor time. On one thread that is what the reading takes on an idle machine, and
other work on the machine does not bend the curve.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.bench.process import run
from training.progress import NullProgress, ProgressBar

MEGAPIXELS = (0.3, 0.7, 1.5, 3.0, 6.0, 12.0, 25.0, 49.9)  # 50 is the most that is read
DIGITS = (1, 2, 5, 10, 20, 50, 100, 200)
USUAL_DIGITS = 12  # on the photos that differ in pixels
USUAL_MEGAPIXELS = 1.92  # of the photos that differ in digits: 1600 by 1200
RUNS = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """The median time of reading one photo. `read`: how many digits were found on it."""

    megapixels: float
    digits: int
    read: int
    ms: float


@dataclass(frozen=True, slots=True)
class Cost:
    """The same page with more and more pixels; more and more digits on the same pixels."""

    by_pixels: tuple[Timed, ...]
    by_digits: tuple[Timed, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `sonsori bench cost`. An exponent of 1 is linear growth, 0 none at all."""
        return {
            "pixels": _as_dict([(one.megapixels, one.ms) for one in self.by_pixels]),
            "digits": _as_dict([(one.digits, one.ms) for one in self.by_digits]),
        }


def measure_cost(runs: int = RUNS, *, progress: ProgressBar | None = None) -> Cost:
    """Both series in a process of their own, the median of `runs` readings each. Takes a minute."""
    progress = progress or NullProgress()
    progress.begin("cost", len(MEGAPIXELS) + len(DIGITS))
    timed: list[Timed] = []

    def keep(line: str) -> None:
        timed.append(Timed(**json.loads(line)))
        progress.advance()

    run([sys.executable, "-m", "training.bench.cost_solo", str(runs)], keep)
    return Cost(tuple(timed[: len(MEGAPIXELS)]), tuple(timed[len(MEGAPIXELS) :]))


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of ms over amount where both are logarithms, by least squares."""
    amounts, times = np.log(np.array(points)).T
    return float(np.polyfit(amounts, times, 1)[0])


def steepest(points: Sequence[tuple[float, float]]) -> float:
    """The exponent of the upper half alone, where what every photo costs hides least."""
    return exponent(points[len(points) // 2 :])


def straight(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(fixed, each): ms = fixed + each * amount with the least relative errors."""
    amounts, times = np.array(points).T
    each, fixed = np.polyfit(amounts, times, 1, w=1 / times)
    return float(fixed), float(each)


def _as_dict(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    return {
        "ms": [[amount, ms] for amount, ms in points],
        "fixed_ms": round(straight(points)[0], 2),
        "each_ms": round(straight(points)[1], 3),
        "exponent": round(exponent(points), 3),
        "exponent_upper_half": round(steepest(points), 3),
    }
