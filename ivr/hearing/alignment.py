# SPDX-License-Identifier: Apache-2.0
"""How well phrases fit what a network of speech sounds saw: CTC's forward sum, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_NEVER = -1e30


def fit(log_probabilities: Floats, phrases: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """[phrases]: log probability of each, relative to the best way through the frames.

    `log_probabilities` is [frames, phones], phone 0 the blank; phrases are phone numbers. Above
    0 means likelier than any single path; about -1 for each sound that does not fit.
    """
    states = _states(phrases)
    may_skip = np.zeros(states.shape, dtype=bool)
    may_skip[:, 2:] = (states[:, 2:] > 0) & (states[:, 2:] != states[:, :-2])
    sums = np.full(states.shape, _NEVER)
    sums[:, :2] = log_probabilities[0][states[:, :2]]
    for frame in log_probabilities[1:]:
        sums = _step(sums, may_skip) + frame[states]
    ends = 2 * np.array([len(phrase) for phrase in phrases])
    rows = np.arange(len(phrases))
    whole = np.logaddexp(sums[rows, ends], sums[rows, ends - 1])
    best: NDArray[np.float64] = whole - log_probabilities.max(axis=1).sum()
    return best


def _states(phrases: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """[phrases, 2 * longest + 1]: each phrase's phones between blanks, blanks behind."""
    longest = max(map(len, phrases))
    states = np.zeros((len(phrases), 2 * longest + 1), dtype=np.int64)
    for row, phrase in enumerate(phrases):
        states[row, 1 : 2 * len(phrase) : 2] = phrase
    return states


def _step(sums: NDArray[np.float64], may_skip: NDArray[np.bool_]) -> NDArray[np.float64]:
    """From each state to itself, the next one, or over a blank between two unlike phones."""
    one = np.pad(sums, ((0, 0), (1, 0)), constant_values=_NEVER)[:, :-1]
    two = np.pad(sums, ((0, 0), (2, 0)), constant_values=_NEVER)[:, :-2]
    stayed = np.logaddexp(sums, one)
    return np.where(may_skip, np.logaddexp(stayed, two), stayed)
