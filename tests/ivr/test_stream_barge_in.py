# SPDX-License-Identifier: Apache-2.0
"""Words spoken while the service speaks, on a line in virtual time: which stop it, and when."""

from collections.abc import Iterator

import numpy as np
import pytest
from stream_caller import PhoneLine
from stream_plan import ASK, BYE, KEY_IN, UNCLEAR, YES, Ears, Plan, call

from ivr.audio import SILENCE, decode, encode
from ivr.dialog.types import (
    ANSWERS,
    COMMANDS,
    Answered,
    Expect,
    HangUp,
    Heard,
    Keyed,
    Listen,
    Meaning,
    Say,
)
from ivr.voice import CALLER_VOICES, EspeakEngine

TELL = (Say("greeting"), Say("consent_ask"), Say("greeting_ask"), Listen(Expect.YES_NO, 7.0))
REPEAT = Heard(Meaning.REPEAT, 0.9, "다시")
UNSURE = Heard(Meaning.REPEAT, 0.7, "다시")


@pytest.fixture(scope="module")
def word() -> bytes:
    """A caller's word, which is not the beeper's voice."""
    engine = EspeakEngine(CALLER_VOICES)
    spoken = engine.speak("다시", "ko")
    engine.close()
    return spoken


def says(sound: bytes, *, after_ms: int = 1500, then_ms: int = 2000) -> object:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(after_ms)
        assert line.is_playing
        line.speak(sound)
        yield from line.wait(len(sound) // 8 + then_ms)

    return caller


def at_level(sound: bytes, gain: float) -> bytes:
    return encode((decode(sound) * gain).astype(np.float32))


def test_a_command_stops_the_voice_within_six_tenths_of_a_second_of_its_end(word: bytes) -> None:
    silent_after_ms: list[int] = []

    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(1500)
        line.speak(word)
        yield from line.wait(len(word) // 8)
        ended_ms = line.now_ms
        while not line.events("clear"):
            yield
        silent_after_ms.append(line.now_ms - ended_ms)

    plan = Plan(TELL, ASK)
    call(caller, plan, REPEAT)
    assert plan.events == [Answered(), REPEAT]
    assert silent_after_ms[0] <= 500  # and the recogniser has a tenth of a second


def test_only_commands_are_listened_for_before_the_question_has_been_asked(word: bytes) -> None:
    hears = frozenset({Meaning.YES, Meaning.POSITION, Meaning.FORGET, Meaning.REPEAT})
    for heard, stops in ((REPEAT, True), (Heard(Meaning.FORGET, 1.0), False)):
        ears, plan = Ears([heard]), Plan((*TELL[:-1], Listen(Expect.YES_NO, 7.0, hears)))
        line = call(says(word), plan, ears=ears)
        assert ears.asked == [ANSWERS | {Meaning.REPEAT}]
        assert bool(line.events("clear")) is stops


def test_a_question_that_hears_no_command_is_not_interrupted(word: bytes) -> None:
    ears = Ears([])
    listen = Listen(Expect.YES_NO, 7.0, frozenset({Meaning.YES, Meaning.DIGIT}))
    call(says(word), Plan((*TELL[:-1], listen)), ears=ears)
    assert ears.asked == []


@pytest.mark.parametrize("heard", [YES, UNCLEAR, UNSURE, None], ids=str)
def test_whatever_is_no_clear_command_stops_nothing(word: bytes, heard: Heard | None) -> None:
    plan = Plan(TELL, ASK)
    line = call(says(word), plan, heard)
    assert plan.events == [Answered()] and line.events("clear") == []


def test_a_command_that_begins_over_the_voice_may_end_after_it(word: bytes) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(line.sound_ms - 600)
        line.speak(word)
        yield from line.wait(640)
        assert not line.is_playing and plan.events == [Answered()]
        yield from line.wait(1000)

    ears, plan = Ears([REPEAT]), Plan(TELL, BYE)
    line = call(caller, plan, ears=ears)
    assert plan.events == [Answered(), REPEAT] and ears.asked == [COMMANDS | ANSWERS]
    assert line.events("clear") == []


def test_a_faint_word_is_another_rooms(word: bytes) -> None:
    ears, plan = Ears([]), Plan(TELL)
    call(says(at_level(word, 0.08)), plan, ears=ears)
    assert ears.asked == [] and plan.events == [Answered()]


def test_who_talks_on_and_on_does_not_talk_to_us(word: bytes) -> None:
    ears, plan = Ears([]), Plan((Say("consent_ask"), *TELL))
    call(says(word * 6), plan, ears=ears)
    assert ears.asked == []


def test_a_word_in_the_middle_of_other_speech_is_none(word: bytes) -> None:
    ears, plan = Ears([None]), Plan(TELL)
    call(says(word + SILENCE * 2400 + word, after_ms=200, then_ms=800), plan, ears=ears)
    assert len(ears.asked) == 1


@pytest.mark.parametrize("echo", [0.05, 0.3, 0.9])
def test_our_own_voice_come_back_is_not_the_callers(echo: float) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        line.echo = echo
        yield from line.wait(5500)

    ears, plan = Ears([]), Plan(TELL)
    call(caller, plan, ears=ears)
    assert ears.asked == [] and plan.events == [Answered()]


def test_a_command_is_heard_beside_an_echo(word: bytes) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        line.echo = 0.03
        yield from line.wait(1500)
        line.speak(word)
        yield from line.wait(2000)

    plan = Plan(TELL, ASK)
    call(caller, plan, REPEAT)
    assert plan.events == [Answered(), REPEAT]


def test_a_machine_that_was_rung_interrupts_nothing(word: bytes) -> None:
    plan, ears = Plan(TELL), Ears([])
    plan.attended = False
    call(says(word), plan, ears=ears)
    assert ears.asked == [] and plan.events == [Answered()]


def test_keys_are_what_counts_once_one_was_pressed_over_the_voice(word: bytes) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(1000)
        line.press("4")
        line.speak(word)
        yield from line.wait(1500)

    plan = Plan(TELL)
    line = call(caller, plan, ears=Ears([]))
    assert plan.events == [Answered(), Keyed("4")] and len(line.events("clear")) == 1


def test_a_goodbye_is_not_interrupted(word: bytes) -> None:
    plan = Plan((*TELL[:-1], HangUp()))
    line = call(says(word), plan, ears=Ears([]))
    assert plan.events == [Answered()] and line.events("clear") == []


def test_a_command_is_heard_while_a_number_is_asked_for(word: bytes) -> None:
    plan = Plan((*TELL[:-1], *KEY_IN), ASK)
    call(says(word), plan, REPEAT)
    assert plan.events == [Answered(), REPEAT]
