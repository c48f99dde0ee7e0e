# SPDX-License-Identifier: Apache-2.0
"""Repeats, help, silence, noise, waiting for a photo, and ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from played_call import NO, REPEAT, STOP, UNCLEAR, YES, PlayedCall, at_reading, keyed, silences
from sample_readings import reading, unreadable

from ivr.dialog.state import Screen
from ivr.dialog.types import Answered, Expect, HangUp, Heard, HungUp, Meaning, Silence
from ivr.dialog.waiting import MOST_WAITS
from vision.reading import Problem

SLOWER = Heard(Meaning.SLOWER, 0.9, "천천히")


def test_a_repeat_is_slower_and_the_next_one_by_one_with_positions() -> None:
    call = at_reading(reading("4829"), first_time=False).after(REPEAT)
    assert {say.pace for say in call.says} == {0.85}
    assert "digits" in call.prompts
    call.after(*keyed("*"))
    assert {say.pace for say in call.says} == {0.7}
    assert "첫 번째, 사 두 번째, 팔 세 번째, 이 네 번째, 구" in call.words


def test_repeats_never_become_a_drawl() -> None:
    call = at_reading(reading("4829")).after(*[REPEAT] * 20)
    assert call.says[0].pace == 0.55


def test_slower_stays_slower_on_the_next_screen() -> None:
    call = at_reading(reading("4829")).after(SLOWER, YES)
    assert call.says[0].pace == 0.85


def test_zero_is_a_digit_while_a_number_is_keyed() -> None:
    assert "공 공" in at_reading(reading("48")).after(NO, *keyed("00")).words


def test_stop_ends_at_once_and_keeps_what_was_said() -> None:
    call = at_reading(reading("48"), reading("29")).after(YES, STOP)
    assert call.prompts == ["goodbye_stopped"]
    assert call.labels == [("unverified", "48")]


def test_silence_and_noise_are_worded_differently_and_escalate_to_the_keys() -> None:
    call = at_reading(reading("48"))
    assert call.after(Silence()).prompts == ["silent_1", "yes_no_1", "reading_ask"]
    assert call.after(UNCLEAR).prompts == ["unclear_2", "yes_no_2", "reading_ask"]
    assert call.after(Silence()).prompts == ["goodbye_silent"]
    assert call.hangs_up


def test_an_answer_forgives_the_misses_before_it() -> None:
    call = at_reading(reading("48")).after(Silence(), Silence(), REPEAT, Silence())
    assert call.prompts[0] == "silent_1"


def test_a_question_asked_again_waits_longer() -> None:
    call = at_reading(reading("48"))
    assert call.listens is not None
    first = call.listens.timeout_s
    call.after(Silence())
    assert call.listens.timeout_s > first


@pytest.mark.parametrize("keys", ["7", "12", "482915", "#"])
def test_keys_without_a_meaning_are_not_understood(keys: str) -> None:
    greeting = PlayedCall(reading("48")).answered()
    assert greeting.after(*keyed(keys)).prompts[0] == "unclear_1"
    assert at_reading(reading("48")).after(YES, *keyed(keys)).prompts[0] == "unclear_1"


def test_pound_alone_answers_no_question() -> None:
    assert at_reading(reading("48")).after(*keyed("#")).prompts[0] == "unclear_1"


def test_a_favour_is_asked_twice_and_then_let_be() -> None:
    call = at_reading(reading("48")).after(YES, Silence())
    assert call.prompts == ["silent_1", "yes_no_1", "consent_ask"]
    call.after(UNCLEAR)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("unverified", "48")]


def test_an_answering_machine_hears_no_digit() -> None:
    call = PlayedCall(reading("48")).answered()
    for event in (UNCLEAR, Silence(), Silence()):
        call.after(event)
        assert not any(say.secret for say in call.says)
    assert call.hangs_up
    assert not call.state.told


@pytest.mark.parametrize("problem", Problem)
def test_a_bad_photo_is_one_problem_one_thing_to_change_and_the_line_held(
    problem: Problem,
) -> None:
    call = at_reading(unreadable(problem))
    assert call.prompts == [f"problem_{problem}", "waiting_again", "waiting_how"]
    assert call.listens is not None
    assert call.listens.expect is Expect.PHOTO
    assert call.state.waiting
    assert call.state.told


def test_of_several_problems_the_most_harmful_is_told() -> None:
    call = at_reading(unreadable(Problem.TOO_DARK, Problem.CUT_OFF_LEFT))
    assert call.prompts[0] == "problem_cut_off_left"


def test_a_photo_without_digits_or_reason_has_no_digits() -> None:
    assert at_reading(unreadable()).prompts[0] == "problem_no_digits"


def test_a_lost_photo_is_asked_for_again() -> None:
    call = PlayedCall(lost=1).answered().after(YES)
    assert call.prompts[0] == "problem_lost"


def test_readable_photos_come_before_what_was_wrong_with_others() -> None:
    call = at_reading(unreadable(Problem.BLURRED), reading("48"))
    assert "digits" in call.prompts
    call.after(YES)
    assert call.prompts[0] == "problem_blurred"
    call.after(NO)
    assert call.prompts == ["consent_ask"]


def test_the_next_photo_is_read_on_the_same_call() -> None:
    call = at_reading(unreadable(Problem.BLURRED)).after(Silence()).photo(2, reading("48"))
    assert "digits" in call.prompts


def test_a_caller_who_rings_first_waits_and_is_asked_before_digits() -> None:
    call = PlayedCall(inbound=True).answered()
    assert call.prompts == ["waiting_first", "waiting_how"]
    call.photo(1, reading("48"))
    assert call.prompts == ["greeting_arrived", "greeting_ask"]
    assert "digits" in call.after(YES).prompts


def test_waiting_says_every_ten_seconds_that_somebody_is_there() -> None:
    call = PlayedCall(inbound=True).answered()
    for ten_seconds in range(1, MOST_WAITS):
        assert call.listens is not None
        assert call.listens.timeout_s == 10
        keys = ["waiting_keys"] if ten_seconds % 3 == 0 else []
        assert call.after(Silence()).prompts == ["waiting_still", *keys]


def test_before_the_line_is_given_up_the_caller_is_told_and_may_have_longer() -> None:
    call = PlayedCall(inbound=True, waits=MOST_WAITS - 1, begun=True, screen=Screen.WAITING)
    assert call.after(Silence()).prompts == ["waiting_last"]
    assert call.after(*keyed("1")).prompts == ["waiting_still"]
    assert call.state.waits == 1


def test_who_says_nothing_to_that_is_let_go_kindly() -> None:
    call = PlayedCall(inbound=True, waits=MOST_WAITS, begun=True, screen=Screen.WAITING)
    assert call.after(Silence()).prompts == ["goodbye_no_photo"]


def test_a_yes_in_the_room_is_no_answer_while_waiting() -> None:
    call = PlayedCall(inbound=True).answered()
    assert call.listens is not None
    assert Meaning.YES not in call.listens.hears
    assert call.after(YES).prompts == []


def test_noise_while_waiting_costs_no_words() -> None:
    call = PlayedCall(inbound=True).answered().after(UNCLEAR)
    assert call.prompts == []
    assert call.listens is not None


def test_noise_does_not_hold_the_line_for_ever() -> None:
    call = PlayedCall(inbound=True).answered().after(*[UNCLEAR] * 30)
    assert call.hangs_up


def test_the_key_2_ends_the_waiting() -> None:
    call = PlayedCall(inbound=True).answered().after(*keyed("2"))
    assert call.prompts == ["goodbye_stopped"]


def test_a_no_that_is_not_heard_surely_does_not_end_the_waiting() -> None:
    call = PlayedCall(inbound=True).answered().after(Heard(Meaning.NO, 0.5, "아니요"))
    assert not call.state.ended
    assert call.after(NO).prompts == ["goodbye_stopped"]


def test_after_another_bad_photo_a_way_that_needs_no_eyes_is_told() -> None:
    call = at_reading(unreadable(Problem.BLURRED)).photo(2, unreadable(Problem.BLURRED))
    assert call.prompts == ["problem_blurred", "problem_again", "waiting_again", "waiting_how"]
    assert call.photo(3, unreadable(Problem.GLARE)).prompts[:2] == [
        "problem_glare",
        "problem_again",
    ]


def test_a_lost_photo_was_not_taken_badly() -> None:
    call = at_reading(unreadable(Problem.BLURRED))
    call.state = replace(call.state, lost=1)
    assert call.answered().prompts[:2] == ["problem_lost", "waiting_again"]
    assert call.photo(2, unreadable(Problem.BLURRED)).prompts[1] == "problem_again"


def test_a_line_answered_anew_asks_the_same_question_again() -> None:
    call = at_reading(reading("48"))
    before = call.prompts
    assert call.after(Answered()).prompts == before


def test_a_line_given_up_for_lost_goes_on_when_it_is_answered_again() -> None:
    call = at_reading(reading("48")).after(HungUp(), Answered())
    assert "digits" in call.prompts
    assert not call.state.ended


def test_the_same_photo_announced_twice_is_one_photo() -> None:
    call = at_reading(unreadable()).photo(2, reading("48")).photo(2, reading("48"))
    assert len(call.state.photos) == 2


def test_a_photo_taken_anew_is_no_second_one() -> None:
    call = at_reading(unreadable()).photo(2, reading("48"))
    assert "digits" in call.prompts
    assert not {"photo_count", "photo_place"} & set(call.prompts)


def test_a_photo_that_comes_in_the_middle_waits_for_its_turn() -> None:
    call = at_reading(reading("48")).photo(2, reading("29"))
    assert call.prompts[-1] == "reading_ask"
    assert "photo_place" in call.after(YES).prompts


def test_after_the_end_there_is_only_the_end() -> None:
    call = at_reading(reading("48"), consent=False).after(YES)
    assert call.hangs_up
    assert call.after(YES).actions == (HangUp(),)
    assert call.after(*silences(1)).actions == (HangUp(),)
    assert len(call.stored) == 1
