# SPDX-License-Identifier: Apache-2.0
"""One photo: claimed by one worker, fetched, stored, read, its reading stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from vision.reading import Problem, Reading
from worker.crypto import InvalidToken
from worker.media import MediaLost, MediaTooLarge, MediaUnavailable
from worker.outstanding import all_photos_done
from worker.queue import Job
from worker.records import Message, Photo, PhotoState, StoredReading, utcnow
from worker.store import Store, changed

Fetch = Callable[[str, str], bytes]  # (message sid, media sid) -> the photo; raises MediaError
Read = Callable[[bytes], Reading]  # never raises: a bad photo is a reading with a problem

log = structlog.get_logger(__name__)

# What may pass: a full disk or a store that is away (OSError), a provider in trouble, a reading
# that took too long. The photo goes back, and is tried again when its claim would have lapsed.
_PASSING = (OSError, MediaUnavailable, SoftTimeLimitExceeded)


@dataclass(frozen=True, slots=True)
class _Claim:
    photo_id: int
    message_id: int
    message_sid: str
    media_sid: str | None
    object_key: str
    stored: bool


def read_photo(store: Store, photo_id: int, *, fetch: Fetch, read: Read) -> None:
    """Read a photo that nobody else reads; when its message is complete, have it delivered."""
    claim = _claim(store, photo_id)
    if claim is None:
        return
    try:
        _attempt(store, claim, fetch, read)
    except NoResultFound:  # its caller was forgotten meanwhile: so is the photo
        store.objects.delete(claim.object_key)
    else:
        announce(store, claim.message_id)


def _attempt(store: Store, claim: _Claim, fetch: Fetch, read: Read) -> None:
    photo_id = claim.photo_id
    try:
        reading = _read(store, claim, fetch, read)
    except _PASSING as error:
        log.error("photo_put_back", photo_id=photo_id, error=repr(error))
        _put_back(store, photo_id)
    except (MediaLost, InvalidToken, FileNotFoundError) as error:
        log.error("photo_lost", photo_id=photo_id, error=repr(error))
        _finish(store, photo_id, PhotoState.LOST)
    else:
        _keep(store, photo_id, reading)
        log.info(
            "photo_read", photo_id=photo_id, sure=reading.sure, problems=list(reading.problems)
        )


def announce(store: Store, message_id: int) -> None:
    """Queue what follows once the last photo of a message is done."""
    complete = select(Message.id).where(Message.id == message_id, all_photos_done())
    with store.snapshot() as session:
        done = session.scalar(complete) is not None
    if done and store.enqueue(Job.DELIVER, message_id):
        store.enqueue(Job.DELETE_MEDIA, message_id)


def _claim(store: Store, photo_id: int) -> _Claim | None:
    free = update(Photo).where(Photo.id == photo_id, Photo.state == PhotoState.PENDING)
    taken = free.values(state=PhotoState.CLAIMED, claimed_at=utcnow(), attempts=Photo.attempts + 1)
    with store.session() as session:
        if not changed(session, taken):
            return None
        photo = session.get_one(Photo, photo_id)
        # Named before it is there, so that what a killed worker left behind is deleted in time.
        photo.object_key = photo.object_key or f"photos/{photo_id}"
        message = photo.message
        stored = photo.sha256 is not None
        return _Claim(photo_id, message.id, message.sid, photo.media_sid, photo.object_key, stored)


def _read(store: Store, claim: _Claim, fetch: Fetch, read: Read) -> Reading:
    try:
        photo = _photo(store, claim, fetch)
    except MediaTooLarge:
        return _too_large()
    return read(photo)


def _photo(store: Store, claim: _Claim, fetch: Fetch) -> bytes:
    """The photo's bytes, from our own objects when an earlier attempt got that far."""
    if claim.stored:
        return store.objects.get(claim.object_key)
    assert claim.media_sid is not None, "an upload has its object from the start"
    data = fetch(claim.message_sid, claim.media_sid)
    store.objects.put(claim.object_key, data)
    with store.session() as session:
        session.get_one(Photo, claim.photo_id).sha256 = hashlib.sha256(data).hexdigest()
    return data


def _too_large() -> Reading:
    """A photo we stopped downloading, as `vision.read` would have put it."""
    return Reading(
        lines=(),
        sure=False,
        confidence=0.0,
        problems=(Problem.TOO_LARGE,),
        rotation=0,
        model="",
        ms=0.0,
    )


def _keep(store: Store, photo_id: int, reading: Reading) -> None:
    with store.session() as session:
        session.get_one(Photo, photo_id).state = PhotoState.READ
        _add_reading(session, photo_id, reading)


def _add_reading(session: Session, photo_id: int, reading: Reading) -> None:
    row = StoredReading(
        photo_id=photo_id,
        model=reading.model,
        sure=reading.sure,
        confidence=reading.confidence,
        problems=[str(problem) for problem in reading.problems],
        secret=reading.as_dict(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # a worker that was thought dead has read it too: the first one counts
        log.warning("photo_read_twice", photo_id=photo_id)


def _finish(store: Store, photo_id: int, state: PhotoState) -> None:
    with store.session() as session:
        session.get_one(Photo, photo_id).state = state


def _put_back(store: Store, photo_id: int) -> None:
    """An attempt that ended in order does not count: only those that killed their worker do."""
    claimed = update(Photo).where(Photo.id == photo_id, Photo.state == PhotoState.CLAIMED)
    with store.session() as session:
        session.execute(claimed.values(state=PhotoState.PENDING, attempts=Photo.attempts - 1))
