# SPDX-License-Identifier: Apache-2.0
"""Calls in which the number is keyed: asked for, or straight at a question."""

from __future__ import annotations

import pytest
from played_call import NO, UNCLEAR, YES, PlayedCall, at_reading, keyed
from sample_readings import DOUBTFUL, reading

from ivr.dialog.keying import MOST_LINES
from ivr.dialog.types import Expect, HungUp, Silence

CERTAIN = reading("482915")


def at_keys(*readings: object, **state: object) -> PlayedCall:
    """A call in which the caller would rather key the number than say what is wrong."""
    call = at_reading(*(readings or (CERTAIN,)), **state)  # type: ignore[arg-type]
    return call.after(NO, *keyed("#"))


def test_who_cannot_say_what_is_wrong_is_asked_for_the_keys() -> None:
    call = at_keys()
    assert call.prompts == ["keying"]
    assert call.listens is not None
    assert call.listens.expect is Expect.DIGITS


def test_keyed_digits_are_read_back_and_kept() -> None:
    call = at_keys(consent=True).after(*keyed("482917#"))
    assert call.words == "누르신 번호입니다. 사 팔 이 구 일 칠 맞습니까?"
    assert call.after(*keyed("1", "1")).labels == [("keyed", "482917")]


def test_keyed_digits_of_somebody_who_does_not_know_the_number_are_no_evidence() -> None:
    call = at_keys(consent=True).after(*keyed("482917", "1", "2"))
    assert call.labels == [("unverified", "482917")]


def test_a_number_keyed_wrongly_is_keyed_again_three_times_at_most() -> None:
    call = at_keys()
    for _ in range(2):
        assert call.after(*keyed("1234", "2")).prompts == ["keying"]
    assert call.after(*keyed("1234", "2")).prompts == ["goodbye_denied"]
    assert call.labels == [("denied", "482915")]


def test_who_does_not_know_the_number_presses_pound_alone() -> None:
    call = at_keys().after(*keyed("#"))
    assert call.prompts == ["goodbye_denied"]
    assert call.labels == [("denied", "482915")]


def test_who_does_not_know_the_number_may_say_no() -> None:
    assert at_keys().after(NO).labels == [("denied", "482915")]


def test_a_star_drops_what_was_keyed_and_asks_anew() -> None:
    call = at_keys().after(*keyed("48*"))
    assert call.prompts == ["keying"]
    assert call.state.strikes == 0


def test_a_key_stuck_down_is_not_a_number() -> None:
    assert at_keys().after(*keyed("1" * 41)).prompts[0] == "unclear_1"


def test_other_keys_than_digits_are_not_a_number() -> None:
    assert at_keys().after(*keyed("48A")).prompts[0] == "unclear_1"


def test_lines_are_keyed_one_by_one() -> None:
    call = at_keys(reading("48", "29"), consent=False)
    assert call.words.startswith("첫 번째 줄")
    assert call.after(*keyed("48#")).words.startswith("두 번째 줄")
    assert call.after(*keyed("27#")).words.startswith("줄이 더 있으면")
    assert "사 팔 이 칠" in call.after(*keyed("#")).words
    assert call.after(YES).labels == [("unverified", "48|27")]


def test_a_line_more_or_fewer_than_was_read_may_be_keyed() -> None:
    call = at_keys(reading("48", "29"), consent=False).after(*keyed("48", "27", "5", "#"))
    assert call.state.candidate == "48|27|5"
    assert at_keys(reading("48", "29")).after(*keyed("48", "#")).state.candidate == "48"


def test_a_no_ends_the_lines_as_pound_does() -> None:
    assert at_keys(reading("48", "29")).after(*keyed("48"), NO).prompts[-1] == "checking_ask"


def test_lines_without_end_are_read_back_at_last() -> None:
    call = at_keys(reading("48", "29")).after(*keyed(*["48"] * MOST_LINES))
    assert call.prompts[-1] == "checking_ask"


@pytest.mark.parametrize("no", [0, 1])
def test_a_number_keyed_straight_at_a_question_is_read_back_and_kept(no: int) -> None:
    call = at_reading(DOUBTFUL, consent=True).after(*[NO] * no, *keyed("482917"))
    assert call.words == "누르신 번호입니다. 사 팔 이 구 일 칠 맞습니까?"
    assert call.after(YES, YES).labels == [("keyed", "482917")]


def test_a_number_that_was_read_back_may_be_keyed_anew() -> None:
    call = at_reading(CERTAIN, consent=True).after(*keyed("482911", "482917"))
    assert call.words == "누르신 번호입니다. 사 팔 이 구 일 칠 맞습니까?"
    assert call.after(YES, YES).labels == [("keyed", "482917")]


def test_a_number_keyed_at_a_corrected_one_takes_its_place() -> None:
    call = at_reading(DOUBTFUL).after(NO, YES, *keyed("482917"))
    assert call.prompts == ["checking_keys", "checking_ask"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("917", "제가 읽은 것은 여섯 자리, 누르신 것은 세 자리입니다. 구 일 칠 맞습니까?"),
        ("7", "제가 읽은 것은 여섯 자리, 누르신 것은 한 자리입니다. 칠 맞습니까?"),
    ],
)
def test_more_or_fewer_keys_than_digits_read_are_counted_out_first(keys: str, words: str) -> None:
    assert at_reading(CERTAIN).after(*keyed(keys)).words == words
    assert at_keys(CERTAIN).after(*keyed(keys)).words == words


def test_the_counts_are_told_in_english_too() -> None:
    call = at_reading(CERTAIN, language="en").after(*keyed("917"))
    assert call.words.startswith("I read six digits, and you pressed three digits. nine one seven")


def test_a_count_that_differs_is_told_again_with_the_number_one_by_one() -> None:
    call = at_reading(CERTAIN).after(*keyed("917", "*", "*"))
    assert call.prompts == ["checking_counts", "digits_singly", "checking_ask"]


def test_the_first_of_several_lines_may_be_keyed_straight_away() -> None:
    call = at_reading(reading("48", "29"), consent=False).after(*keyed("48"))
    assert call.words.startswith("두 번째 줄")
    assert "사 팔 이 칠" in call.after(*keyed("27", "#")).words
    assert call.after(YES).labels == [("unverified", "48|27")]


def test_lines_keyed_anew_begin_with_the_first() -> None:
    call = at_keys(reading("48", "29")).after(*keyed("48", "27", "#", "41"))
    assert call.words.startswith("두 번째 줄")
    assert "사 일 이 칠" in call.after(*keyed("27", "#")).words


def test_a_number_keyed_but_never_confirmed_is_not_kept() -> None:
    assert at_reading(CERTAIN).after(*keyed("482917"), HungUp()).labels == []


def test_a_star_or_a_stuck_key_at_a_question_is_no_number() -> None:
    assert at_reading(CERTAIN).after(*keyed("48*")).prompts[-1] == "reading_ask"
    assert at_reading(CERTAIN).after(*keyed("1" * 41)).prompts[0] == "unclear_1"


def test_hanging_up_in_the_middle_of_a_correction_keeps_the_no_alone() -> None:
    call = at_keys().after(*keyed("482917"), HungUp())
    assert call.labels == [("denied", "482915")]


def test_three_misses_at_the_keys_end_the_call_and_keep_the_no() -> None:
    call = at_keys().after(Silence())
    assert call.prompts == ["silent_1", "keying_how", "keying"]
    call.after(UNCLEAR, Silence())
    assert call.prompts == ["goodbye_silent"]
    assert call.labels == [("denied", "482915")]


def test_somebody_read_to_wrongly_is_not_asked_for_a_favour() -> None:
    assert "consent_ask" not in at_keys().after(*keyed("#")).prompts


def test_after_a_wrong_photo_comes_the_next_one() -> None:
    call = at_keys(CERTAIN, reading("77")).after(*keyed("#"))
    assert call.prompts[0] == "photo_place"
    call.after(YES, NO)
    assert call.labels == [("denied", "482915"), ("unverified", "77")]
