# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import errno
from dataclasses import replace
from functools import partial

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from fsspec.implementations.local import LocalFileSystem
from ledger import CALLER, LedgerStore, reading_of, text_photo
from sqlalchemy import func, select

import vision
from vision.reading import Problem, Reading
from worker import Job, Settings, calls, inbox
from worker.media import MediaLost, MediaTooLarge, MediaUnavailable
from worker.objects import Objects
from worker.readings import read_photo
from worker.records import Photo, PhotoState, StoredReading


def fetch(message_sid: str, media_sid: str) -> bytes:
    return b"a photo"


def failing(error: Exception):
    def fail(message_sid: str, media_sid: str) -> bytes:
        raise error

    return fail


def never(*_: object) -> bytes:
    raise AssertionError("this must not be asked for")


def read(photo: bytes) -> Reading:
    return reading_of("482")


def state(store: LedgerStore) -> tuple[str, int]:
    with store.snapshot() as session:
        photo = session.scalars(select(Photo).order_by(Photo.id)).first()
        assert photo is not None
        return photo.state, photo.attempts


def stored(store: LedgerStore) -> list[Reading]:
    with store.snapshot() as session:
        rows = session.scalars(select(StoredReading.secret).order_by(StoredReading.id))
        return [Reading.from_dict(row) for row in rows if row]


def test_a_photo_is_fetched_stored_read_and_handed_on(store: LedgerStore) -> None:
    message_id = text_photo(store)
    read_photo(store, 1, fetch=fetch, read=read)
    assert state(store)[0] == PhotoState.READ
    assert [reading.text for reading in stored(store)] == ["482"]
    with store.snapshot() as session:
        photo = session.get_one(Photo, 1)
        assert store.objects.get(photo.object_key or "") == b"a photo"
        assert photo.sha256 is not None
    assert store.queued(Job.DELIVER) == [message_id]
    assert store.queued(Job.DELETE_MEDIA) == [message_id]


def test_a_photo_is_read_once_however_often_it_is_queued(store: LedgerStore) -> None:
    text_photo(store)
    read_photo(store, 1, fetch=fetch, read=read)
    read_photo(store, 1, fetch=never, read=read)
    assert len(stored(store)) == 1
    assert len(store.queued(Job.DELIVER)) == 1


def test_a_photo_somebody_works_on_is_left_alone(store: LedgerStore) -> None:
    text_photo(store)

    def fetch_while_another_comes(message_sid: str, media_sid: str) -> bytes:
        read_photo(store, 1, fetch=never, read=read)
        return b"a photo"

    read_photo(store, 1, fetch=fetch_while_another_comes, read=read)
    assert len(stored(store)) == 1


def test_a_worker_thought_dead_changes_nothing_when_it_comes_back(store: LedgerStore) -> None:
    text_photo(store)

    def fetch_too_slowly(message_sid: str, media_sid: str) -> bytes:
        with store.session() as session:  # its claim lapses, and another worker reads the photo
            session.get_one(Photo, 1).state = PhotoState.PENDING
        read_photo(store, 1, fetch=fetch, read=lambda photo: reading_of("111"))
        return b"a photo"

    read_photo(store, 1, fetch=fetch_too_slowly, read=lambda photo: reading_of("222"))
    assert [reading.text for reading in stored(store)] == ["111"]


def test_delivery_waits_for_the_last_photo_of_a_message(store: LedgerStore) -> None:
    message_id = text_photo(store, media=3)
    for photo_id in (1, 3):
        read_photo(store, photo_id, fetch=fetch, read=read)
    assert store.queued(Job.DELIVER) == []
    read_photo(store, 2, fetch=fetch, read=read)
    assert store.queued(Job.DELIVER) == [message_id]


def test_a_lost_photo_is_delivered_as_lost(store: LedgerStore) -> None:
    message_id = text_photo(store, media=2)
    read_photo(store, 1, fetch=failing(MediaLost("gone")), read=read)
    read_photo(store, 2, fetch=fetch, read=read)
    assert state(store)[0] == PhotoState.LOST
    assert store.queued(Job.DELIVER) == [message_id]


def test_a_photo_too_large_is_a_reading_that_says_so(store: LedgerStore) -> None:
    text_photo(store)
    read_photo(store, 1, fetch=failing(MediaTooLarge("huge")), read=read)
    assert [reading.problems for reading in stored(store)] == [(Problem.TOO_LARGE,)]


@pytest.mark.parametrize(
    "trouble", [MediaUnavailable("no answer"), SoftTimeLimitExceeded(), OSError(5, "I/O error")]
)
def test_what_may_pass_puts_the_photo_back(store: LedgerStore, trouble: Exception) -> None:
    text_photo(store)
    read_photo(store, 1, fetch=failing(trouble), read=read)
    assert state(store) == (PhotoState.PENDING, 0)
    assert store.queued(Job.DELIVER) == []
    read_photo(store, 1, fetch=fetch, read=read)
    assert len(stored(store)) == 1


class _FillingDisk(LocalFileSystem):
    """A local file system that has no room until somebody makes some."""

    cachable = False
    full = True

    def pipe_file(self, path: str, value: bytes, **options: object) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().pipe_file(path, value, **options)


def test_a_full_disk_loses_nothing(store: LedgerStore, settings: Settings) -> None:
    disk = _FillingDisk()
    crowded = replace(store, objects=Objects(disk, settings.objects(), store.keyring))
    text_photo(store)
    read_photo(crowded, 1, fetch=fetch, read=read)
    assert state(store) == (PhotoState.PENDING, 0)
    disk.full = False
    read_photo(crowded, 1, fetch=fetch, read=read)
    assert [reading.text for reading in stored(store)] == ["482"]


def test_a_photo_that_was_stored_is_not_fetched_again(store: LedgerStore) -> None:
    text_photo(store)

    def dies(photo: bytes) -> Reading:
        raise SoftTimeLimitExceeded

    read_photo(store, 1, fetch=fetch, read=dies)
    read_photo(store, 1, fetch=never, read=read)
    assert len(stored(store)) == 1


def test_an_upload_is_read_from_its_object(store: LedgerStore) -> None:
    inbox.receive_upload(store, CALLER, [b"uploaded"], "ko")
    seen: list[bytes] = []
    read_photo(store, 1, fetch=never, read=lambda photo: seen.append(photo) or reading_of())
    assert seen == [b"uploaded"]


def test_a_photo_of_a_forgotten_caller_leaves_nothing_behind(store: LedgerStore) -> None:
    text_photo(store)

    def forgotten_meanwhile(message_sid: str, media_sid: str) -> bytes:
        calls.forget(store, CALLER)
        return b"a photo"

    read_photo(store, 1, fetch=forgotten_meanwhile, read=read)
    with pytest.raises(FileNotFoundError):
        store.objects.get("photos/1")
    assert store.queued(Job.DELIVER) == []


@pytest.mark.parametrize("junk", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut short", b"GIF89a"])
def test_a_bad_photo_is_a_reading_with_a_problem(store: LedgerStore, junk: bytes) -> None:
    """With the real reader and the model that ships."""
    text_photo(store)
    reader = partial(vision.read, model=vision.load_model())
    read_photo(store, 1, fetch=lambda message, media: junk, read=reader)
    assert [reading.problems for reading in stored(store)] == [(Problem.NOT_AN_IMAGE,)]
    with store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(StoredReading)) == 1


def test_no_log_line_holds_digits_or_the_number(
    store: LedgerStore, capsys: pytest.CaptureFixture[str]
) -> None:
    text_photo(store)
    read_photo(store, 1, fetch=fetch, read=lambda photo: reading_of("48291"))
    printed = capsys.readouterr().out
    assert "photo_read" in printed
    assert "48291" not in printed and CALLER[-4:] not in printed
