# SPDX-License-Identifier: Apache-2.0
"""Calls in which the reading is wrong: the next best guess, then the keys."""

from __future__ import annotations

import pytest
from played_call import NO, UNCLEAR, YES, PlayedCall, at_reading, keyed
from sample_readings import DOUBTFUL, digit, line, reading

from ivr.dialog.alternative import Change, changed
from ivr.dialog.state import Screen
from ivr.dialog.types import Expect, HungUp, Silence

TWO_DOUBTS = reading(
    line("487915", _3=digit(7, 0.6, _1=0.38), _5=digit(1, 0.7, _7=0.2)), sure=False
)
CERTAIN = reading("482915")  # nothing else it could be


def at_keys(*readings: object, **state: object) -> PlayedCall:
    return at_reading(*(readings or (CERTAIN,)), **state).after(NO)  # type: ignore[arg-type]


def test_after_a_no_the_next_best_guess_is_asked_for_by_the_digit_that_differs() -> None:
    call = at_reading(DOUBTFUL).after(NO)
    assert call.words == "죄송합니다. 세 번째 숫자가 칠이 아니라 일입니까?"


def test_a_yes_to_one_digit_has_the_whole_number_read_once_more() -> None:
    call = at_reading(DOUBTFUL, consent=True).after(NO, YES)
    assert call.words == "고친 번호입니다. 사 팔 일 구 일 오 맞습니까?"
    assert call.after(YES, YES).labels == [("confirmed", "481915")]


def test_two_guesses_are_offered_and_then_the_keys() -> None:
    call = at_reading(TWO_DOUBTS).after(NO)
    assert call.prompts == ["sorry", "alternative_one"]
    call.after(NO)
    assert call.prompts == ["alternative_one"]
    assert "다섯 번째 숫자가 일이 아니라 칠입니까?" in call.words
    assert call.after(NO).prompts == ["keying"]


def test_where_two_texts_of_one_shape_differ_is_known_by_line_and_position() -> None:
    assert changed("4879|15", "4819|17") == (
        Change(1, 3, "7", "1"),
        Change(2, 2, "5", "7"),
    )


def test_a_guess_that_differs_in_more_than_one_digit_is_read_whole() -> None:
    call = at_reading(DOUBTFUL)
    call.state = call.state.to(Screen.ALTERNATIVE, candidate="481975", denied=("487915",))
    assert call.answered().words == (
        "죄송합니다. 다른 후보입니다. 사 팔 일 구 칠 오 이 번호입니까?"
    )
    assert call.after(YES).prompts == ["consent_ask"]


def test_lines_are_named_when_there_are_several() -> None:
    several = reading("48", line("79", _1=digit(7, 0.6, _1=0.38)), sure=False)
    call = at_reading(several).after(NO)
    assert "두 번째 줄, 첫 번째 숫자가 칠이 아니라 일입니까?" in call.words


@pytest.mark.parametrize(
    ("read", "candidate"), [("482", "4829"), ("48|2", "482"), ("48|29", "4|829")]
)
def test_texts_of_another_shape_differ_as_a_whole(read: str, candidate: str) -> None:
    assert changed(read, candidate) == ()


def test_without_another_guess_the_number_is_asked_for_by_keys_at_once() -> None:
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
    assert "사 팔 이 칠" in call.after(*keyed("27#")).words
    assert call.after(YES).labels == [("unverified", "48|27")]


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
    assert "사 팔 이 칠" in call.after(*keyed("27#")).words
    assert call.after(YES).labels == [("unverified", "48|27")]


def test_lines_keyed_anew_begin_with_the_first() -> None:
    call = at_keys(reading("48", "29")).after(*keyed("48", "27", "41"))
    assert call.words.startswith("두 번째 줄")
    assert "사 일 이 칠" in call.after(*keyed("27")).words


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
