# SPDX-License-Identifier: Apache-2.0
"""Probabilities that mean something: one temperature, fitted on glyphs that trained nothing.

Guo et al. 2017: a network's logits divided by one number give honest probabilities without
changing what it reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]
Labels = NDArray[np.int64]

BINS = 15
LOWEST, HIGHEST = 0.2, 5.0  # temperatures worth trying
GOLDEN = (np.sqrt(5) - 1) / 2


def fit_temperature(logits: Logits, labels: Labels) -> float:
    """The temperature with the least log loss, by golden-section search over its logarithm."""
    low, high = np.log(LOWEST), np.log(HIGHEST)
    for _ in range(40):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if log_loss(logits / np.exp(left), labels) < log_loss(logits / np.exp(right), labels):
            high = right
        else:
            low = left
    return round(float(np.exp((low + high) / 2)), 4)


def log_loss(logits: Logits, labels: Labels) -> float:
    """Mean negative log probability of the right class."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(shifted).sum(axis=1))
    return float((normaliser - shifted[np.arange(len(labels)), labels]).mean())


def calibration_error(probabilities: NDArray[np.float32], labels: Labels) -> float:
    """ECE: mean distance between confidence and accuracy over 15 bins, weighted by size."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    size = np.bincount(bins, minlength=BINS)
    gap = np.bincount(bins, confidence - right, BINS)
    return float(np.abs(gap).sum() / max(int(size.sum()), 1))
