# SPDX-License-Identifier: Apache-2.0
"""How people say long numbers: as they were written, as their language has it, else in threes
and fours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil

LONGEST = 4  # what an ear takes in at once

# Codes in halves, telephone numbers as they are written anywhere.
BY_LENGTH = {4: (2, 2), 7: (3, 4), 10: (3, 3, 4), 11: (3, 4, 4)}


@dataclass(frozen=True, slots=True)
class Habit:
    """Numbers of one form, and the groups their language says them in."""

    form: re.Pattern[str]
    sizes: tuple[int, ...]


def grouped(digits: str, habits: Sequence[Habit] = ()) -> tuple[str, ...]:
    """`digits` in groups: `"482915"` is `("482", "915")`.

    Spaces are groups as they were written; those longer than four are parted. Otherwise the first
    of `habits` that fits decides, then the length; others make as few groups of at most four as
    they can, as equal as they can be, the larger ones first.
    """
    if " " in digits:
        return tuple(part for group in digits.split() for part in _parted(group, _even(group)))
    habit = next((habit for habit in habits if habit.form.fullmatch(digits)), None)
    sizes = habit.sizes if habit else BY_LENGTH.get(len(digits)) or _even(digits)
    return _parted(digits, sizes)


def _even(digits: str) -> tuple[int, ...]:
    groups = ceil(len(digits) / LONGEST)
    return tuple(len(digits) // groups + (i < len(digits) % groups) for i in range(groups))


def _parted(digits: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    edges = accumulate(sizes, initial=0)
    return tuple(digits[start:end] for start, end in pairwise(edges))
