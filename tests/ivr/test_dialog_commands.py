# SPDX-License-Identifier: Apache-2.0
"""What a caller may ask for at any time: by word, and by key in the help."""

from __future__ import annotations

import pytest
from played_call import NO, YES, PlayedCall, at_reading, heard, keyed
from sample_readings import DOUBTFUL, reading, unreadable

from ivr.dialog.menu import KEYS, ORDER, entries, offered
from ivr.dialog.screens import SCREENS
from ivr.dialog.state import Screen
from ivr.dialog.types import (
    ANSWERS,
    COMMANDS,
    Expect,
    Forget,
    Heard,
    HungUp,
    Keyed,
    Meaning,
    Remember,
    Silence,
    Text,
)
from vision.reading import Problem

HELP, FORGET, LANGUAGE = heard(Meaning.HELP), heard(Meaning.FORGET), heard(Meaning.LANGUAGE)
SIX = reading("482915")


def regular(*readings: object, **state: object) -> PlayedCall:
    return at_reading(*(readings or (SIX,)), first_time=False, **state)  # type: ignore[arg-type]


# ---- how it is read


def test_faster_is_faster_from_then_on_and_slower_undoes_it() -> None:
    call = regular().after(heard(Meaning.FASTER))
    assert {say.pace for say in call.says} == {1.15}
    assert "digits" in call.prompts
    call.after(YES)
    assert call.says[0].pace == 1.15
    assert at_reading(SIX).after(heard(Meaning.FASTER), heard(Meaning.SLOWER)).says[0].pace == 1


def test_the_pace_stays_within_what_can_be_understood() -> None:
    fast = regular().after(*[heard(Meaning.FASTER)] * 9)
    assert fast.says[0].pace == 1.3
    assert fast.after(heard(Meaning.SLOWER)).says[0].pace == 1.15
    assert regular().after(*[heard(Meaning.SLOWER)] * 9).says[0].pace == 0.55


def test_faster_after_repeats_is_no_longer_slow() -> None:
    call = regular().after(*keyed("*", "*"), heard(Meaning.FASTER))
    assert call.says[0].pace == 1.15
    assert "digits" in call.prompts


def test_a_chosen_pace_is_remembered_and_a_repeat_is_no_choice() -> None:
    call = regular().after(heard(Meaning.SLOWER))
    assert Remember("slowness", "1") in call.actions
    assert not [a for a in call.after(*keyed("*")).actions if isinstance(a, Remember)]


def test_a_remembered_pace_holds_from_the_first_word() -> None:
    assert PlayedCall(SIX, slowness=2).answered().says[0].pace == 0.7


def test_one_by_one_names_each_place_and_backwards_begins_at_the_end() -> None:
    call = regular(reading("4829")).after(heard(Meaning.SINGLY))
    assert "첫 번째, 사 두 번째, 팔 세 번째, 이 네 번째, 구" in call.words
    call.after(heard(Meaning.BACKWARDS))
    assert "거꾸로 읽겠습니다. 구 이 팔 사 맞습니까?" in call.words
    assert call.says[0].pace == 1


def test_one_position_alone_is_read_and_the_question_asked_again() -> None:
    call = regular().after(heard(Meaning.POSITION, 3))
    assert call.words == "세 번째 숫자는 이입니다. 맞습니까?"
    assert call.after(YES).state.screen is not Screen.READING


@pytest.mark.parametrize("again", [1, 2])
def test_the_same_position_may_be_asked_for_again(again: int) -> None:
    call = regular().after(*[heard(Meaning.POSITION, 3)] * again)
    assert "position_one" in call.prompts


def test_a_position_by_keys_is_its_number_and_a_star() -> None:
    assert regular().after(*keyed("6*")).words == "여섯 번째 숫자는 오입니다. 맞습니까?"
    assert regular(reading("48291")).after(*keyed("6*")).prompts[0] == "position_none"
    assert "digits" in regular().after(*keyed("482*")).prompts


def test_a_position_without_its_number_is_not_understood() -> None:
    assert regular().after(heard(Meaning.POSITION)).prompts[0] == "unclear_1"


def test_of_several_lines_each_that_has_the_position_is_read() -> None:
    call = regular(reading("4829", "15", "371")).after(heard(Meaning.POSITION, 3))
    assert call.words == (
        "첫 번째 줄의 세 번째 숫자는 이입니다. 세 번째 줄의 세 번째 숫자는 일입니다. 맞습니까?"
    )


def test_a_doubt_about_a_position_is_told_with_it_and_no_other() -> None:
    call = regular(DOUBTFUL).after(heard(Meaning.POSITION, 3))
    assert call.prompts == ["position_one", "doubt", "reading_ask_first"]
    assert call.after(heard(Meaning.POSITION, 2)).prompts == ["position_one", "reading_ask_first"]


def test_after_one_position_a_repeat_reads_all_again() -> None:
    assert "digits" in regular().after(heard(Meaning.POSITION, 3), *keyed("*")).prompts


def test_a_corrected_number_is_read_one_by_one_and_backwards_too() -> None:
    call = regular().after(*keyed("482917"), heard(Meaning.SINGLY))
    assert "여섯 번째, 칠" in call.words
    assert "칠 일 구 이 팔 사" in call.after(heard(Meaning.BACKWARDS)).words


# ---- which language


def test_the_other_language_is_spoken_at_once_and_remembered() -> None:
    call = PlayedCall(SIX).answered().after(LANGUAGE)
    assert Remember("language", "en") in call.actions
    assert call.words == (
        "I will speak English. This is Sonsori. I have looked at your photo. "
        "Will you say yes, or press 1, to hear it?"
    )
    assert "I read six digits." in call.after(YES).words
    assert "여섯 자리입니다." in call.after(LANGUAGE).words


def test_where_there_is_one_language_it_stays() -> None:
    call = PlayedCall(SIX, languages=("ko",)).answered().after(LANGUAGE)
    assert not [a for a in call.actions if isinstance(a, Remember)]
    assert call.prompts[-1] == "greeting_ask"


def test_a_language_that_is_not_among_them_leads_to_the_first() -> None:
    call = PlayedCall(SIX, languages=("en",)).answered().after(LANGUAGE)
    assert call.state.language == "en"


# ---- help


def test_help_tells_what_can_be_done_here_and_asks_nothing_of_the_number() -> None:
    call = regular().after(Silence(), *keyed("0"))
    assert call.prompts == ["help_yes_no", "help_slower", "help_faster", "help_singly", "help_more"]
    assert call.listens is not None
    assert call.listens.expect is Expect.KEY
    assert Meaning.YES not in call.listens.hears
    assert call.state.strikes == 0


def test_help_on_help_turns_the_page_and_begins_anew_after_the_last() -> None:
    call = regular().after(HELP, *keyed("0"))
    assert call.prompts == ["help_backwards", "help_position", "help_language", "help_more"]
    assert call.after(*keyed("0")).prompts == ["help_link", "help_forget", "help_back"]
    assert call.after(HELP).prompts[0] == "help_yes_no"


@pytest.mark.parametrize("back", [Keyed("#"), Keyed("2"), NO, Silence()], ids=str)
def test_from_help_the_way_leads_back_to_the_question_alone(back: Keyed | Heard | Silence) -> None:
    call = regular().after(HELP, back)
    assert call.prompts == ["reading_ask"]
    assert call.state.screen is Screen.READING


@pytest.mark.parametrize(("key", "meaning"), KEYS.items())
def test_in_the_help_each_command_has_its_key(key: str, meaning: Meaning) -> None:
    by_key = regular().after(*keyed("0", key))
    by_word = regular().after(heard(meaning))
    assert by_key.actions == by_word.actions
    assert by_key.state == by_word.state.__class__.from_dict(
        by_word.state.as_dict() | {"turns": by_key.state.turns}
    )


def test_one_position_may_be_asked_for_from_the_help() -> None:
    assert regular().after(HELP, heard(Meaning.POSITION, 2)).prompts[0] == "position_one"


def test_a_key_without_a_meaning_in_the_help_is_not_understood() -> None:
    call = PlayedCall(SIX).answered().after(*keyed("0", "5"))
    assert call.prompts == ["unclear_1", "help_how", "help_back"]


def test_a_repeat_of_the_help_is_the_help_again() -> None:
    assert regular().after(HELP, *keyed("*")).prompts[0] == "help_yes_no"


def test_where_keys_are_digits_help_is_a_word_and_tells_how_to_key() -> None:
    call = regular()
    call.state = call.state.to(Screen.KEYING)
    assert call.after(HELP).prompts[0] == "help_number"
    assert call.after(*keyed("#", "482917")).prompts[0] == "checking_keys"


def test_help_while_waiting_keeps_the_line_for_the_photo() -> None:
    call = PlayedCall(inbound=True).answered().after(HELP)
    assert call.prompts[0] == "help_waiting"
    assert call.state.waiting
    assert call.photo(1, SIX).prompts[0] == "greeting_arrived"


def test_silence_in_the_help_while_waiting_is_waiting() -> None:
    call = PlayedCall(inbound=True).answered().after(HELP, Silence())
    assert call.prompts == ["waiting_still"]


def test_help_without_anything_to_choose_names_the_keys() -> None:
    call = regular().after(FORGET, HELP)
    assert call.prompts == ["help_yes_no", "forget_ask"]


@pytest.mark.parametrize("screen", Screen)
def test_every_command_that_is_offered_is_listened_for(screen: Screen) -> None:
    hears = SCREENS[screen].HEARS
    assert hears >= offered(screen)
    assert hears >= COMMANDS or screen is Screen.GOODBYE
    assert set(entries(screen)) == offered(screen) <= set(ORDER)


def test_the_fewer_a_question_can_do_the_fewer_words_are_listened_for() -> None:
    reading_hears = SCREENS[Screen.READING].HEARS
    for screen in (Screen.GREETING, Screen.ALTERNATIVE, Screen.CHECKING, Screen.FORGETTING):
        assert reading_hears > SCREENS[screen].HEARS


def test_a_word_that_is_not_listened_for_is_not_understood() -> None:
    greeting = PlayedCall(SIX).answered()
    assert greeting.after(heard(Meaning.BACKWARDS)).prompts[0] == "unclear_1"
    assert at_reading(SIX).after(heard(Meaning.DIGIT, 7)).prompts[0] == "unclear_1"


@pytest.mark.parametrize("meaning", [Meaning.STOP, Meaning.LANGUAGE, Meaning.LINK], ids=str)
def test_what_a_mishearing_would_cost_is_heard_surely_or_not_at_all(meaning: Meaning) -> None:
    assert regular().after(Heard(meaning, 0.6)).prompts[0] == "unclear_1"


# ---- a text


@pytest.mark.parametrize(
    ("call", "question"),
    [
        (regular(), "reading_ask"),
        (regular(unreadable(Problem.BLURRED)), "waiting_again"),
        (PlayedCall(inbound=True).answered(), "waiting_how"),
    ],
)
def test_a_text_to_answer_with_the_photo_is_sent_for_the_asking(
    call: PlayedCall, question: str
) -> None:
    call.after(heard(Meaning.LINK))
    assert Text("text_link") in call.actions
    assert call.prompts == ["link_sent", question]


# ---- forget me


def test_who_wants_to_be_forgotten_is_asked_once_more() -> None:
    call = regular().after(FORGET)
    assert call.prompts == ["forget_ask"]
    assert Forget() not in call.actions
    assert call.listens is not None
    assert call.listens.hears == ANSWERS | COMMANDS


def test_a_yes_ends_the_call_deletes_and_keeps_no_label() -> None:
    call = regular(reading("48"), reading("29")).after(YES, FORGET, YES)
    assert call.prompts == ["goodbye_forgotten"]
    assert Forget() in call.actions
    assert call.hangs_up
    assert call.after(HungUp()).labels == []


def test_a_no_leads_back_and_deletes_nothing() -> None:
    call = regular(consent=False).after(FORGET, NO)
    assert call.prompts == ["reading_ask"]
    assert call.after(YES).labels == [("unverified", "482915")]
    assert Forget() not in call.actions


def test_silence_deletes_nothing() -> None:
    call = regular().after(FORGET, Silence(), Silence(), Silence())
    assert call.hangs_up
    assert Forget() not in call.actions


def test_a_photo_that_comes_meanwhile_is_told_once_the_question_is_settled() -> None:
    call = PlayedCall(inbound=True, person=True).answered().after(FORGET)
    assert "digits" in call.photo(1, SIX).prompts
