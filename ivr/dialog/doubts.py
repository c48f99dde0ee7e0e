# SPDX-License-Identifier: Apache-2.0
"""Which digits of an unsure reading the caller is told to doubt.

Only a reading that is not `sure` has doubts to speak of: the reader's own calibrated decision
outranks single digits. Of such a reading a digit is doubtful when its probability is below 0.9
or another value reaches 0.05: errors the caller would otherwise take on trust.
"""

from __future__ import annotations

from dataclasses import dataclass

from vision.reading import Digit, Line

DOUBTFUL_BELOW = 0.9
RIVAL_FROM = 0.05
MOST_RIVALS = 2  # "seven, or one, or nine" is as much as an ear holds


@dataclass(frozen=True, slots=True)
class Doubt:
    """A position (from 1) and the values it may have, most probable first, as a string."""

    position: int
    values: str


def doubts(line: Line) -> tuple[Doubt, ...]:
    """The doubtful digits of a line, left to right."""
    return tuple(
        Doubt(position, _values(digit))
        for position, digit in enumerate(line.digits, start=1)
        if _is_doubtful(digit)
    )


def _is_doubtful(digit: Digit) -> bool:
    rival = digit.alternatives[0].p if digit.alternatives else 0.0
    return digit.p < DOUBTFUL_BELOW or rival >= RIVAL_FROM


def _values(digit: Digit) -> str:
    rivals = [a.value for a in digit.alternatives if a.p >= RIVAL_FROM][:MOST_RIVALS]
    return "".join(str(value) for value in (digit.value, *rivals))
