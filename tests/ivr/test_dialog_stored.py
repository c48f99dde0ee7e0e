# SPDX-License-Identifier: Apache-2.0
"""Conversations over a real database: races, photos that come in, what is written down."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from threading import Barrier, Thread

import pytest
from PIL import Image
from sample_readings import reading, unreadable
from signed_phone import CALLER, sid
from sqlalchemy import select
from told_photo import attach, erase, read_message, ring_back

from ivr import tokens
from ivr.catalogue import load
from ivr.conversation import Conversation, UnknownCall
from ivr.dialog.state import State
from ivr.dialog.types import Action, Answered, HangUp, Heard, HungUp, Keyed, Meaning, Say, Silence
from ivr.saved import Saved
from vision.reading import Problem
from worker import Store, calls
from worker.forgetting import forget_who_asked
from worker.records import Caller, Confirmation, Message, Photo, Sample, Text, Turn
from worker.samples import keep_samples
from worker.training_records import TestPhoto

YES = Heard(Meaning.YES, 0.9, "네")
LINK = Heard(Meaning.LINK, 0.9)


def ring(store: Store, *readings: object) -> int:
    message_id = read_message(store, sid("MM", 1), CALLER, *readings)  # type: ignore[arg-type]
    return ring_back(store, message_id, sid("CA", 1))


def prompts(actions: tuple[Action, ...]) -> list[str]:
    return [action.prompt for action in actions if isinstance(action, Say)]


def test_each_step_goes_on_from_the_stored_one(store: Store) -> None:
    call_id = ring(store, reading("482915"))
    assert prompts(Conversation(store, call_id).step(Answered()))[-1] == "greeting_ask"
    assert "digits" in prompts(Conversation(store, call_id).step(YES))


def test_a_call_nobody_knows_has_no_conversation(store: Store) -> None:
    with pytest.raises(UnknownCall):
        Conversation(store, 999)


def test_the_callers_language_is_spoken(store: Store) -> None:
    view = calls.start_inbound(store, sid("CA", 1), "+12025550117", "en")
    assert Conversation(store, view.id).language == "en"


def test_a_language_without_a_catalogue_is_spoken_to_in_english(store: Store) -> None:
    view = calls.start_inbound(store, sid("CA", 1), "+12025550117", "tlh")
    assert Conversation(store, view.id).language == "en"


def test_two_steps_at_once_both_count(store: Store) -> None:
    call_id = ring(store, reading("482915"))
    Conversation(store, call_id).step(Answered())
    together = Barrier(2)

    def be_silent() -> None:
        conversation = Conversation(store, call_id)
        together.wait()
        conversation.step(Silence())

    threads = [Thread(target=be_silent) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    view = calls.view(store, call_id)
    assert view is not None
    dialog = Saved.of(view).dialog
    assert dialog is not None
    assert dialog.strikes == 2


def test_what_is_written_down_for_operators_holds_no_digits(store: Store) -> None:
    call_id = ring(store, reading("482915"))
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES, Keyed("2"), Keyed("482917#"), YES):
        conversation.step(event)
    with store.snapshot() as session:
        turns = list(session.scalars(select(Turn).where(Turn.call_id == call_id)))
    seen = " ".join(str(turn.data) for turn in turns)
    assert "482" not in seen
    assert {turn.who for turn in turns} == {"service", "caller", "system"}
    words = [turn.secret["text"] for turn in turns if turn.secret]
    assert "사 팔 이 구 일 오" in words
    assert "482917#" in words


def test_consent_is_remembered_beyond_the_call(store: Store) -> None:
    call_id = ring(store, reading("48"))
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES, YES, YES, YES):
        conversation.step(event)
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).one().consent is True
        kept = session.scalars(select(Confirmation)).one()
        assert (kept.label, kept.heard_by, kept.confidence) == ("confirmed", "voice", 0.9)


def test_a_chosen_caller_gives_photos_to_test_with_and_no_digit_to_learn_from(
    store: Store,
) -> None:
    store = replace(store, settings=store.settings.model_copy(update={"test_share": 1.0}))
    conversation = Conversation(store, ring(store, reading("482915")))
    asked = [prompts(conversation.step(event)) for event in (Answered(), YES, YES)]
    assert asked[-1] == ["test_consent_how", "test_consent_ask"]
    for event in (YES, YES, Keyed("482915#")):
        conversation.step(event)
    assert (caller(store).test_consent, caller(store).consent) == (True, None)
    store.objects.put("photos/1", _blank_photo())
    with store.session() as session:
        session.get_one(Photo, 1).object_key = "photos/1"
    keep_samples(store, 1)
    with store.snapshot() as session:
        assert session.scalars(select(Confirmation.label)).one() == "keyed"
        assert session.scalars(select(TestPhoto)).one().secret == {"text": "482915"}
        assert session.scalars(select(Sample)).all() == []


def _blank_photo() -> bytes:
    jpeg = BytesIO()
    Image.new("RGB", (64, 48), "white").save(jpeg, "JPEG")
    return jpeg.getvalue()


def caller(store: Store) -> Caller:
    with store.snapshot() as session:
        return session.scalars(select(Caller)).one()


def test_another_language_is_spoken_at_once_written_down_and_remembered(store: Store) -> None:
    call_id = ring(store, reading("482915"))
    conversation = Conversation(store, call_id)
    conversation.step(Answered())
    conversation.step(Heard(Meaning.LANGUAGE, 0.9))
    assert conversation.language == conversation.catalogue.language == "en"
    assert Conversation(store, call_id).language == "en"
    assert caller(store).language == "en"
    with store.snapshot() as session:
        said = [turn.secret for turn in session.scalars(select(Turn)) if turn.kind == "said"]
    assert {"text": "I will speak English."} in said


def test_a_chosen_pace_holds_on_the_next_call(store: Store) -> None:
    call_id = ring(store, reading("48"))
    conversation = Conversation(store, call_id)
    for event in (Answered(), Heard(Meaning.SLOWER, 0.9), Heard(Meaning.SLOWER, 0.9)):
        conversation.step(event)
    calls.set_status(store, call_id, "completed")
    again = calls.start_inbound(store, sid("CA", 2), CALLER, "ko")
    assert again.slowness == 2
    actions = Conversation(store, again.id).step(Answered())
    assert {action.pace for action in actions if isinstance(action, Say)} == {0.7}


def test_each_wish_for_a_link_texts_a_new_one_in_the_callers_language(store: Store) -> None:
    view = calls.start_inbound(store, sid("CA", 1), CALLER, "ko")
    conversation = Conversation(store, view.id)
    for event in (Answered(), LINK, LINK):
        conversation.step(event)
    with store.snapshot() as session:
        bodies = session.scalars(select(Text.body)).all()
    words = load("ko").text(Say("text_link"))
    assert len(set(bodies)) == 2
    assert all(body.startswith(f"{words} {store.settings.public_url}/photo/") for body in bodies)


def test_whoever_asks_for_links_without_end_is_told_so_once(store: Store) -> None:
    view = calls.start_inbound(store, sid("CA", 1), CALLER, "ko")
    conversation = Conversation(store, view.id)
    for event in (Answered(), *[LINK] * (store.settings.links_per_hour + 3)):
        conversation.step(event)
    with store.snapshot() as session:
        bodies = session.scalars(select(Text.body)).all()
    assert len(bodies) == store.settings.links_per_hour + 1
    assert bodies[-1] == load("ko").text(Say("text_links_enough"))


def test_who_asked_to_be_forgotten_is_gone_once_the_call_is_over(store: Store) -> None:
    call_id = ring(store, reading("48"), reading("29"))
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES, YES, Heard(Meaning.FORGET, 0.9), YES):
        actions = conversation.step(event)
    assert HangUp() in actions
    assert caller(store).forget_at is not None
    with store.snapshot() as session:
        assert session.scalars(select(Confirmation)).all() == []
        message_id = session.scalars(select(Message.id)).one()
    erase(store, message_id)
    forget_who_asked(store, caller(store).id)
    assert caller(store).forget_at is not None  # the line is still open
    calls.set_status(store, call_id, "completed")
    forget_who_asked(store, caller(store).id)
    with store.snapshot() as session:
        assert session.scalars(select(Caller)).all() == []


def test_a_message_is_told_once_its_caller_has_answered_for_all_of_it(store: Store) -> None:
    call_id = ring(store, reading("48"), reading("29"))
    conversation = Conversation(store, call_id)

    def told() -> bool:
        with store.snapshot() as session:
            return session.scalars(select(Message)).one().told_at is not None

    for event in (Answered(), YES, YES):
        conversation.step(event)
        assert not told()
    conversation.step(YES)
    assert told()


def test_a_waiting_call_that_is_answered_anew_reads_the_photo_that_came(store: Store) -> None:
    call_id = ring(store, unreadable(Problem.BLURRED))
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES):
        actions = conversation.step(event)
    assert prompts(actions)[0] == "problem_blurred"
    came = read_message(store, sid("MM", 2), CALLER, reading("48"), reading("29"))
    attach(store, call_id, came)
    assert "digits" in prompts(Conversation(store, call_id).step(Answered()))
    assert "photo_place" in prompts(Conversation(store, call_id).step(YES))


def test_a_waiting_call_that_could_not_be_moved_looks_for_itself(store: Store) -> None:
    view = calls.start_inbound(store, sid("CA", 1), CALLER, "ko")
    conversation = Conversation(store, view.id)
    conversation.step(Answered())
    attach(store, view.id, read_message(store, sid("MM", 1), CALLER, reading("48")))
    assert prompts(conversation.step(Silence())) == ["greeting_arrived", "greeting_ask"]


def test_a_waiting_call_that_is_moved_on_in_the_middle_of_help_reads_its_photo(
    store: Store,
) -> None:
    view = calls.start_inbound(store, sid("CA", 1), CALLER, "ko")
    conversation = Conversation(store, view.id)
    for event in (Answered(), Heard(Meaning.HELP, 0.9), HungUp()):
        conversation.step(event)
    attach(store, view.id, read_message(store, sid("MM", 1), CALLER, reading("48")))
    assert prompts(conversation.step(Answered())) == ["greeting_arrived", "greeting_ask"]


def test_a_photo_that_was_waited_for_and_got_lost_is_asked_for_again(store: Store) -> None:
    call_id = ring(store, unreadable(Problem.BLURRED))
    conversation = Conversation(store, call_id)
    for event in (Answered(), YES):
        conversation.step(event)
    attach(store, call_id, read_message(store, sid("MM", 2), CALLER, None))
    assert prompts(conversation.step(Answered()))[0] == "problem_lost"


def test_a_token_opens_its_own_stream_once(store: Store) -> None:
    call_id = ring(store, reading("48"))
    token = tokens.issue(store, call_id)
    assert not tokens.redeem(store, call_id, "another")
    assert not tokens.redeem(store, call_id + 1, token)
    assert tokens.redeem(store, call_id, token)
    assert not tokens.redeem(store, call_id, token)


def test_a_newer_token_voids_the_one_before(store: Store) -> None:
    call_id = ring(store, reading("48"))
    first, second = tokens.issue(store, call_id), tokens.issue(store, call_id)
    assert not tokens.redeem(store, call_id, first)
    assert tokens.redeem(store, call_id, second)


def test_a_token_and_the_conversation_leave_each_other_alone(store: Store) -> None:
    call_id = ring(store, reading("48"))
    conversation = Conversation(store, call_id)
    conversation.step(Answered())
    token = tokens.issue(store, call_id)
    conversation.step(Silence())
    assert tokens.redeem(store, call_id, token)
    assert prompts(conversation.step(Silence()))[0] == "silent_2"


def test_only_a_hash_of_a_token_is_kept(store: Store) -> None:
    call_id = ring(store, reading("48"))
    token = tokens.issue(store, call_id)
    view = calls.view(store, call_id)
    assert view is not None
    assert token not in str(view.state)


def test_a_call_nobody_knows_gets_no_token(store: Store) -> None:
    with pytest.raises(LookupError):
        tokens.issue(store, 999)


def test_a_state_that_cannot_be_read_is_an_error_that_shows_no_digits() -> None:
    with pytest.raises(ValueError) as failed:
        State.from_dict({"language": "ko", "candidate": "482915", "denied": 482915})
    assert "482915" not in str(failed.value)
