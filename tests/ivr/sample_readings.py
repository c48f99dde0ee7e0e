# SPDX-License-Identifier: Apache-2.0
"""Readings as a photo might give them, written down in a line."""

from __future__ import annotations

from vision.reading import Alternative, Box, Digit, Line, Problem, Reading

ANYWHERE = Box(0, 0, 20, 28)


def digit(value: int, p: float = 0.99, **rivals: float) -> Digit:
    """One digit; `rivals` are probabilities by value: `digit(7, 0.6, _1=0.35)`."""
    alternatives = tuple(Alternative(int(name[1:]), p) for name, p in rivals.items())
    return Digit(value, p, alternatives, ANYWHERE)


def line(text: str, **doubtful: Digit) -> Line:
    """A line of sure digits, some replaced by position: `line("487", _3=digit(7, 0.6))`."""
    digits = [digit(int(value)) for value in text]
    for name, replacement in doubtful.items():
        digits[int(name[1:]) - 1] = replacement
    return Line(tuple(digits))


def reading(*lines: Line | str, sure: bool = True, problems: tuple[Problem, ...] = ()) -> Reading:
    written = tuple(line(given) if isinstance(given, str) else given for given in lines)
    confidence = 0.99 if sure else 0.6
    return Reading(written, sure and bool(written), confidence, problems, 0, "test", 1.0)


def unreadable(*problems: Problem) -> Reading:
    return reading(problems=problems)


# "487915" whose third digit may as well be a one.
DOUBTFUL = reading(line("487915", _3=digit(7, 0.6, _1=0.38)), sure=False)
