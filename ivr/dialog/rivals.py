# SPDX-License-Identifier: Apache-2.0
"""What a digit may be instead, by the reader's own lattice: other values, or no digit at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ivr.dialog.doubts import DOUBTFUL_BELOW
from ivr.dialog.draft import HOLE, Cell
from vision.reading import Digit, Reading

# Of what a digit's probability leaves open beyond its alternatives, the part that stands for "no
# digit here". On misread rendered photos a digit that leaves 0.3 open was one too many in 55 of
# 170 cases.
NO_DIGIT_SHARE = 0.5
NO_DIGIT_FROM = 0.05
WORTH_ASKING = 0.02  # a rarer alternative of a digit known to be wrong costs more than a key
# How probable, against the digit as read, an alternative must be to be offered unasked.
WORTH_OFFERING = 0.2
MOST_DOUBTFUL = 3  # of more doubtful digits, no one is likely to be all that is wrong


class Rival(NamedTuple):
    """One digit changed: `value` instead, or no digit when it is empty, with its probability."""

    cell: Cell
    value: str
    p: float

    @property
    def key(self) -> str:
        """How a refused one is remembered."""
        return f"{self.cell.line}.{self.cell.column}.{self.value}"


def rivals_at(reading: Reading, cell: Cell) -> tuple[Rival, ...]:
    """Everything else the digit of `cell` may be, most probable first."""
    digit = _digit(reading, cell)
    values = [Rival(cell, str(a.value), a.p) for a in digit.alternatives]
    none = Rival(cell, "", NO_DIGIT_SHARE * _left_open(digit))
    found = [*values, none] if none.p >= NO_DIGIT_FROM else values
    return tuple(sorted(found, key=lambda rival: -rival.p))


def worth_asking(reading: Reading, cell: Cell, denied: Collection[str]) -> Rival | None:
    """The next alternative to ask for, of a digit that the caller says is wrong."""
    left = (rival for rival in rivals_at(reading, cell) if rival.key not in denied)
    return next((rival for rival in left if rival.p >= WORTH_ASKING), None)


def worth_offering(reading: Reading, draft: str, denied: Collection[str]) -> Rival | None:
    """The likeliest change of any digit still as read, if it is likely enough to begin with."""
    digits = reading.digits
    if sum(digit.p < DOUBTFUL_BELOW for digit in digits) > MOST_DOUBTFUL:
        return None
    odds = [
        (rival.p / max(_digit(reading, rival.cell).p, 1e-9), rival)
        for cell in _as_read(reading, draft)
        for rival in rivals_at(reading, cell)
        if rival.key not in denied
    ]
    best = max(odds, default=None, key=lambda pair: pair[0])
    return best[1] if best is not None and best[0] >= WORTH_OFFERING else None


def is_likely(reading: Reading, cell: Cell, value: str, denied: Collection[str]) -> bool:
    """Whether the reader itself thinks of `value` there: then a spoken digit may be believed."""
    return any(
        rival.value == value and rival.p >= WORTH_ASKING and rival.key not in denied
        for rival in rivals_at(reading, cell)
    )


def _as_read(reading: Reading, draft: str) -> list[Cell]:
    return [
        Cell(line, column)
        for line, row in enumerate(draft.split("|"))
        for column, value in enumerate(row)
        if value != HOLE and value == str(_digit(reading, Cell(line, column)).value)
    ]


def _digit(reading: Reading, cell: Cell) -> Digit:
    return reading.lines[cell.line].digits[cell.column]


def _left_open(digit: Digit) -> float:
    return max(0.0, 1 - digit.p - sum(a.p for a in digit.alternatives))
