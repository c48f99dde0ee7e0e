# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger import CALLER, MEDIA_SID, LedgerStore, message_sid, text_photo
from sqlalchemy import func, select

from worker import Inbound, Job, inbox
from worker.objects import Objects
from worker.records import Call, Caller, CallStatus, Message, Photo, PhotoState


def inbound(sid: str = message_sid(1), number: str = CALLER, media: int = 1) -> Inbound:
    channel = "whatsapp" if number.startswith("whatsapp:") else "mms"
    return Inbound(sid, number, channel, (MEDIA_SID,) * media, "ko")


def rows(store: LedgerStore, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_message_is_recorded_and_its_photos_are_queued(store: LedgerStore) -> None:
    message_id = inbox.receive(store, inbound(media=2))
    with store.snapshot() as session:
        message = session.get_one(Message, message_id)
        assert [(p.position, p.state) for p in message.photos] == [
            (0, PhotoState.PENDING),
            (1, PhotoState.PENDING),
        ]
        assert message.caller.language == "ko"
    assert store.queued(Job.READ_PHOTO) == [1, 2]


def test_a_duplicate_message_changes_nothing(store: LedgerStore) -> None:
    assert inbox.receive(store, inbound()) is not None
    assert inbox.receive(store, inbound()) is None
    assert (rows(store, Message), rows(store, Photo), len(store.jobs)) == (1, 1, 1)


def test_the_same_message_delivered_at_the_same_moment_counts_once(store: LedgerStore) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _: inbox.receive(store, inbound()), range(6)))
    assert sorted(id is None for id in ids) == [False] + [True] * 5
    assert (rows(store, Message), rows(store, Caller)) == (1, 1)


def test_a_number_is_one_caller_whatever_channel_it_writes_by(store: LedgerStore) -> None:
    inbox.receive(store, inbound())
    inbox.receive(store, inbound(message_sid(2), f"whatsapp:{CALLER}"))
    with store.snapshot() as session:
        caller = session.scalars(select(Caller)).one()
        assert (caller.number, caller.address) == (CALLER, f"whatsapp:{CALLER}")


def test_a_message_without_photos_is_recorded_and_queues_nothing(store: LedgerStore) -> None:
    assert inbox.receive(store, inbound(media=0)) is not None
    assert store.jobs == []


def test_no_more_than_ten_photos_are_taken(store: LedgerStore) -> None:
    inbox.receive(store, inbound(media=25))
    assert rows(store, Photo) == inbox.MAX_PHOTOS


def test_a_known_caller_keeps_their_language(store: LedgerStore) -> None:
    inbox.receive(store, inbound())
    inbox.receive(store, Inbound(message_sid(2), CALLER, "mms", (), "en"))
    with store.snapshot() as session:
        assert session.scalars(select(Caller.language)).one() == "ko"


def test_nothing_is_fetched_for_a_caller_who_has_stopped(store: LedgerStore) -> None:
    inbox.stop(store, CALLER)
    assert inbox.receive(store, inbound()) is not None
    assert inbox.receive(store, inbound()) is None
    assert store.jobs == []


def test_a_caller_who_starts_again_is_served_again(store: LedgerStore) -> None:
    inbox.stop(store, CALLER)
    inbox.start(store, CALLER)
    inbox.receive(store, inbound())
    assert store.queued(Job.READ_PHOTO)


def test_stopping_cancels_a_call_that_was_not_placed_yet(store: LedgerStore) -> None:
    message_id = text_photo(store)
    with store.session() as session:
        session.add(Call(caller_id=1, delivers=message_id, direction="outbound"))
    inbox.stop(store, CALLER)
    with store.snapshot() as session:
        assert session.scalars(select(Call.status)).one() == CallStatus.CANCELED


def test_uploaded_photos_are_stored_before_they_are_queued(store: LedgerStore) -> None:
    message_id = inbox.receive_upload(store, CALLER, [b"one", b"two"], "ko")
    with store.snapshot() as session:
        photos = session.get_one(Message, message_id).photos
        assert [store.objects.get(p.object_key or "") for p in photos] == [b"one", b"two"]
    assert store.queued(Job.READ_PHOTO) == [p.id for p in photos]


def test_a_full_disk_is_told_to_whoever_uploads(
    store: LedgerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Objects, key: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Objects, "put", full)
    with pytest.raises(OSError, match="No space"):
        inbox.receive_upload(store, CALLER, [b"one"], "ko")
    assert rows(store, Message) == 0
