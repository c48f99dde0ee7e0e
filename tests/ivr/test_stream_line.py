# SPDX-License-Identifier: Apache-2.0
"""Silence, waiting, and everything that can happen to the line itself."""

import base64
import json
from collections.abc import Iterator

import pytest
from stream_caller import PhoneLine
from stream_plan import ASK, BYE, VOICE, WAIT, YES, Beeper, Ears, EarsAtHand, Plan, call, speech

from ivr.audio import encode
from ivr.dialog.types import (
    Answered,
    HungUp,
    Keyed,
    Silence,
)
from ivr.stream.run import run
from ivr.voice import Voice


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
