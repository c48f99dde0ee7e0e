# SPDX-License-Identifier: Apache-2.0
"""How long the parts of a turn took, as the stream tells the record of the call."""

from collections.abc import Iterator

from stream_caller import PhoneLine
from stream_plan import ASK, BYE, KEY_IN, UNCLEAR, VOICE, YES, Plan, call
from test_stream_playback import Wall

from ivr.catalogue import load
from ivr.dialog.types import Answered, Heard, Keyed, Meaning
from ivr.stream.clock import MediaClock, Span
from ivr.stream.times import TurnTimes
from ivr.took import UNTIMED, Took
from ivr.turns import records


def test_a_spoken_answer_is_timed_from_the_end_of_the_question() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(1000)
        line.speak(VOICE)
        yield from line.wait(2000)

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.took[0] == UNTIMED
    took = plan.took[1]
    assert took.question is not None and abs(took.question - 500) <= 60
    assert took.thought is not None and abs(took.thought - 1000) <= 120
    assert took.answer is not None and abs(took.answer - 600) <= 120
    assert took.decision is not None and 200 <= took.decision <= 300
    assert took.voice is not None and took.behind is not None


def test_keys_are_timed_from_the_first_to_the_last() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(2000)
        for key in "4829":
            line.press(key)
            yield from line.wait(500)
        yield from line.wait(6000)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    took = plan.took[1]
    assert took.thought is not None and abs(took.thought - 2000) <= 60
    assert took.answer == 1500
    assert took.decision == 5000


def test_silence_has_a_question_and_no_answer() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        yield from line.wait(7500)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    took = plan.took[1]
    assert took.question is not None
    assert (took.thought, took.answer, took.decision) == (None, None, None)


def test_what_begins_before_the_question_has_ended_has_a_thought_below_zero() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.wait(300)  # the question takes half a second
        line.speak(VOICE)
        yield from line.wait(3000)

    plan = Plan(ASK, BYE)
    call(caller, plan, UNCLEAR)
    assert (plan.took[1].thought or 0) < 0


def test_what_we_did_is_timed_by_the_wall() -> None:
    wall = Wall()
    clock = MediaClock(wall)
    times = TurnTimes(clock, wall)
    clock.hear(1000)
    times.known()
    wall.s += 0.04
    times.voiced()
    clock.hear(3000)
    took = times.took(2000, Span(2400, 2700), thinking_ms=90)
    assert took == Took(40, 1000, 400, 300, 390, took.behind)


def test_sound_that_comes_late_is_noted_at_its_worst_and_forgotten_with_the_turn() -> None:
    wall = Wall()
    clock = MediaClock(wall)
    for late_s, timestamp_ms in ((0, 0), (0.02, 20), (0.32, 40), (0.02, 60)):
        wall.s += late_s
        clock.hear(timestamp_ms)
    assert clock.lag_ms == 300
    clock.forget_lag()
    assert clock.lag_ms == 0


def test_the_record_of_a_turn_has_its_times_and_no_digits() -> None:
    took = Took(voice=40, question=2100, thought=700, answer=900, decision=800)
    record = records("keying", [Keyed("482915")], (), load("ko"), took)[0]
    assert record.data == {"screen": "keying", "keys": 6, "ms": took.as_dict()}
    assert "behind" not in record.data["ms"]


def test_a_turn_nobody_timed_has_no_times() -> None:
    heard = Heard(Meaning.YES, 0.9)
    for record in records("reading", [Answered(), heard], (), load("ko")):
        assert "ms" not in record.data
