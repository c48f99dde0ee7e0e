# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.alignment import align, distance

DIGITS = st.text("0123456789", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("123", "", 3), ("123", "123", 0), ("123", "13", 1), ("197", "717", 2)],
)
def test_distance_counts_edits(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_a_missed_digit_and_one_too_many_have_no_partner() -> None:
    assert align("123", "13") == [("1", "1"), ("2", None), ("3", "3")]
    assert align("13", "123") == [("1", "1"), (None, "2"), ("3", "3")]
    assert align("171", "111") == [("1", "1"), ("7", "1"), ("1", "1")]


@given(DIGITS, DIGITS)
def test_pairs_spell_both_texts_with_as_few_edits_as_there_are(truth: str, text: str) -> None:
    pairs = align(truth, text)
    assert "".join(true for true, _ in pairs if true is not None) == truth
    assert "".join(read for _, read in pairs if read is not None) == text
    assert sum(true != read for true, read in pairs) == distance(truth, text)
