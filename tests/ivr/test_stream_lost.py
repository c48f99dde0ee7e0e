# SPDX-License-Identifier: Apache-2.0
"""Frames that stop, sockets that break, streams that are replaced: nothing said is lost.

What the test list of IVR mistakes asks for, and where it is tested:

1. the voice goes on after an interruption: `test_a_key_stops_the_voice_and_counts`
   (`test_stream_keys`), `test_a_command_stops_the_voice_...` (`test_stream_barge_in`)
2. all was sent, so nothing seems to play, and nothing is cleared:
   `test_what_was_said_is_sent_ahead_of_time`, which the first two then interrupt
3. sent is taken for heard; a mark is missing: `test_sent_is_not_heard_until_the_last_mark_is_back`,
   `test_without_marks_the_playing_time_decides` (`test_stream_playback`)
4. a key stops the voice and is lost: `test_a_key_stops_the_voice_and_counts`
5. keys do not come over the stream: `test_when_the_stream_breaks_the_call_goes_on_by_keys`
   (`test_webhooks_voice`); those that do: `test_every_message_of_twilio_is_understood`
6. the pause between keys: `test_a_number_without_hash_key_is_told_after_a_pause_that_restarts_...`;
   digits flushed: here, by silence, stop, and broken socket
7. silence is not answered: `test_silence_is_counted_from_the_end_of_the_question`
   (`test_stream_line`), `test_silence_and_noise_are_worded_differently_...`
   (`test_dialog_patience`)
8. speech never ends because the frames do: `test_a_word_is_heard_though_the_frames_stop_in_it`
9. choppy sound: `test_what_was_said_is_sent_ahead_of_time`: Twilio does the pacing
10. hanging up twice: `test_a_call_that_is_over_is_nothing_to_worry_about` (`test_gateway`),
    `test_the_callers_end_is_told_once` (`test_stream_line`); connected, not started:
    `test_the_stream_carries_its_call_and_token_and_no_query` (`test_twiml`); sockets of strangers:
    `test_whoever_does_not_sign_is_refused_...` (`test_stream_endpoint`); the first prompt and
    noise: `test_noise_interrupts_nothing`, `test_a_machine_that_was_rung_interrupts_nothing`
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_readings import reading
from signed_phone import CALLER, sid
from stream_caller import PhoneLine
from stream_plan import ASK, BYE, KEY_IN, VOICE, YES, Beeper, EarsAtHand, Plan, call
from told_photo import read_message, ring_back

from ivr import tokens
from ivr.conversation import Conversation, MovedOn
from ivr.dialog.types import Answered, Event, Heard, HungUp, Keyed, Listen, Meaning, Silence
from ivr.stream.run import run
from ivr.took import UNTIMED, Took
from ivr.voice import Voice
from worker import Store
from worker.records import Call


def test_the_list_above_names_tests_there_are() -> None:
    named = set(re.findall(r"`(test_\w+?)_?(?:\.\.\.)?`", __doc__ or ""))
    tests = Path(__file__).parents[1]
    modules = {path.stem for path in tests.rglob("test_*.py")}
    sources = "".join(path.read_text("utf-8") for path in tests.rglob("test_*.py"))
    assert [name for name in named - modules if f"def {name}" not in sources] == []
    assert len(named) > 15


# ---- frames that stop ---------------------------------------------------------------------


def test_a_word_is_heard_though_the_frames_stop_in_it() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.speak(VOICE)
        yield from line.wait(len(VOICE) // 8 - 100)
        line.frozen = True
        yield from line.wait(1500)

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.events == [Answered(), YES]


def test_a_line_without_frames_is_asked_again() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.frozen = True
        yield from line.wait(8000)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Silence()]


def test_a_number_is_complete_though_the_frames_stop() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.press("4829")
        yield from line.wait(100)
        line.frozen = True
        yield from line.wait(6000)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("4829")]


def test_a_line_that_comes_back_goes_on_where_it_was() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.frozen = True
        yield from line.wait(3000)
        line.frozen = False
        line.speak(VOICE)
        yield from line.wait(1500)

    plan = Plan(ASK, BYE)
    call(caller, plan, YES)
    assert plan.events == [Answered(), YES]


# ---- sockets that break -------------------------------------------------------------------


def test_keys_are_told_though_the_socket_breaks() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.press("4829")
        yield from line.wait(100)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("4829")]


def test_keys_are_told_though_the_other_side_talks_nonsense() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.press("1")
        line.put_text("nonsense")
        yield from line.wait(100)

    plan = Plan(ASK, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("1")]


def test_digits_keyed_before_a_hang_up_are_told_before_it() -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        line.press("4829")
        line.stop()
        yield from line.wait(100)

    plan = Plan(KEY_IN, ASK)
    call(caller, plan)
    assert plan.events == [Answered(), Keyed("4829"), HungUp()]


# ---- streams that are replaced ------------------------------------------------------------


class Replaced(Plan):
    """A call that has gone on over another line."""

    def step(self, event: Event, took: Took = UNTIMED) -> object:
        if isinstance(event, Answered):
            return super().step(event, took)
        raise MovedOn


@pytest.mark.parametrize("how", ["speaks", "is silent", "presses", "stops"])
def test_a_stream_whose_call_has_another_ends_without_a_word(how: str) -> None:
    def caller(line: PhoneLine) -> Iterator[None]:
        yield from line.hear_out()
        sent = len(line.sent)
        match how:
            case "speaks":
                line.speak(VOICE)
            case "presses":
                line.press("#")
            case "stops":
                line.stop()
        yield from line.wait(7500)
        raise AssertionError(f"{len(line.sent) - sent} more messages")

    plan = Replaced(ASK)
    line = PhoneLine(caller)
    run(line, lambda start: plan, Voice(Beeper()), EarsAtHand(None), lambda: line.wall_ms / 1000)
    assert plan.events == [Answered()] and not line.closed


@pytest.fixture
def call_id(store: Store) -> tuple[Store, int]:
    """A call we placed, for a photo that was read."""
    message = read_message(store, sid("MM", 1), CALLER, reading("482915"))
    return store, ring_back(store, message, sid("CA", 1))


def test_the_newest_line_has_the_call(call_id: tuple[Store, int]) -> None:
    first, second = Conversation(*call_id), Conversation(*call_id)
    first.step(Answered())
    first.step(Heard(Meaning.YES, 0.9))
    assert second.step(Answered()) != ()
    for event in (Silence(), Heard(Meaning.NO, 0.9), Keyed("1"), HungUp()):
        with pytest.raises(MovedOn):
            first.step(event)
    actions = second.step(Heard(Meaning.YES, 0.9))
    assert any(isinstance(action, Listen) for action in actions)  # no end by the older's hang-up


def test_a_call_announced_twice_leaves_its_stream_alone(call_id: tuple[Store, int]) -> None:
    stream = Conversation(*call_id)
    stream.step(Answered())
    tokens.issue(*call_id)
    assert stream.step(Silence()) != ()


def test_a_webhook_about_a_call_is_no_line_of_its_own(call_id: tuple[Store, int]) -> None:
    stream = Conversation(*call_id)
    stream.step(Answered())
    Conversation(*call_id).step(HungUp())
    assert stream.step(Silence()) != ()


@pytest.mark.parametrize(("direction", "attended"), [("inbound", True), ("outbound", False)])
def test_who_rang_us_is_a_person_and_who_we_ring_is_one_after_a_yes(
    call_id: tuple[Store, int], direction: str, attended: bool
) -> None:
    store, id = call_id
    with store.session() as session:
        session.get_one(Call, id).direction = direction
    stream = Conversation(store, id)
    stream.step(Answered())
    assert stream.attended is attended
    stream.step(Heard(Meaning.YES, 0.9))
    assert stream.attended
