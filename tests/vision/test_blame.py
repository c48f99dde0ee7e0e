# SPDX-License-Identifier: Apache-2.0
"""Which digit a bare "no" is about: one at most, and only if nothing else is likely to be wrong."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.blame import likely_wrong
from vision.reading import Alternative, Box, Digit, Line, Reading

DIGIT_BOX = Box(0, 0, 20, 30)


def reading(*p: float, confidence: float | None = None, rival: float = 1.0) -> Reading:
    """Digits 0, 1, 2 … with these probabilities; a 9 has `rival` of what they leave open."""
    digits = tuple(
        Digit(value, one, (Alternative(9, rival * (1 - one)),), DIGIT_BOX)
        for value, one in enumerate(p)
    )
    right = prod(p) if confidence is None else confidence
    return Reading((Line(digits),), False, right, (), 0, "test", 1.0)


@pytest.mark.parametrize(
    ("p", "blamed"),
    [
        ((0.7,), [0]),
        ((0.999, 0.7), [1]),
        ((0.999, 0.7, 0.999), [1]),
        ((0.7, 0.7), []),
        ((0.99, 0.99), []),
        ((1.0, 1.0), []),
        ((), []),
    ],
)
def test_the_one_doubtful_digit_is_to_blame(p: tuple[float, ...], blamed: list[int]) -> None:
    assert [digit.value for digit in likely_wrong(reading(*p))] == blamed


def test_no_digit_is_to_blame_where_one_may_be_missing() -> None:
    assert likely_wrong(reading(0.9, confidence=0.3)) == ()


def test_a_digit_that_can_hardly_be_another_is_not_to_blame() -> None:
    assert likely_wrong(reading(0.7, rival=0.1)) == ()


@given(st.lists(st.floats(0.5, 1), max_size=8), st.floats(0, 1))
def test_one_digit_is_to_blame_at_most_and_none_doubts_less(p: list[float], sure: float) -> None:
    blamed = likely_wrong(reading(*p, confidence=sure))
    assert len(blamed) <= 1
    assert all(digit.p == min(p) for digit in blamed)
