# SPDX-License-Identifier: Apache-2.0
"""Confidences counted in bins, the same where they are fitted and where they are watched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

EDGES = (0.1, 0.3, 0.5, 0.7, 0.85, 0.95, 0.98, 0.99)
"""Between the bins of confidences, which lie from 0 to 1: finer where most readings are."""


def histogram(values: Iterable[float]) -> tuple[int, ...]:
    """How many of `values` (0 to 1) lie in each bin of `EDGES`; an edge is of the upper bin."""
    counts = [0] * (len(EDGES) + 1)
    for value in values:
        counts[bisect_right(EDGES, value)] += 1
    return tuple(counts)
