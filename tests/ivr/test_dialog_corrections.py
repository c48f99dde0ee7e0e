# SPDX-License-Identifier: Apache-2.0
"""Calls in which the reading is wrong, and is put right by voice: one digit at a time."""

from __future__ import annotations

import pytest
from played_call import NO, UNCLEAR, YES, PlayedCall, at_reading, keyed
from sample_readings import DOUBTFUL, digit, line, reading

from ivr.dialog.state import Screen
from ivr.dialog.types import ANSWERS, Expect, Heard, HungUp, Meaning, Silence

CERTAIN = reading("482915")  # nothing else it could be
ANSWERING = ANSWERS | {Meaning.POSITION, Meaning.DIGIT}  # what is no command
TWO_DOUBTS = reading(
    line("487915", _3=digit(7, 0.6, _1=0.38), _5=digit(1, 0.7, _7=0.2)), sure=False
)
TWO_VALUES = reading(line("487915", _3=digit(7, 0.9, _1=0.05, _9=0.03)))
ONE_TOO_MANY = reading(line("4175", _2=digit(1, 0.8, _7=0.01)), sure=False)
LINES = reading("48", line("7915", _1=digit(7, 0.9, _1=0.08)))


def position(number: int) -> Heard:
    return Heard(Meaning.POSITION, 0.9, number=number)


def spoken(number: int) -> Heard:
    return Heard(Meaning.DIGIT, 0.9, number=number)


# ---- the reader's likeliest change


def test_after_a_no_the_likeliest_change_is_offered_by_its_position() -> None:
    call = at_reading(DOUBTFUL).after(NO)
    assert call.words == "죄송합니다. 세 번째 숫자가 칠이 아니라 일입니까?"


def test_the_likeliest_change_is_offered_in_english_too() -> None:
    call = at_reading(DOUBTFUL, language="en").after(NO)
    assert call.words == "I am sorry. Is the third digit one, not seven?"


def test_a_yes_to_one_digit_has_the_whole_number_read_once_more() -> None:
    call = at_reading(DOUBTFUL, consent=True).after(NO, YES)
    assert call.words == "고친 번호입니다. 사 팔 일 구 일 오 맞습니까?"
    assert call.after(YES, YES).labels == [("spoken", "481915")]


def test_a_number_put_right_by_somebody_who_does_not_know_it_is_no_evidence() -> None:
    call = at_reading(DOUBTFUL, consent=True).after(NO, YES, YES, NO)
    assert call.labels == [("unverified", "481915")]


def test_a_no_to_the_likeliest_change_asks_which_digit_is_wrong() -> None:
    call = at_reading(TWO_DOUBTS).after(NO, NO)
    assert call.words == (
        "예를 들어 세 번째, 라고 말씀하시거나 번호를 모두 눌러 주세요. 몇 번째 숫자가 틀렸습니까?"
    )


def test_several_lines_are_named_with_the_position() -> None:
    several = reading("48", line("79", _1=digit(7, 0.6, _1=0.38)), sure=False)
    call = at_reading(several).after(NO)
    assert "두 번째 줄, 첫 번째 숫자가 칠이 아니라 일입니까?" in call.words


def test_of_many_doubtful_digits_none_is_offered_unasked() -> None:
    doubtful = digit(7, 0.5, _1=0.4)
    many = reading(line("777777", _1=doubtful, _2=doubtful, _3=doubtful, _5=doubtful), sure=False)
    assert at_reading(many).after(NO).prompts[-1] == "place_ask"


# ---- which digit


def test_without_a_likely_change_the_caller_is_asked_which_digit_is_wrong() -> None:
    call = at_reading(CERTAIN, language="en").after(NO)
    assert call.words == (
        "I am sorry. Say, for example, the third. Or key in the whole number. Which digit is wrong?"
    )


def test_who_has_rung_before_is_asked_shortly() -> None:
    assert at_reading(CERTAIN, first_time=False).after(NO).prompts == ["sorry", "place_ask"]


def test_a_place_is_listened_for_only_where_it_is_asked() -> None:
    call = at_reading(CERTAIN).after(NO)
    assert call.listens is not None
    assert call.listens.expect is Expect.DIGITS
    assert call.listens.hears & ANSWERING == {Meaning.POSITION, Meaning.NO}
    offered = at_reading(DOUBTFUL).after(NO)
    assert offered.listens is not None
    assert offered.listens.hears & ANSWERING == ANSWERS


@pytest.mark.parametrize("said", [position(3), keyed("3")[0], keyed("3#")[0]])
def test_what_else_a_named_digit_may_be_is_offered_likeliest_first(said: Heard) -> None:
    call = at_reading(TWO_VALUES).after(NO, said)
    assert call.words == "세 번째 숫자가 칠이 아니라 일입니까?"
    assert call.after(NO).words == "그럼 구입니까?"
    assert call.after(YES).words == "고친 번호입니다. 사 팔 구 구 일 오 맞습니까?"


def test_a_named_place_that_was_misheard_does_no_harm() -> None:
    call = at_reading(TWO_VALUES).after(NO, position(4), NO)
    assert call.prompts == ["keying"]
    assert call.after(*keyed("481915")).prompts == ["checking_keys", "checking_ask"]


def test_of_several_lines_the_line_is_named_first() -> None:
    call = at_reading(LINES, language="en").after(NO)
    assert call.words.endswith("Which line is wrong?")
    assert call.after(position(2)).words.endswith("Which digit of the second line is wrong?")
    assert call.after(position(1)).words == "In the second line, is the first digit one, not seven?"
    assert call.after(YES).state.candidate == "48|1915"


def test_a_line_of_one_digit_needs_no_place() -> None:
    two = reading(line("7", _1=digit(7, 0.9, _1=0.05)), "48")
    assert at_reading(two).after(NO, position(1)).prompts == ["alternative_line"]


def test_a_named_line_may_be_keyed_alone() -> None:
    call = at_reading(LINES, consent=True).after(NO, position(2), *keyed("79155"))
    assert call.words == "고친 번호입니다. 사 팔 칠 구 일 오 오 맞습니까?"
    assert call.after(NO).prompts == ["keying_line"]


def test_the_whole_number_may_be_keyed_where_a_place_is_asked_for() -> None:
    call = at_reading(CERTAIN, consent=True).after(NO, *keyed("4829155"))
    assert call.prompts == ["checking_counts", "digits", "checking_ask"]
    assert call.after(YES, YES).labels == [("keyed", "4829155")]


@pytest.mark.parametrize(("keys", "place"), [("11", 11), ("9", 9), ("12", 12)])
def test_two_keys_are_a_place_of_a_long_number(keys: str, place: int) -> None:
    assert at_reading(reading("935773226049")).after(NO, *keyed(keys)).state.place == place


@pytest.mark.parametrize("keys", ["13", "05", "482"])
def test_keys_that_are_no_place_are_the_number(keys: str) -> None:
    call = at_reading(reading("935773226049")).after(NO, *keyed(keys))
    assert call.state.candidate == keys


def test_a_place_that_is_not_there_is_asked_again() -> None:
    assert at_reading(CERTAIN).after(NO, position(7)).prompts == [
        "unclear_1",
        "place_say",
        "place_ask",
    ]


def test_two_digits_are_keyed_rather_than_asked_for_by_place() -> None:
    assert at_reading(reading("48")).after(NO).prompts == ["keying"]


@pytest.mark.parametrize("said", [NO, keyed("#")[0]])
def test_who_cannot_name_the_digit_is_asked_for_the_keys(said: Heard) -> None:
    assert at_reading(CERTAIN).after(NO, said).prompts == ["keying"]


# ---- one digit too many


def test_a_digit_too_many_can_be_left_out() -> None:
    call = at_reading(ONE_TOO_MANY, language="en").after(NO, position(2))
    assert call.words == "Should I leave out the second digit, one?"
    assert call.after(YES).words == "With that changed: four seven five Is that right?"


def test_a_digit_that_is_likely_not_there_is_offered_to_be_left_out() -> None:
    extra = reading(line("4175", _2=digit(1, 0.65, _7=0.01)), sure=False)
    call = at_reading(extra, language="en").after(NO)
    assert call.words == "I am sorry. Should I leave out the second digit, one?"


def test_a_digit_too_many_can_be_left_out_in_korean() -> None:
    call = at_reading(ONE_TOO_MANY).after(NO, position(2))
    assert call.words == "두 번째 숫자 일을 뺄까요?"


def test_places_are_counted_without_what_was_left_out() -> None:
    call = at_reading(ONE_TOO_MANY).after(NO, position(2), YES, NO)
    assert call.prompts == ["keying"]
    call.state = call.state.to(Screen.PLACE, tries=0, line=1)
    call.after(position(2), *keyed("6"))
    assert call.state.candidate == "465"


# ---- one digit by its key or its name


def test_a_digit_the_reader_has_no_idea_about_is_keyed_alone() -> None:
    call = at_reading(CERTAIN).after(NO, position(3))
    assert call.words == "세 번째 숫자를 눌러 주세요. 없는 숫자면 우물 정자만 눌러 주세요."
    assert call.after(*keyed("1")).words == "고친 번호입니다. 사 팔 일 구 일 오 맞습니까?"


def test_pound_alone_leaves_the_digit_out() -> None:
    assert at_reading(CERTAIN).after(NO, position(3), *keyed("#")).state.candidate == "48915"


def test_more_keys_than_one_are_the_number_all_the_same() -> None:
    call = at_reading(CERTAIN).after(NO, position(3), *keyed("481915"))
    assert call.state.candidate == "481915"
    assert call.state.keyed


def test_a_key_from_three_on_is_the_digit_where_another_was_offered() -> None:
    assert at_reading(DOUBTFUL).after(NO, *keyed("9")).state.candidate == "489915"


def test_a_spoken_digit_counts_only_where_the_reader_thinks_of_it_too() -> None:
    other = reading(line("487915", _3=digit(7, 0.6, _1=0.3, _9=0.05, _4=0.01)), sure=False)
    call = at_reading(other).after(NO, NO, UNCLEAR, position(3))
    assert call.prompts == ["digit_key"]
    assert call.listens is not None
    assert call.listens.hears & ANSWERING == {Meaning.DIGIT, Meaning.NO}
    for refused_or_unlikely in (1, 4):
        assert at_reading(other).after(
            NO, NO, UNCLEAR, position(3), spoken(refused_or_unlikely)
        ).prompts[0] == ("unclear_1")
    assert call.after(spoken(9)).words == "고친 번호입니다. 사 팔 구 구 일 오 맞습니까?"


def test_who_does_not_know_the_digit_is_asked_for_the_number() -> None:
    assert at_reading(CERTAIN).after(NO, position(3), NO).prompts == ["keying"]


def test_the_only_digit_is_never_left_out() -> None:
    one = reading(line("7", _1=digit(7, 0.5, _1=0.45)), sure=False)
    assert at_reading(one).after(NO, NO).prompts == ["keying"]


# ---- limits


def test_a_second_wrong_digit_is_put_right_after_the_first() -> None:
    call = at_reading(TWO_DOUBTS, consent=True).after(NO, YES, NO)
    assert call.prompts[-1] == "place_ask"
    assert call.after(position(5)).prompts == ["digit_key"]
    assert call.after(*keyed("7")).state.candidate == "481975"
    assert call.after(YES, YES).labels == [("spoken", "481975")]


def test_four_answers_by_voice_are_the_most() -> None:
    call = at_reading(DOUBTFUL).after(NO, NO, position(1))
    assert call.prompts == ["digit_key"]
    assert call.after(*keyed("5"), NO).prompts == ["keying"]


def test_two_misses_of_a_question_lead_to_the_keys() -> None:
    call = at_reading(DOUBTFUL).after(NO, UNCLEAR)
    assert call.prompts == ["unclear_1", "yes_no_1", "alternative_one"]
    assert call.after(UNCLEAR).prompts == ["unclear_1", "keying"]


def test_silence_at_a_place_leads_to_the_keys_and_then_to_the_end() -> None:
    call = at_reading(CERTAIN).after(NO, Silence(), Silence())
    assert call.prompts == ["silent_1", "keying"]
    assert call.after(Silence(), Silence(), Silence()).hangs_up
    assert call.labels == [("denied", "482915")]


def test_misses_count_as_turns() -> None:
    call = at_reading(DOUBTFUL).after(NO, UNCLEAR, NO)
    assert call.state.tries == 2
    assert call.after(UNCLEAR).prompts == ["unclear_1", "keying"]


def test_hanging_up_in_the_middle_keeps_the_no_alone() -> None:
    call = at_reading(DOUBTFUL).after(NO, YES, HungUp())
    assert call.labels == [("denied", "487915")]


def test_the_next_photo_starts_its_corrections_anew() -> None:
    call: PlayedCall = at_reading(DOUBTFUL, DOUBTFUL).after(NO, NO, *keyed("#", "#"))
    assert call.prompts[0] == "photo_place"
    assert call.after(NO).prompts == ["sorry", "alternative_one"]
