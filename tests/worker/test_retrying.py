# SPDX-License-Identifier: Apache-2.0
"""What failed is listed, and tried again where that can do any good."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from ledger import CALLER, LedgerStore, message_sid, read_all, reading_of, text_photo
from sqlalchemy import select

from worker import Inbound, Job, calls, inbox
from worker.delivery import deliver
from worker.failures import Failure, Kind, failures
from worker.gateway import Gateway
from worker.media import MediaLost
from worker.readings import read_photo
from worker.records import Call, Message, Photo, PhotoState, StoredReading, Text, Turn, utcnow
from worker.retrying import NotPossibleError, retry
from worker.training_records import TrainingRun, TrainingState


def lose(store: LedgerStore) -> None:
    """The provider does not have the photo."""

    def fetch(message: str, media: str) -> bytes:
        raise MediaLost("404")

    read_photo(store, 1, fetch=fetch, read=lambda photo: reading_of())


def fail_call(store: LedgerStore, gateway: Gateway) -> None:
    """A photo is read, and the call about it cannot be placed."""
    message_id = text_photo(store)
    read_all(store)
    deliver(store, gateway, message_id)
    with store.session() as session:
        call = session.scalars(select(Call)).one()
        call.status = "failed"
        session.add(
            Turn(
                call_id=call.id,
                who="system",
                kind="not_rung",
                data={"why": "refused", "code": 13227},
            )
        )


def only(store: LedgerStore) -> Failure:
    [failure] = failures(store)
    return failure


def refusal(store: LedgerStore, kind: Kind, number: int = 1) -> str:
    with pytest.raises(NotPossibleError) as refused:
        retry(store, kind, number)
    return str(refused.value)


def test_a_service_in_order_lists_nothing(store: LedgerStore) -> None:
    text_photo(store)
    assert failures(store) == ()
    read_all(store)
    assert failures(store) == ()


def test_a_lost_photo_is_listed_read_again_and_told(store: LedgerStore, gateway: Gateway) -> None:
    message_id = text_photo(store)
    lose(store)
    deliver(store, gateway, message_id)
    with store.session() as session:
        session.get_one(Message, message_id).told_at = utcnow()
        session.scalars(select(Call)).one().status = "completed"
    assert (only(store).id, only(store).why) == ("photo-1", "could not be read after 1 attempts")
    retry(store, Kind.PHOTO, 1)
    assert store.queued(Job.READ_PHOTO) == [1, 1]
    read_all(store)
    deliver(store, gateway, message_id)
    with store.snapshot() as session:
        assert session.scalars(select(StoredReading)).one()
        assert session.scalars(select(Call.status).order_by(Call.id)).all() == [
            "completed",
            "queued",
        ]
    assert failures(store) == ()


def test_a_photo_nobody_works_on_is_stuck(store: LedgerStore) -> None:
    text_photo(store)
    with store.session() as session:
        session.scalars(select(Message)).one().received_at = utcnow() - timedelta(minutes=5)
    assert only(store).why == "still pending"
    retry(store, Kind.PHOTO, 1)
    assert store.queued(Job.READ_PHOTO) == [1, 1]


def test_a_photo_that_is_gone_cannot_be_read_again(store: LedgerStore) -> None:
    text_photo(store)
    lose(store)
    with store.session() as session:
        session.scalars(select(Message)).one().erased_at = utcnow()
    assert "gone" in refusal(store, Kind.PHOTO)
    with store.session() as session:
        session.scalars(select(Message)).one().erased_at = None
        session.get_one(Photo, 1).expires_at = utcnow()
    assert "gone" in refusal(store, Kind.PHOTO)
    assert store.queued(Job.READ_PHOTO) == [1]


def test_a_photo_that_is_read_or_being_read_is_left_alone(store: LedgerStore) -> None:
    text_photo(store)
    with store.session() as session:
        photo = session.get_one(Photo, 1)
        photo.state, photo.claimed_at = PhotoState.CLAIMED, utcnow()
    assert "worker has it" in refusal(store, Kind.PHOTO)
    with store.session() as session:
        session.get_one(Photo, 1).state = PhotoState.PENDING
    read_all(store)
    assert "has been read" in refusal(store, Kind.PHOTO)


def test_a_call_that_was_not_placed_is_placed_anew(store: LedgerStore, gateway: Gateway) -> None:
    fail_call(store, gateway)
    assert (only(store).id, only(store).why) == ("call-1", "refused (13227)")
    retry(store, Kind.CALL, 1)
    [_, message_id] = store.queued(Job.DELIVER)
    deliver(store, gateway, message_id)
    assert store.queued(Job.PLACE_CALL)[-1] == 2


def test_a_call_with_nothing_to_tell_is_not_placed(store: LedgerStore, gateway: Gateway) -> None:
    fail_call(store, gateway)
    with store.session() as session:
        message = session.scalars(select(Message)).one()
        message.received_at = utcnow() - timedelta(days=2)
    assert "deleted" in refusal(store, Kind.CALL)
    with store.session() as session:
        session.scalars(select(Message)).one().told_at = utcnow()
    assert "nothing left" in refusal(store, Kind.CALL)
    with store.session() as session:
        session.scalars(select(Call)).one().status = "no-answer"
    assert "did not fail" in refusal(store, Kind.CALL)
    assert failures(store) == ()


def test_a_text_is_sent_again_while_it_is_fresh(store: LedgerStore) -> None:
    inbox.receive(store, Inbound(message_sid(1), CALLER, "mms", (), "ko"))
    text_id = calls.queue_text(store, 1, "key", "Hello.")
    assert "did not fail" in refusal(store, Kind.TEXT)
    with store.session() as session:
        session.get_one(Text, text_id).status = "failed"
    assert only(store).id == "text-1"
    retry(store, Kind.TEXT, text_id)
    assert store.queued(Job.SEND_TEXT) == [1, 1]
    with store.session() as session:
        session.get_one(Text, text_id).status = "failed"
        session.get_one(Text, text_id).created_at = utcnow() - timedelta(hours=2)
    assert "an hour old" in refusal(store, Kind.TEXT)


def test_a_retraining_that_was_given_up_is_resumed(store: LedgerStore) -> None:
    with store.session() as session:
        session.add(
            TrainingRun(asked_by="schedule", state=TrainingState.GIVEN_UP, reason="no disk")
        )
    assert (only(store).id, only(store).why) == ("run-1", "no disk")
    retry(store, Kind.RUN, 1)
    assert store.queued(Job.RETRAIN) == [1]
    assert "under way" in refusal(store, Kind.RUN)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_there_is_not_cannot_be_tried_again(store: LedgerStore, kind: Kind) -> None:
    assert " 7." in refusal(store, kind, 7)


def test_failures_are_newest_first_and_only_of_the_days_asked_for(store: LedgerStore) -> None:
    for number, age in ((1, 3), (2, 1), (3, 9)):
        text_photo(store, number)
        with store.session() as session:
            session.get_one(Photo, number).state = PhotoState.LOST
            message = session.get_one(Photo, number).message
            message.received_at = utcnow() - timedelta(days=age)
    assert [failure.id for failure in failures(store)] == ["photo-2", "photo-1"]
    assert len(failures(store, days=10)) == 3


def test_no_failure_tells_digits_or_numbers(store: LedgerStore, gateway: Gateway) -> None:
    fail_call(store, gateway)
    told = json.dumps([failure.as_dict() for failure in failures(store)])
    assert "482" not in told and CALLER[-4:] not in told
