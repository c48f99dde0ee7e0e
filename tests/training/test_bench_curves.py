# SPDX-License-Identifier: Apache-2.0
"""Risk, coverage, reliability and confusion, from outcomes small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_readers import outcome

from training.bench.curves import (
    NONE,
    Claims,
    Point,
    calibration_error,
    chosen_point,
    confusion,
    digit_claims,
    reliability,
    risk_coverage,
    string_claims,
)

RIGHT, WRONG = outcome("1", "1", confidence=0.9), outcome("7", "1", confidence=0.2)
BLANK = outcome("", "1", confidence=0.0, sure=False)


def test_risk_falls_when_the_doubtful_are_left_out() -> None:
    assert risk_coverage([WRONG, RIGHT]) == [Point(0.5, 0.0), Point(1.0, 0.5)]


def test_photos_in_which_nothing_was_read_are_never_answered() -> None:
    assert risk_coverage([RIGHT, BLANK]) == [Point(0.5, 0.0)]
    assert risk_coverage([BLANK]) == []


def test_equal_confidence_is_answered_together() -> None:
    both = [outcome("1", "1"), outcome("7", "1")]
    assert risk_coverage(both) == risk_coverage(both[::-1]) == [Point(1.0, 0.5)]


def test_a_reader_chooses_its_own_point_by_what_it_is_sure_of() -> None:
    assert chosen_point([RIGHT, WRONG, BLANK, BLANK]) == Point(0.5, 0.5)
    assert chosen_point([]) == chosen_point([BLANK]) == Point(0.0, 0.0)


def test_every_digit_read_is_a_claim_right_or_wrong() -> None:
    assert digit_claims([outcome("12", "132")]) == [(0.8, True), (0.8, True)]
    assert digit_claims([outcome("17", "11")]) == [(0.8, True), (0.8, False)]


def test_a_reader_that_gives_no_probabilities_claims_nothing_of_digits() -> None:
    silent = replace(RIGHT, digit_p=())
    assert digit_claims([silent]) == []
    assert string_claims([silent, BLANK]) == [(0.9, True)]


def test_claims_that_come_true_as_often_as_they_say_have_no_error() -> None:
    honest = [(0.75, True)] * 3 + [(0.75, False)]
    assert reliability(honest) == [Claims(0.75, 0.75, 4)]
    assert calibration_error(honest) == 0


def test_the_error_is_the_mean_distance_from_what_came_true() -> None:
    claims = [(1.0, False), (0.1, False), (0.1, False), (0.1, False)]
    assert calibration_error(claims) == pytest.approx((1.0 + 3 * 0.1) / 4)
    assert calibration_error([]) is None and reliability([]) == []


def test_confusion_counts_missed_and_invented_digits_too() -> None:
    counts = confusion([outcome("17", "11"), outcome("5", "53"), outcome("2", "")])
    assert (counts[1, 1], counts[1, 7], counts[3, NONE], counts[NONE, 2]) == (1, 1, 1, 1)
    assert counts.sum() == 5
