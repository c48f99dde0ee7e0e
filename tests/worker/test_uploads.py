# SPDX-License-Identifier: Apache-2.0
"""One-time links: good for one upload, for a while, for the caller they were given to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from ledger import CALLER, LedgerStore, read_all, reading_of
from sqlalchemy import func, select, update
from twilio_stand_in import TwilioStandIn

from vision.reading import Problem
from worker import Job, inbox, uploads
from worker.erasure import expire
from worker.gateway import Gateway
from worker.objects import Objects
from worker.records import Caller, Message, Photo, Text, UploadLink, utcnow
from worker.texts import send_text
from worker.uploads import Standing

PHOTO = b"\xff\xd8\xff a photo"
UNREADABLE = replace(reading_of(), lines=(), sure=False, problems=(Problem.TOO_DARK,))


class FullDisk(Objects):
    """Nothing can be stored here."""

    def put(self, key: str, data: bytes) -> None:
        raise OSError("no space left on device")


@pytest.fixture
def caller_id(store: LedgerStore) -> int:
    inbox.stop(store, CALLER)  # the shortest way to be known
    inbox.start(store, CALLER)
    with store.snapshot() as session:
        return session.scalars(select(Caller.id)).one()


@pytest.fixture
def token(store: LedgerStore, caller_id: int) -> str:
    return invited(store, caller_id)


def invited(store: LedgerStore, caller_id: int) -> str:
    url = uploads.invite(store, caller_id)
    assert url is not None
    return url.rpartition("/photo/")[2]


def count(store: LedgerStore, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def standing(store: LedgerStore, token: str) -> Standing:
    return uploads.look(store, token).standing


def send(store: LedgerStore, token: str, photos: Sequence[bytes] = (PHOTO,)) -> Standing:
    return uploads.upload(store, token, list(photos)).standing


def age(store: LedgerStore, minutes: float) -> None:
    """Every link becomes older by that much."""
    with store.session() as session:
        for link in session.scalars(select(UploadLink)):
            link.created_at -= timedelta(minutes=minutes)
            link.expires_at -= timedelta(minutes=minutes)


def test_a_link_tells_nothing_and_only_its_hash_is_kept(store: LedgerStore, token: str) -> None:
    assert len(token) == 32 and token.isascii() and token.isalpha()
    with store.snapshot() as session:
        assert token not in session.scalars(select(UploadLink.token_hash)).one()


def test_an_upload_is_the_callers_message_and_is_queued_to_be_read(
    store: LedgerStore, token: str, caller_id: int
) -> None:
    assert send(store, token, [PHOTO, PHOTO + b"2"]) is Standing.RECEIVED
    with store.snapshot() as session:
        message = session.scalars(select(Message)).one()
        assert (message.caller_id, message.channel) == (caller_id, "upload")
        assert [store.objects.get(p.object_key or "") for p in message.photos] == [
            PHOTO,
            PHOTO + b"2",
        ]
    assert len(store.queued(Job.READ_PHOTO)) == 2


def test_the_same_upload_twice_is_one_message(store: LedgerStore, token: str) -> None:
    send(store, token)
    assert send(store, token) is Standing.USED
    read_all(store)
    assert send(store, token) is Standing.USED
    assert count(store, Message) == 1


def test_looking_often_uses_nothing_up(store: LedgerStore, token: str) -> None:
    assert {standing(store, token) for _ in range(5)} == {Standing.OPEN}
    assert uploads.look(store, token).language == "en"


def test_a_link_is_good_again_when_its_photo_could_not_be_read(
    store: LedgerStore, token: str
) -> None:
    send(store, token)
    read_all(store, UNREADABLE)
    assert send(store, token) is Standing.RECEIVED
    store.jobs[:] = [job for job in store.jobs if job[1] != 1]
    read_all(store)
    assert standing(store, token) is Standing.USED


def test_a_link_is_good_again_when_storing_failed(store: LedgerStore, token: str) -> None:
    full = replace(store, objects=FullDisk(None, "", store.keyring))
    with pytest.raises(OSError, match="no space"):
        send(full, token)
    assert count(store, Message) == 0
    assert send(store, token) is Standing.RECEIVED


def test_two_uploads_at_the_same_moment_are_one(store: LedgerStore, token: str) -> None:
    with store.session() as session:  # the other process has claimed it and stores
        session.execute(update(UploadLink).values(claimed_at=utcnow()))
    assert send(store, token) is Standing.BUSY
    with store.session() as session:  # it was killed in the middle
        lapsed = utcnow() - timedelta(seconds=store.settings.lease_s + 1)
        session.execute(update(UploadLink).values(claimed_at=lapsed))
    assert send(store, token) is Standing.RECEIVED


@pytest.mark.parametrize("forged", ["", "x", "A" * 32, "'; drop table upload_link; --"])
def test_a_forged_link_opens_nothing(store: LedgerStore, token: str, forged: str) -> None:
    assert uploads.look(store, forged) == uploads.Link(Standing.GONE)
    assert send(store, forged) is Standing.GONE
    assert count(store, Photo) == 0


def test_an_expired_link_looks_like_a_forged_one(store: LedgerStore, token: str) -> None:
    age(store, store.settings.link_minutes + 1)
    assert uploads.look(store, token) == uploads.Link(Standing.GONE)
    assert send(store, token) is Standing.GONE


def test_whoever_stopped_or_asked_to_be_forgotten_is_sent_nothing_through_it(
    store: LedgerStore, token: str, caller_id: int
) -> None:
    inbox.stop(store, CALLER)
    assert standing(store, token) is Standing.GONE
    inbox.start(store, CALLER)
    assert standing(store, token) is Standing.OPEN
    with store.session() as session:
        session.get_one(Caller, caller_id).forget_at = utcnow()
    assert standing(store, token) is Standing.GONE


def test_links_are_limited_by_the_hour(store: LedgerStore, caller_id: int) -> None:
    most = store.settings.links_per_hour
    assert all(uploads.invite(store, caller_id) for _ in range(most))
    assert uploads.invite(store, caller_id) is None
    age(store, 61)
    assert uploads.invite(store, caller_id)


def test_a_key_texts_one_link(store: LedgerStore, caller_id: int) -> None:
    first = uploads.text_link(store, caller_id, "text_link:1:2", "Open", "Enough")
    assert uploads.text_link(store, caller_id, "text_link:1:2", "Open", "Enough") == first
    assert (count(store, UploadLink), count(store, Text)) == (1, 1)
    assert store.queued(Job.SEND_TEXT) == [first]


def test_the_limit_is_texted_once(store: LedgerStore, caller_id: int) -> None:
    keys = range(store.settings.links_per_hour + 3)
    ids = [uploads.text_link(store, caller_id, f"k:{n}", "Open", "Enough") for n in keys]
    assert len(set(ids)) == store.settings.links_per_hour + 1
    with store.snapshot() as session:
        assert session.get_one(Text, ids[-1]).body == "Enough"


def test_once_it_is_sent_the_link_stands_in_no_table(
    store: LedgerStore, gateway: Gateway, twilio: TwilioStandIn, caller_id: int
) -> None:
    text_id = uploads.text_link(store, caller_id, "k", "Open", "Enough")
    send_text(store, gateway, text_id)
    with store.snapshot() as session:
        assert session.get_one(Text, text_id).body == ""
    [sent] = twilio.texts.values()
    assert standing(store, sent["body"].rpartition("/")[2]) is Standing.OPEN


def test_expired_links_are_removed_once_they_need_not_be_counted(
    store: LedgerStore, token: str
) -> None:
    age(store, 45)
    expire(store)
    assert count(store, UploadLink) == 1
    age(store, 30)
    expire(store)
    assert count(store, UploadLink) == 0
