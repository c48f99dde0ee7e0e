# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of confidence: digits calibrated, signs weighed, a threshold for a stated risk.

Logistic regression in which no sign may count against a reading: each is made so that more of it
is better, so a negative weight would be chance, and would not hold on photos of another kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import exp, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

from training.calibrate import golden_section
from vision.trust import Trust

Numbers = NDArray[np.float64]
Truth = NDArray[np.bool_]

PENALTY = 3.0  # on the squared weight of a sign of unit spread: 3 photos' worth of doubt
MOST_STEPS, STILL = 3000, 1e-5  # stops when no weight moves by more
FOLDS = 10
HOTTEST, MOST_BIAS = 5.0, 4.0
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Weighed:
    """Log odds of a reading being right: `intercept` and one weight a sign."""

    intercept: float
    weights: Numbers

    def chances(self, signs: Numbers) -> Numbers:
        return np.asarray(1 / (1 + np.exp(-(self.intercept + signs @ self.weights))))


def fit_digits(mixed: NDArray[np.float32], labels: NDArray[np.int64]) -> Trust:
    """Temperature and bias against "no digit" with the least log loss on digits [N,11]."""
    at, bias = 1.0, 0.0
    for _ in range(ROUNDS):
        at = golden_section(partial(_digit_loss, mixed, labels, bias), 1 / HOTTEST, HOTTEST)
        biased = partial(_digit_loss, mixed, labels, temperature=at)
        bias = golden_section(biased, -MOST_BIAS, MOST_BIAS)
    return Trust(round(at, 4), round(bias, 4))


def _digit_loss(
    mixed: NDArray[np.float32], labels: NDArray[np.int64], bias: float, temperature: float
) -> float:
    right = Trust(temperature, bias).calibrated(mixed)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-9)).mean())


def weigh(signs: Numbers, right: Truth) -> Weighed:
    """Weights of `signs` [N,S], none below 0, by accelerated projected gradient descent."""
    mean, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-6)
    scaled = np.column_stack((np.ones(len(signs)), (signs - mean) / spread))
    step = 1 / (0.25 * float(np.linalg.eigvalsh(scaled.T @ scaled)[-1]) + PENALTY)
    kept = ahead = np.zeros(scaled.shape[1])
    pace = 1.0
    for _ in range(MOST_STEPS):
        slope = scaled.T @ (1 / (1 + np.exp(-scaled @ ahead)) - right)
        slope[1:] += PENALTY * ahead[1:]
        moved = ahead - step * slope
        moved[1:] = np.maximum(moved[1:], 0)
        if np.abs(moved - kept).max() < STILL:
            break
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead, kept, pace = moved + (pace - 1) / faster * (moved - kept), moved, faster
    weights = kept[1:] / spread
    return Weighed(float(kept[0] - weights @ mean), np.asarray(weights))


def unseen_chances(signs: Numbers, right: Truth, seed: int) -> Numbers:
    """Chances [N], each from weights that its own tenth of the readings had no part in."""
    order = np.random.default_rng(seed).permutation(len(right))
    chances = np.zeros(len(right))
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        rest = np.setdiff1d(order, out)
        chances[out] = weigh(signs[rest], right[rest]).chances(signs[out])
    return chances


def threshold_for(chances: Numbers, right: Truth, photos: int, risk: float) -> float:
    """The least threshold whose share of silent errors among `photos` is below `risk`.

    Below it with a probability of 95 %: the upper bound counts, not the share that was seen
    (Geifman and El-Yaniv 2017). Raises `ValueError` when no threshold is as safe as that.
    """
    order = np.argsort(-chances, kind="stable")
    silent = np.cumsum(~right[order])
    allowed = [k for k in range(int(silent[-1]) + 1) if upper_bound(k, photos) <= risk]
    if not allowed:
        raise ValueError(f"{photos} photos are too few to show a risk below {risk}")
    safe = np.flatnonzero(silent <= allowed[-1])
    if not len(safe):
        raise ValueError(f"no reading is so sure that the risk is below {risk}")
    return float(chances[order[safe[-1]]])


def told_from(chances: Numbers, photos: int, share: float) -> float:
    """The least chance of digits that at most `share` of `photos` without any reach.

    `chances` are those of the photos among them in which something was found.
    """
    ranked = np.sort(chances)[::-1]
    allowed = int(share * photos)
    return float(np.nextafter(ranked[allowed], 1.0)) if allowed < len(ranked) else 0.0


def upper_bound(events: int, trials: int, surely: float = 0.95) -> float:
    """Clopper and Pearson: the share that `events` of `trials` leave possible at one side."""
    if events >= trials:
        return 1.0
    return _root(lambda share: _at_most(events, trials, share) - (1 - surely))


def _at_most(events: int, trials: int, share: float) -> float:
    """Probability of at most `events` of `trials`, each with probability `share`."""
    ways = [lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) for k in range(events + 1)]
    return sum(
        exp(way + k * log(share) + (trials - k) * log1p(-share)) for k, way in enumerate(ways)
    )


def _root(falling: Callable[[float], float]) -> float:
    """Where a falling function of (0, 1) is zero, by bisection."""
    low, high = 1e-12, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return high
