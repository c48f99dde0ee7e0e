# SPDX-License-Identifier: Apache-2.0
"""How well phrases fit what a network of speech sounds saw: CTC's forward sum, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]

_NEVER = -1e30  # the logarithm of what cannot be
_LEAST = 1e-300  # what is divided by is no less


def fit(log_probabilities: Floats, phrases: Sequence[Sequence[int]]) -> Numbers:
    """[phrases]: log probability of each, relative to the best way through the frames.

    `log_probabilities` is [frames, phones], phone 0 the blank; phrases are phone numbers. Above
    0 means likelier than any single path; about -1 for each sound that does not fit.
    """
    states = _states(phrases)
    may_skip = np.zeros(states.shape)
    may_skip[:, 2:] = (states[:, 2:] > 0) & (states[:, 2:] != states[:, :-2])
    tops = log_probabilities.max(axis=1, keepdims=True)
    first, *others = np.exp((log_probabilities - tops).astype(np.float64))
    # Two states that no path reaches stand before the first one.
    sums = np.zeros((len(phrases), states.shape[1] + 2))
    sums[:, 2:4] = first[states[:, :2]]
    logs = np.zeros(len(phrases))
    for frame in others:
        logs += _step(sums, may_skip, frame[states])
    ends, rows = 2 * np.array([len(phrase) for phrase in phrases]), np.arange(len(phrases))
    whole = sums[rows, ends + 2] + sums[rows, ends + 1]
    return np.where(whole > 0, logs + np.log(np.maximum(whole, _LEAST)), _NEVER)


def _states(phrases: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """[phrases, 2 * longest + 1]: each phrase's phones between blanks, blanks behind."""
    longest = max(map(len, phrases))
    states = np.zeros((len(phrases), 2 * longest + 1), dtype=np.int64)
    for row, phrase in enumerate(phrases):
        states[row, 1 : 2 * len(phrase) : 2] = phrase
    return states


def _step(sums: Numbers, may_skip: Numbers, likely: Numbers) -> Numbers:
    """From each state to itself, the next one, or over a blank between two unlike phones, in place.

    Each phrase's sums are made 1 at most, so that none vanishes (Rabiner 1989, section V A); gives
    the logarithms [phrases] of what they were divided by. Adding logarithms instead takes several
    times as long.
    """
    moved = sums[:, :-2] * may_skip
    moved += sums[:, 1:-1]
    moved += sums[:, 2:]
    moved *= likely
    tops = np.maximum(moved.max(axis=1), _LEAST)
    np.divide(moved, tops[:, None], out=sums[:, 2:])
    return np.asarray(np.log(tops))
