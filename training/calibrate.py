# SPDX-License-Identifier: Apache-2.0
"""Probabilities that mean something: one temperature, fitted on glyphs that trained nothing.

Guo et al. 2017: a network's logits divided by one number give honest probabilities without
changing what it reads.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]
Labels = NDArray[np.int64]

BINS = 15
LOWEST, HIGHEST = 0.2, 5.0  # temperatures worth trying
GOLDEN = (np.sqrt(5) - 1) / 2


def fit_temperature(logits: Logits, labels: Labels) -> float:
    """The temperature with the least log loss, searched on its logarithm."""
    best = golden_section(
        lambda at: log_loss(logits / np.exp(at), labels), np.log(LOWEST), np.log(HIGHEST)
    )
    return round(float(np.exp(best)), 4)


def golden_section(loss: Callable[[float], float], low: float, high: float) -> float:
    """Where `loss`, which has one valley between `low` and `high`, is least."""
    for _ in range(40):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(low + high) / 2


def log_loss(logits: Logits, labels: Labels) -> float:
    """Mean negative log probability of the right class."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(shifted).sum(axis=1))
    return float((normaliser - shifted[np.arange(len(labels)), labels]).mean())


def calibration_error(probabilities: NDArray[np.float32], labels: Labels) -> float:
    """ECE of the most probable classes (see `confidence_error`)."""
    return confidence_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)


def confidence_error(said: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """ECE: mean distance between confidence and accuracy over 15 bins, weighted by size."""
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, said - right, BINS)
    return float(np.abs(gap).sum() / max(len(said), 1))
