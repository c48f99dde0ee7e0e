# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest
from ledger import CALLER, LedgerStore, hold_line, read_all, reading_of, text_photo
from sqlalchemy import select, update
from twilio_stand_in import TwilioStandIn

from worker import ConfirmationRecord, Job, calls, inbox
from worker.delivery import deliver
from worker.gateway import Gateway
from worker.readings import read_photo
from worker.records import Call, CallStatus, Message, Photo, PhotoState, Text, TextStatus, utcnow
from worker.upkeep import KILLS, reap, sweep


class Killed(BaseException):
    """The process dies here."""


def die(message_sid: str, media_sid: str) -> bytes:
    raise Killed


def let_time_pass(store: LedgerStore, hours: float = 0.1) -> None:
    """Everything becomes older by `hours`."""
    with store.session() as session:
        for table in (Message, Photo, Call, Text):
            for column in ("received_at", "claimed_at", "created_at", "ended_at"):
                if hasattr(table, column):
                    _shift(session, table, column, hours)
    store.jobs.clear()


def _shift(session, table: type, column: str, hours: float) -> None:
    for id, at in session.execute(select(table.id, getattr(table, column))).all():
        if at is not None:
            older = {column: at - timedelta(hours=hours)}
            session.execute(update(table).where(table.id == id).values(older))


def kill_while_reading(store: LedgerStore, photo_id: int = 1) -> None:
    with pytest.raises(Killed):
        read_photo(store, photo_id, fetch=die, read=lambda photo: reading_of())


def photo_state(store: LedgerStore) -> str:
    with store.snapshot() as session:
        return session.get_one(Photo, 1).state


def test_nothing_is_done_about_what_is_being_done(store: LedgerStore) -> None:
    text_photo(store)
    kill_while_reading(store)
    store.jobs.clear()
    reap(store)
    assert store.jobs == []


def test_a_photo_whose_worker_was_killed_is_queued_again(store: LedgerStore) -> None:
    text_photo(store)
    kill_while_reading(store)
    let_time_pass(store)
    reap(store)
    assert store.queued(Job.READ_PHOTO) == [1]
    read_all(store)
    assert photo_state(store) == PhotoState.READ


def test_a_photo_whose_queueing_failed_is_queued_again(store: LedgerStore) -> None:
    text_photo(store)
    let_time_pass(store)
    reap(store)
    assert store.queued(Job.READ_PHOTO) == [1]


def test_what_was_queued_again_is_not_queued_once_more_at_once(store: LedgerStore) -> None:
    text_photo(store)
    let_time_pass(store)
    reap(store)
    reap(store)
    assert store.queued(Job.READ_PHOTO) == [1]


def test_a_photo_that_kills_every_worker_is_given_up_and_its_caller_told(
    store: LedgerStore,
) -> None:
    message_id = text_photo(store)
    for _ in range(KILLS):
        kill_while_reading(store)
        let_time_pass(store)
        reap(store)
    assert photo_state(store) == PhotoState.LOST
    assert store.queued(Job.READ_PHOTO) == []
    assert store.queued(Job.DELIVER) == [message_id]


def test_a_message_whose_delivery_was_dropped_is_delivered(store: LedgerStore) -> None:
    message_id = text_photo(store)
    read_all(store)
    let_time_pass(store)
    reap(store)
    assert store.queued(Job.DELIVER) == [message_id]
    assert store.queued(Job.READ_PHOTO) == []


def test_a_move_that_was_dropped_is_made_again(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    hold_line(store)
    message_id = text_photo(store)
    read_all(store)
    with store.session() as session:  # its worker was killed before Twilio was asked
        session.get_one(Call, 1).delivers = message_id
    let_time_pass(store)
    reap(store)
    for id in store.queued(Job.DELIVER):
        deliver(store, gateway, id)
    assert len(twilio.asked("POST", "Calls")) == 1


def test_a_message_somebody_was_rung_about_is_not_delivered_again(
    store: LedgerStore, gateway: Gateway
) -> None:
    message_id = text_photo(store)
    read_all(store)
    deliver(store, gateway, message_id)
    calls.set_status(store, 1, "no-answer")
    let_time_pass(store)
    reap(store)
    assert store.jobs == []


def test_nobody_who_has_stopped_is_come_back_to(store: LedgerStore) -> None:
    text_photo(store)
    read_all(store)
    inbox.stop(store, CALLER)
    let_time_pass(store)
    reap(store)
    assert store.jobs == []


@pytest.mark.parametrize("status", [CallStatus.QUEUED, CallStatus.PLACING])
def test_a_call_that_was_not_placed_is_queued_again(
    store: LedgerStore, gateway: Gateway, status: CallStatus
) -> None:
    message_id = text_photo(store)
    read_all(store)
    deliver(store, gateway, message_id)
    with store.session() as session:
        session.get_one(Call, 1).status = status
    let_time_pass(store)
    reap(store)
    assert store.queued(Job.PLACE_CALL) == [1]
    with store.snapshot() as session:
        assert session.get_one(Call, 1).status == CallStatus.QUEUED


def test_nobody_is_rung_or_texted_about_what_is_hours_old(
    store: LedgerStore, gateway: Gateway
) -> None:
    message_id = text_photo(store)
    read_all(store)
    deliver(store, gateway, message_id)
    calls.queue_text(store, 1, "welcome", "Good day.")
    let_time_pass(store, hours=2)
    reap(store)
    assert store.queued(Job.PLACE_CALL) == store.queued(Job.SEND_TEXT) == []
    with store.snapshot() as session:
        assert session.get_one(Call, 1).status == CallStatus.FAILED
        assert session.get_one(Text, 1).status == TextStatus.FAILED


def test_a_call_whose_end_was_never_reported_holds_nobody_up(
    store: LedgerStore, gateway: Gateway
) -> None:
    calls.start_inbound(store, "CA1", CALLER, "ko")
    let_time_pass(store, hours=1)
    message_id = text_photo(store)
    read_all(store)
    store.jobs.clear()
    reap(store)
    assert store.queued(Job.DELIVER) == [message_id]
    with store.snapshot() as session:
        assert session.get_one(Call, 1).status == CallStatus.COMPLETED


def test_sweeping_finds_copies_to_delete_and_crops_to_cut(store: LedgerStore) -> None:
    message_id = text_photo(store)
    read_all(store)
    call = calls.start_inbound(store, "CA1", CALLER, "ko")
    label = ConfirmationRecord(1, "confirmed", "482", "voice", 0.9)
    calls.save_step(
        store, call.id, version=0, state={}, waiting=False, turns=[], confirmations=[label]
    )
    calls.set_status(store, call.id, "completed")
    sweep(store)
    store.jobs.clear()
    let_time_pass(store)
    sweep(store)
    assert store.queued(Job.DELETE_MEDIA) == [message_id]
    assert store.queued(Job.KEEP_SAMPLES) == [1]
    with store.session() as session:
        session.get_one(Message, message_id).erased_at = utcnow()
    store.jobs.clear()
    sweep(store)
    assert store.queued(Job.DELETE_MEDIA) == []
