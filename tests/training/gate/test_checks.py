# SPDX-License-Identifier: Apache-2.0
"""The gate's rules, each on readings made up for it."""

from __future__ import annotations

import pytest
from made_up import pair, pairs, photo

from training.frozen import Kind
from training.gate import checks
from training.gate.latency import Latency
from training.gate.limits import Limits
from training.gate.risk import Selective, selective

LIMITS = Limits()
NONE = checks.count([])


def silent(before: int, after: int, right: int = 100) -> Selective:
    """So many photos on which only the champion, and only the challenger, is silently wrong."""
    first = [pair(False, False, sure=(True, False)) for _ in range(before)]
    second = [pair(False, False, sure=(False, True)) for _ in range(after)]
    return selective(first + second + [pair(True, True, sure=(True, True)) for _ in range(right)])


def test_five_wins_and_no_loss_show_that_a_challenger_is_better() -> None:
    found = checks.is_better(checks.count(pairs(wins=5, both=7)), NONE, LIMITS)
    assert found.passed
    assert "won 5 and lost none of 12 photos" in found.sentence


def test_four_wins_may_be_chance_and_are_worth_a_trial() -> None:
    found = checks.is_better(checks.count(pairs(wins=4, both=8)), NONE, LIMITS)
    assert not found.passed and found.narrow


def test_two_wins_and_a_loss_are_worth_no_trial() -> None:
    found = checks.is_better(checks.count(pairs(2, 1, 57)), NONE, LIMITS)
    assert not found.passed and not found.narrow


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (3, 3), (1, 6)])
def test_no_more_wins_than_losses_are_worth_no_trial(wins: int, losses: int) -> None:
    found = checks.is_better(checks.count(pairs(wins, losses, 10)), NONE, LIMITS)
    assert not found.passed and not found.narrow
    assert found.sentence.startswith("Nothing shows")


def test_what_was_won_for_callers_does_not_drown_among_rendered_photos() -> None:
    rendered = pairs(wins=15, losses=15, both=500)
    callers = pairs(wins=6, both=54, of=photo(kind=Kind.KEYED))
    whole, alone = checks.count(rendered + callers), checks.count(callers)
    assert not checks.is_better(whole, NONE, LIMITS).passed
    assert checks.is_better(whole, alone, LIMITS).passed


def test_two_tests_share_what_one_may_err_by() -> None:
    whole, alone = checks.count(pairs(wins=7, losses=1)), checks.count(pairs(both=30))
    assert checks.is_better(whole, NONE, LIMITS).passed
    assert not checks.is_better(whole, alone, LIMITS).passed


def test_what_is_won_for_callers_may_not_be_lost_elsewhere() -> None:
    callers = pairs(wins=8, both=52)
    whole = checks.count(callers + pairs(losses=8, both=500))
    assert not checks.is_better(whole, checks.count(callers), LIMITS).passed


def test_a_model_retrained_for_another_reason_need_only_be_no_worse() -> None:
    declared = Limits(non_inferior=True)
    assert checks.is_better(checks.count(pairs(5, 5, 590)), NONE, declared).passed
    found = checks.is_better(checks.count(pairs(5, 20, 575)), NONE, declared)
    assert not found.passed and "may read worse" in found.sentence


def test_too_few_photos_cannot_show_that_a_model_is_no_worse() -> None:
    found = checks.is_better(checks.count(pairs(both=12)), NONE, Limits(non_inferior=True))
    assert not found.passed


def test_one_silent_error_more_among_many_photos_may_be_chance() -> None:
    assert checks.no_more_silent(silent(0, 2, right=400), LIMITS).passed


def test_three_new_silent_errors_and_none_mended_are_more_than_chance() -> None:
    found = checks.no_more_silent(silent(0, 3, right=1000), LIMITS)
    assert not found.passed
    assert "3 are new, 0 mended" in found.sentence


def test_silent_errors_beyond_what_is_promised_are_too_many() -> None:
    found = checks.no_more_silent(silent(0, 2, right=100), LIMITS)
    assert not found.passed and f"{LIMITS.silent_share:.1%}" in found.sentence


def test_fewer_silent_errors_than_the_champion_are_never_too_many() -> None:
    assert checks.no_more_silent(silent(6, 5, right=10), LIMITS).passed


def test_digits_spoken_where_none_are_may_not_become_more() -> None:
    empty = pair(True, False, photo(""), sure=(False, True))
    found = checks.silent_where_none(selective([empty]))
    assert not found.passed
    assert checks.silent_where_none(selective([pair(True, True, photo(""))])).passed


def test_a_model_that_is_sure_of_nothing_is_of_no_use() -> None:
    timid = selective([pair(True, True, sure=(True, False)) for _ in range(10)])
    assert not checks.covers(timid, LIMITS).passed
    slightly = [pair(True, True, sure=(True, True)) for _ in range(99)]
    slightly.append(pair(True, True, sure=(True, False)))
    assert checks.covers(selective(slightly), LIMITS).passed


def test_a_photo_that_was_mended_stays_mended() -> None:
    once = photo(misled=True)
    assert checks.stays_mended(pairs(wins=1, both=3, neither=2, of=once)).passed
    assert not checks.stays_mended(pairs(losses=1, both=3, of=once)).passed


def test_a_doubt_about_a_photo_that_misled_may_not_become_certainty() -> None:
    doubted = pair(False, False, photo(misled=True), sure=(False, True))
    found = checks.stays_mended([doubted])
    assert not found.passed and "spoken plainly and wrong" in found.sentence
    as_before = pair(False, False, photo(misled=True), sure=(True, True))
    assert checks.stays_mended([as_before]).passed


def test_a_slower_model_is_refused_beyond_a_quarter() -> None:
    assert checks.quick_enough(Latency(100.0, 125.0, 1.25), LIMITS).passed
    found = checks.quick_enough(Latency(100.0, 130.0, 1.3), LIMITS)
    assert not found.passed and "1.30 times as long" in found.sentence


def test_the_share_that_is_spoken_plainly_and_wrong_has_an_upper_bound() -> None:
    of_299 = selective([pair(True, True, sure=(True, True)) for _ in range(299)]).challenger
    assert of_299.silent == 0
    assert of_299.bound == pytest.approx(0.01, abs=0.0001)
