# SPDX-License-Identifier: Apache-2.0
"""What is spoken, and what keys do to it, on a line in virtual time."""

from collections.abc import Iterator

import pytest
from stream_caller import PhoneLine
from stream_plan import ASK, BYE, KEY_IN, VOICE, YES, Ears, Plan, call, speech

from ivr.audio import encode
from ivr.dialog.types import (
    Answered,
    Expect,
    HungUp,
    Keyed,
    Listen,
    Say,
)


def test_the_service_speaks_first_and_hangs_up_when_all_was_heard() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(60_000)

    plan = Plan(BYE)
    line = call(caller, plan)
    assert plan.events == [Answered()]
    assert not line.is_playing
    assert 0 <= line.now_ms - line.sound_ms <= 100


def test_what_was_said_is_sent_ahead_of_time() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield
        yield

    line = call(caller, Plan(ASK))
    assert [message["event"] for message in line.sent][-1] == "mark"
    assert line.now_ms <= 40


@pytest.mark.parametrize("returns_cleared_marks", [True, False])
def test_a_key_stops_the_voice_and_counts(returns_cleared_marks: bool) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        assert line.is_playing
        line.press("1")
        yield from line.wait(40)
        assert len(line.events("clear")) == 1
        yield from line.hear_out()
        yield from line.wait(1000)

    plan = Plan(ASK, BYE)
    line = call(caller, plan, returns_cleared_marks=returns_cleared_marks)
    assert plan.events == [Answered(), Keyed("1")]
    marks = [message["mark"]["name"] for message in line.events("mark")]
    assert len(set(marks)) == len(marks) == 2


@pytest.mark.parametrize("returns_cleared_marks", [True, False])
def test_a_cleared_mark_does_not_end_the_next_prompt(returns_cleared_marks: bool) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.press("*")
        yield from line.wait(60)
        line.speak(VOICE)  # while the question is being asked again
        yield from line.hear_out()
        yield from line.wait(1500)
        line.stop()
        yield from line.wait(100)

    plan = Plan(ASK, (Say("greeting_arrived"), Listen(Expect.YES_NO, 7.0)))
    call(caller, plan, YES, returns_cleared_marks=returns_cleared_marks)
    assert plan.events == [Answered(), Keyed("*"), HungUp()]


def test_a_key_after_the_question_clears_nothing() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(500)
        line.press("2")
        yield from line.wait(500)

    line = call(caller, Plan(ASK, ASK))
    assert line.events("clear") == []


def test_a_number_is_gathered_until_the_hash_key() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        for key in "482915#":
            line.press(key)
            yield from line.wait(400)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("482915")]


def test_a_number_without_hash_key_is_told_after_a_pause_that_restarts_with_each_key() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        for key in "4829":
            line.press(key)
            yield from line.wait(4500)
        yield from line.wait(1000)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("4829")]


@pytest.mark.parametrize("pause_ms", [0, 20, 400, 780])
@pytest.mark.parametrize("end", ["#", ""])
@pytest.mark.parametrize("number", ["482917", "1234", "2048", "0105", "11"])
def test_a_number_keyed_at_a_yes_no_question_is_told_once_and_whole(
    number: str, end: str, pause_ms: int
) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        for key in number + end:
            line.press(key)
            yield from line.wait(pause_ms)
        yield from line.wait(5100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed(number)]


def test_after_the_second_key_a_number_has_the_pauses_of_a_number() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        for key in "12":
            line.press(key)
            yield from line.wait(500)
        for key in "34":
            yield from line.wait(4000)
            line.press(key)
        yield from line.wait(5100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("1234")]


@pytest.mark.parametrize("key", ["0", "1", "2"])
def test_a_lone_key_is_an_answer_after_less_than_a_second(key: str) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.press(key)
        yield from line.wait(1000)
        assert plan.events == [Answered(), Keyed(key)]

    plan = Plan(ASK, ASK)
    line = call(caller, plan)
    assert len(line.events("clear")) == 1


def test_a_lone_digit_that_answers_nothing_is_waited_on_as_a_number_is() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.press("4")
        yield from line.wait(4000)
        line.press("8")
        yield from line.wait(5100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("48")]


@pytest.mark.parametrize("key", ["*", "#"])
def test_a_key_that_begins_no_number_acts_at_once(key: str) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.press(key)
        yield from line.wait(40)
        assert plan.events == [Answered(), Keyed(key)]

    plan = Plan(ASK, ASK)
    call(caller, plan)


def test_a_key_answers_and_what_is_said_beside_it_does_not() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(encode(speech(0.4)))
        yield from line.wait(400)
        line.press("2")
        yield from line.wait(1000)

    plan, ears = Plan(ASK, ASK), Ears([YES])
    call(caller, plan, ears=ears)
    assert plan.events == [Answered(), Keyed("2")]


def test_a_lone_key_is_told_even_if_the_caller_hangs_up_upon_it() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.press("1")
        yield from line.wait(100)
        line.stop()
        yield from line.wait(100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("1"), HungUp()]


def test_keys_pressed_while_the_service_says_goodbye_change_nothing() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.press("1")
        yield from line.wait(5000)

    plan = Plan(BYE)
    assert call(caller, plan).events("clear") == []
    assert plan.events == [Answered()]
