# SPDX-License-Identifier: Apache-2.0
"""What counts as an answer by voice, and when, on a line in virtual time."""

from collections.abc import Iterator

from stream_caller import PhoneLine
from stream_plan import ASK, BYE, UNCLEAR, VOICE, YES, Beeper, Ears, EarsAtHand, Plan, call

from ivr.dialog.types import (
    Answered,
    Expect,
    Keyed,
    Listen,
    Say,
    Silence,
)
from ivr.stream.run import run
from ivr.voice import Voice


def test_an_answer_is_heard_within_three_tenths_of_a_second_of_its_end() -> None:
    said_at = []

    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(300)
        line.speak(VOICE)
        yield from line.wait(600)
        said_at.append(line.now_ms)
        while not plan.events[1:]:
            yield
        assert line.now_ms - said_at[0] <= 300

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.events == [Answered(), YES]


def test_an_answer_before_the_question_has_been_asked_is_none() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        line.speak(VOICE)
        yield from line.hear_out()
        yield from line.wait(2000)

    plan = Plan((Say("greeting_arrived"), Listen(Expect.YES_NO, 7.0)))
    call(caller, plan)
    assert plan.events == [Answered()]


def test_an_answer_that_begins_with_the_last_breath_of_the_question_counts() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(300)  # the question takes half a second
        line.speak(VOICE)
        yield from line.wait(2000)

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.events == [Answered(), YES]


def test_words_in_the_middle_of_other_speech_are_no_answer_when_they_began_before_its_end() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(300)  # the question takes a second and a half
        line.speak(VOICE)  # 600 ms: an answering machine
        yield from line.wait(600 + 340)
        line.speak(VOICE)
        yield from line.wait(3000)

    plan = Plan((ASK[0], ASK[0], *ASK))
    call(caller, plan, YES, YES)
    assert plan.events == [Answered()]


def test_an_unclear_beginning_is_heard_again_together_with_what_follows() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(300)
        line.speak(VOICE)
        yield from line.wait(600 + 440)
        line.speak(VOICE)
        yield from line.wait(1500)

    plan, ears = Plan(ASK, BYE), Ears([UNCLEAR, YES])
    call(caller, plan, ears=ears)
    assert plan.events == [Answered(), YES]
    first, together = ears.sounds
    assert together.startswith(first) and len(together) > 1.8 * len(first)


def test_what_stays_unclear_is_told_as_unclear() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(VOICE)
        yield from line.wait(2500)

    plan = Plan(ASK, BYE)
    call(caller, plan, UNCLEAR)
    assert plan.events == [Answered(), UNCLEAR]


def test_a_noise_without_words_is_no_answer_and_the_silence_goes_on() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(VOICE)
        yield from line.wait(8000)

    plan = Plan(ASK, BYE)
    call(caller, plan, None)
    assert plan.events == [Answered(), Silence()]


def test_a_language_that_cannot_be_heard_goes_on_by_keys() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(VOICE)
        yield from line.wait(1500)
        line.press("1")
        yield from line.wait(1000)

    plan, line = Plan(ASK, BYE), PhoneLine(caller)
    run(line, lambda start: plan, Voice(Beeper()), EarsAtHand(None))
    assert plan.events == [Answered(), Keyed("1")]
