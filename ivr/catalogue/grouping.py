# SPDX-License-Identifier: Apache-2.0
"""How people say long numbers: in groups of two to four."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import ceil

# Codes in halves, telephone numbers as they are written.
HABITS = {4: (2, 2), 7: (3, 4), 10: (3, 3, 4), 11: (3, 4, 4)}


def grouped(digits: str) -> tuple[str, ...]:
    """`digits` in groups: `"482915"` is `("482", "915")`.

    Lengths with a habit of their own follow it; others make as few groups of at most four as
    they can, as equal as they can be, the larger ones first.
    """
    sizes = HABITS.get(len(digits)) or _even(len(digits))
    edges = accumulate(sizes, initial=0)
    return tuple(digits[start:end] for start, end in pairwise(edges))


def _even(length: int) -> tuple[int, ...]:
    groups = ceil(length / 4)
    return tuple(length // groups + (index < length % groups) for index in range(groups))
