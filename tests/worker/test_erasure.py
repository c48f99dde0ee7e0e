# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

import pytest
from ledger import CALLER, LedgerStore, message_sid, read_all, text_photo
from sqlalchemy import func, select
from twilio_stand_in import Answer, TwilioStandIn

from worker import ConfirmationRecord, TurnRecord, calls, inbox
from worker.erasure import delete_media, expire
from worker.gateway import Gateway, GatewayError
from worker.objects import Objects
from worker.records import (
    Call,
    Caller,
    Confirmation,
    Message,
    Photo,
    PhotoState,
    StoredReading,
    Turn,
    utcnow,
)

SECRETS = (StoredReading, Call, Turn, Confirmation)


def have_a_call(store: LedgerStore) -> None:
    """A photo is read, told on a call, and confirmed."""
    text_photo(store)
    read_all(store)
    call = calls.start_inbound(store, "CA1", CALLER, "ko")
    calls.save_step(
        store,
        call.id,
        version=0,
        state={"digits": "482"},
        waiting=False,
        turns=[TurnRecord("service", "said", text="482")],
        confirmations=[ConfirmationRecord(1, "confirmed", "482", "voice", 0.9)],
    )
    calls.set_status(store, call.id, "completed")


def age(store: LedgerStore, hours: float) -> None:
    older = utcnow() - timedelta(hours=hours)
    with store.session() as session:
        for table, column in (
            (Message, "received_at"),
            (StoredReading, "created_at"),
            (Call, "created_at"),
            (Turn, "at"),
            (Confirmation, "created_at"),
            (Caller, "created_at"),
        ):
            for row in session.scalars(select(table)):
                setattr(row, column, older)
        for photo in session.scalars(select(Photo)):
            photo.expires_at = older + timedelta(hours=store.settings.retention_hours)


def secrets(store: LedgerStore) -> list[bool]:
    with store.snapshot() as session:
        return [session.scalars(select(table)).first().secret is not None for table in SECRETS]


def test_digits_photos_and_numbers_are_wiped_in_time_and_counts_are_kept(
    store: LedgerStore,
) -> None:
    have_a_call(store)
    age(store, hours=25)
    expire(store)
    assert secrets(store) == [False] * len(SECRETS)
    with pytest.raises(FileNotFoundError):
        store.objects.get("photos/1")
    with store.snapshot() as session:
        assert session.get_one(Caller, 1).secret is None
        assert session.get_one(Photo, 1).object_key is None
        for table in (Message, Photo, *SECRETS):
            assert session.scalar(select(func.count()).select_from(table))


def test_nothing_is_wiped_before_its_time(store: LedgerStore) -> None:
    have_a_call(store)
    age(store, hours=23)
    expire(store)
    assert secrets(store) == [True] * len(SECRETS)
    assert store.objects.get("photos/1")


def test_a_wiped_number_is_known_again_when_it_gets_in_touch(store: LedgerStore) -> None:
    have_a_call(store)
    calls.remember(store, 1, consent=True)
    age(store, hours=25)
    expire(store)
    text_photo(store, 2)
    with store.snapshot() as session:
        caller = session.scalars(select(Caller)).one()
        assert (caller.number, caller.consent) == (CALLER, True)


def test_stop_outlives_the_number(store: LedgerStore) -> None:
    inbox.stop(store, CALLER)
    age(store, hours=25)
    expire(store)
    text_photo(store)
    with store.snapshot() as session:
        assert session.scalars(select(Caller.stopped_at)).one() is not None


def test_a_photo_nobody_could_read_in_time_is_given_up(store: LedgerStore) -> None:
    text_photo(store)
    age(store, hours=25)
    expire(store)
    with store.snapshot() as session:
        assert session.get_one(Photo, 1).state == PhotoState.LOST


def test_what_could_not_be_deleted_is_deleted_the_next_time(
    store: LedgerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_a_call(store)
    age(store, hours=25)

    def away(self: Objects, key: str) -> None:
        raise OSError("the object store is away")

    with monkeypatch.context() as patch:
        patch.setattr(Objects, "delete", away)
        with pytest.raises(OSError, match="away"):
            expire(store)
    assert store.objects.get("photos/1")
    expire(store)
    with pytest.raises(FileNotFoundError):
        store.objects.get("photos/1")


def test_what_a_killed_worker_stored_is_deleted_in_time(store: LedgerStore) -> None:
    text_photo(store)
    with store.session() as session:  # it got as far as this, and no further
        session.get_one(Photo, 1).object_key = "photos/1"
    store.objects.put("photos/1", b"a photo")
    age(store, hours=25)
    expire(store)
    with pytest.raises(FileNotFoundError):
        store.objects.get("photos/1")


def test_the_providers_copy_is_deleted_once_read(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    message_id = text_photo(store, media=2)
    delete_media(store, gateway, message_id)
    assert twilio.seen == []
    read_all(store)
    delete_media(store, gateway, message_id)
    delete_media(store, gateway, message_id)
    paths = [seen.path for seen in twilio.asked("DELETE", "")]
    assert len(paths) == 3 and paths[-1].endswith(f"{message_sid(1)}.json")


def test_a_copy_that_could_not_be_deleted_counts_as_kept(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    message_id = text_photo(store)
    read_all(store)
    twilio.will("Media", Answer(500), times=3)
    with pytest.raises(GatewayError):
        delete_media(store, gateway, message_id)
    with store.snapshot() as session:
        assert session.get_one(Message, message_id).erased_at is None


def test_an_upload_has_no_copy_elsewhere(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    message_id = inbox.receive_upload(store, CALLER, [b"a photo"], "ko")
    read_all(store)
    delete_media(store, gateway, message_id)
    assert twilio.seen == []
    with store.snapshot() as session:
        assert session.get_one(Message, message_id).erased_at is not None
