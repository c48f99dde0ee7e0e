# SPDX-License-Identifier: Apache-2.0
"""One call's session against a phone line in virtual time and a conversation that follows a plan.

Playback, clock, keypad and end-pointing are real; the recogniser is told what it hears.
"""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from stream_caller import PhoneLine, Script

from ivr.audio import Samples, encode
from ivr.dialog.types import (
    Action,
    Answered,
    Event,
    Expect,
    HangUp,
    Heard,
    HungUp,
    Keyed,
    Listen,
    Meaning,
    Say,
    Silence,
)
from ivr.hearing import Hearing, Recogniser
from ivr.stream.protocol import Started
from ivr.stream.run import run
from ivr.voice import Voice

ASK = (Say("reading_ask"), Listen(Expect.YES_NO, 7.0))
KEY_IN = (Say("keying"), Listen(Expect.DIGITS, 15.0))
WAIT = (Say("waiting_again"), Listen(Expect.PHOTO, 20.0))
BYE = (Say("goodbye_done"), HangUp())
YES = Heard(Meaning.YES, 0.9, "네")
UNCLEAR = Heard(Meaning.UNCLEAR, 0.0, "각")


class Plan:
    """A conversation that answers event after event with what it was given."""

    language = "ko"

    def __init__(self, *turns: tuple[Action, ...]) -> None:
        self.turns = list(turns)
        self.events: list[Event] = []

    def step(self, event: Event) -> tuple[Action, ...]:
        self.events.append(event)
        return self.turns.pop(0) if self.turns and not isinstance(event, HungUp) else ()


class Beeper:
    """A voice that takes 100 ms a letter."""

    def speak(self, text: str, language: str, pace: float) -> bytes:
        return encode(speech(len(text) / 10))


@dataclass
class Ears(Recogniser):
    """Hears what it was told it would."""

    hears: list[Heard | None]
    sounds: list[bytes] = field(default_factory=list)

    def recognise(self, utterance: bytes) -> Heard | None:
        self.sounds.append(utterance)
        return self.hears.pop(0)


class EarsAtHand(Hearing):
    """The recognisers of an installation that has just these."""

    def __init__(self, ears: Recogniser | None) -> None:
        super().__init__(Path())
        self._ears = ears

    def warm(self, language: str) -> Future[Recogniser | None]:
        loaded: Future[Recogniser | None] = Future()
        loaded.set_result(self._ears)
        return loaded


def speech(seconds: float) -> Samples:
    """Sound that the voice detector takes for a voice: a buzz of 140 Hz with two formants."""
    time = np.arange(int(8000 * seconds)) / 8000
    buzz = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return (0.15 * swell * buzz).astype(np.float32)


def call(
    script: Script,
    plan: Plan,
    *hears: Heard | None,
    returns_cleared_marks: bool = True,
    ears: Ears | None = None,
) -> PhoneLine:
    line = PhoneLine(script, returns_cleared_marks=returns_cleared_marks)

    def admit(start: Started) -> Plan | None:
        return plan if start.parameters["token"] == "good" else None

    run(line, admit, Voice(Beeper()), EarsAtHand(ears or Ears(list(hears))))
    return line


VOICE = encode(speech(0.6))


# ---- speaking -----------------------------------------------------------------------------


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


# ---- keys ---------------------------------------------------------------------------------


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


# ---- speech -------------------------------------------------------------------------------


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


# ---- time ---------------------------------------------------------------------------------


def test_silence_is_counted_from_the_end_of_the_question() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(6900)
        assert plan.events == [Answered()]
        yield from line.wait(300)
        assert plan.events == [Answered(), Silence()]

    plan = Plan(ASK, ASK)
    call(caller, plan)


def test_nobody_is_called_silent_while_speaking() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(6500)
        line.speak(encode(speech(1.5)))
        yield from line.wait(2500)

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.events == [Answered(), YES]


def test_noise_that_never_ends_does_not_keep_the_service_from_asking_again() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(encode(speech(40)))
        yield from line.wait(17_000)

    plan = Plan(ASK, ASK, ASK, ASK)
    call(caller, plan, *[None] * 9)
    assert Silence() in plan.events


def test_a_waiting_caller_hears_a_soft_tone_and_may_press_keys() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        before = len(line.events("media"))
        yield from line.wait(10_000)
        assert len(line.events("media")) - before == 3
        line.press("2")
        yield from line.wait(1000)

    plan = Plan(WAIT, BYE)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("2")]


# ---- the line -----------------------------------------------------------------------------


def test_the_callers_end_is_told_once() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.stop()
        line.stop()
        yield from line.wait(100)

    plan = Plan(ASK)
    call(caller, plan)
    assert plan.events == [Answered(), HungUp()]


def test_a_waiting_call_may_have_been_moved_so_its_stop_is_no_end() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.stop()
        yield

    plan = Plan(WAIT)
    call(caller, plan)
    assert plan.events == [Answered()]


def test_a_socket_that_breaks_is_no_end_of_the_call() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)

    plan = Plan(ASK)
    call(caller, plan)
    assert plan.events == [Answered()]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        '{"event":"start","streamSid":"MZ1","start":{}}',
        '{"event":"connected"}',
        '{"event":"dtmf","streamSid":"MZ2","dtmf":{"digit":"1"}}',
        '{"event":"media","streamSid":"MZ1","media":{"timestamp":"0","payload":"A"}}',
    ],
)
def test_a_message_that_breaks_the_rules_ends_the_stream_quietly(text: str) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)
        line.put_text(text)
        yield from line.wait(100)
        raise AssertionError("the stream went on")

    plan = Plan(ASK)
    call(caller, plan)
    assert plan.events == [Answered()]


def test_events_of_the_future_are_let_pass() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        line.put("weather", weather={})
        line.put("mark", mark={"name": "nobody's"})
        yield from line.wait(100)
        line.press("*")
        yield from line.wait(100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("*")]


def test_sound_in_odd_pieces_is_put_together() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(200)
        for start in range(0, len(VOICE), 250):
            payload = base64.b64encode(VOICE[start : start + 250]).decode()
            media = {"timestamp": str(line.now_ms), "payload": payload}
            line.put("media", media=media)
        yield from line.wait(1000)

    plan, ears = Plan(ASK, BYE), Ears([YES])
    call(caller, plan, ears=ears)
    assert plan.events == [Answered(), YES]


@pytest.mark.parametrize("token", ["bad", ""])
def test_a_stranger_hears_nothing(token: str) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(100)

    line = PhoneLine(caller)
    start = json.loads(line._coming.pop())
    start["start"]["customParameters"]["token"] = token
    line.put_text(json.dumps(start))
    run(line, lambda s: None, Voice(Beeper()), EarsAtHand(None))
    assert line.sent == [] and line.now_ms == 0


def test_a_stream_that_never_starts_is_given_up() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield

    line = PhoneLine(caller)
    line._coming.pop()
    run(line, lambda s: Plan(ASK), Voice(Beeper()), EarsAtHand(None))
    assert line.sent == []
