# SPDX-License-Identifier: Apache-2.0
"""Photos of applications: taken once, read like others, told to nobody, deleted when asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from ledger import LedgerStore, read_all, reading_of
from sqlalchemy import func, select
from twilio_stand_in import TwilioStandIn

from worker import Job, Settings
from worker.api_readings import Asked, OtherPhotoError, State, TooManyError, look, receive, remove
from worker.delivery import deliver
from worker.erasure import delete_media, expire
from worker.forgetting import forget
from worker.gateway import Gateway
from worker.records import Call, Message, Photo, PhotoState, utcnow
from worker.upkeep import reap

APP = "helper"


def ask(store: LedgerStore, photo: bytes = b"a photo", key: str = "", client: str = APP) -> str:
    return receive(store, client, photo, key, at_once=20)


def seen(store: LedgerStore, id: str) -> Asked:
    found = look(store, APP, id)
    assert found is not None
    return found


def count(store: LedgerStore, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_photo_waits_then_is_read(store: LedgerStore) -> None:
    id = ask(store)
    assert seen(store, id).state is State.PENDING
    read_all(store)
    assert seen(store, id).state is State.READ
    assert seen(store, id).reading == reading_of()


def test_nobody_is_rung_or_asked_about_it_again(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn
) -> None:
    ask(store)
    read_all(store)
    [message_id] = store.queued(Job.DELIVER)
    deliver(store, gateway, message_id)
    delete_media(store, gateway, message_id)
    with store.session() as session:
        session.get_one(Message, message_id).received_at = utcnow() - timedelta(hours=1)
        session.get_one(Message, message_id).claimed_at = None
    store.jobs.clear()
    reap(store)
    assert (store.jobs, count(store, Call), twilio.seen) == ([], 0, [])


def test_the_same_key_is_the_same_photo(store: LedgerStore) -> None:
    assert ask(store, key="a") == ask(store, key="a") != ask(store, key="b")
    assert ask(store) != ask(store)
    assert count(store, Message) == 4


def test_a_key_belongs_to_its_application(store: LedgerStore) -> None:
    assert ask(store, key="a") != ask(store, key="a", client="other")


def test_a_key_that_comes_with_another_photo_is_refused(store: LedgerStore) -> None:
    ask(store, key="a")
    with pytest.raises(OtherPhotoError):
        ask(store, b"another photo", key="a")
    assert count(store, Photo) == 1


def test_a_key_sent_by_many_at_once_is_taken_once(store: LedgerStore) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _: ask(store, key="a"), range(6)))
    assert len(set(ids)) == 1
    assert count(store, Photo) == 1
    with store.snapshot() as session:
        [photo] = session.scalars(select(Photo))
        assert store.objects.get(photo.object_key or "") == b"a photo"
    kept = list((store.settings.data_dir / "objects" / "photos").iterdir())
    assert len(kept) == 1


def test_an_application_may_not_fill_the_queue(store: LedgerStore) -> None:
    receive(store, APP, b"one", "first", at_once=1)
    with pytest.raises(TooManyError):
        receive(store, APP, b"two", "", at_once=1)
    assert receive(store, APP, b"one", "first", at_once=1)
    assert receive(store, "other", b"two", "", at_once=1)
    read_all(store)
    assert receive(store, APP, b"two", "", at_once=1)


def test_nobody_sees_or_deletes_what_another_sent(store: LedgerStore) -> None:
    id = ask(store)
    assert look(store, "other", id) is None
    ask(store, client="other")
    assert look(store, "other", id) is None
    assert not remove(store, "other", id)
    assert seen(store, id)


def test_deleting_leaves_nothing(store: LedgerStore) -> None:
    id = ask(store)
    read_all(store)
    assert remove(store, APP, id)
    assert look(store, APP, id) is None
    assert (count(store, Message), count(store, Photo)) == (0, 0)
    assert list((store.settings.data_dir / "objects" / "photos").iterdir()) == []
    assert not remove(store, APP, id)


def test_a_photo_deleted_before_it_is_read_is_not_read(store: LedgerStore) -> None:
    id = ask(store)
    remove(store, APP, id)
    read_all(store)
    assert look(store, APP, id) is None


def test_digits_are_gone_after_their_time(store: LedgerStore, settings: Settings) -> None:
    id = ask(store)
    read_all(store)
    with store.session() as session:
        [photo] = session.scalars(select(Photo))
        assert photo.reading is not None
        photo.reading.created_at = photo.expires_at = utcnow() - timedelta(
            hours=settings.retention_hours + 1
        )
    expire(store)
    assert seen(store, id).state is State.EXPIRED
    assert seen(store, id).reading is None


def test_a_photo_that_was_lost_is_said_to_be(store: LedgerStore) -> None:
    id = ask(store)
    with store.session() as session:
        session.scalars(select(Photo)).one().state = PhotoState.LOST
    assert seen(store, id).state is State.LOST


def test_an_application_can_be_forgotten_as_a_whole(store: LedgerStore) -> None:
    id = ask(store)
    assert forget(store, f"api:{APP}").photos == 1
    assert look(store, APP, id) is None
