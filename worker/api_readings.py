# SPDX-License-Identifier: Apache-2.0
"""Photos that applications send, and the readings they ask for: no telephone number, no call.

Each application is a caller of its own, who has no number and so is never rung or texted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vision.reading import Reading
from worker import inbox
from worker.callers import find
from worker.outstanding import DONE
from worker.records import Channel, Message, Photo, PhotoState
from worker.store import Store

LANGUAGE = "en"  # nothing is ever said to an application


class State(StrEnum):
    """Where an application's photo stands."""

    PENDING = "pending"
    READ = "read"
    LOST = "lost"  # it could not be read, or not in time; it has to be sent again
    EXPIRED = "expired"  # the digits were deleted after their time


@dataclass(frozen=True, slots=True)
class Asked:
    """One photo of an application; `reading` is there when the state is `READ`."""

    id: str
    state: State
    received_at: datetime
    reading: Reading | None = None


class OtherPhotoError(Exception):
    """This key came before, with another photo."""


class TooManyError(Exception):
    """The application has as many unread photos as it may."""


def receive(store: Store, client: str, photo: bytes, key: str, *, at_once: int) -> str:
    """Take a photo in, once for each `key` unless that is empty; its id, which nobody can guess.

    Raises `OtherPhotoError`, `TooManyError` with `at_once` photos unread, OSError on a full disk.
    """
    id = _id(store, client, key)
    with store.snapshot() as session:
        known = _photo(session, store, client, id)
        if known is None and _unread(session, store, client) >= at_once:
            raise TooManyError
    if known is None:
        try:
            inbox.receive_upload(
                store, _address(client), [photo], LANGUAGE, sid=id, channel=Channel.API
            )
            return id
        except IntegrityError:  # the same key at the same moment
            with store.snapshot() as session:
                known = _photo(session, store, client, id)
    if known is None or known.sha256 != hashlib.sha256(photo).hexdigest():
        raise OtherPhotoError
    return id


def look(store: Store, client: str, id: str) -> Asked | None:
    """How far the photo is; None when this application never sent it, or deleted it."""
    with store.snapshot() as session:
        photo = _photo(session, store, client, id)
        if photo is None:
            return None
        at, row = photo.message.received_at, photo.reading
        if photo.state == PhotoState.LOST:
            return Asked(id, State.LOST, at)
        if photo.state != PhotoState.READ or row is None:
            return Asked(id, State.PENDING, at)
        if row.secret is None:
            return Asked(id, State.EXPIRED, at)
        return Asked(id, State.READ, at, Reading.from_dict(row.secret))


def remove(store: Store, client: str, id: str) -> bool:
    """Delete the photo and what was read in it; False when there is none."""
    with store.snapshot() as session:
        photo = _photo(session, store, client, id)
        if photo is None:
            return False
        message_id, object_key = photo.message_id, photo.object_key
    if object_key is not None:
        store.objects.delete(object_key)
    with store.session() as session:
        session.execute(delete(Message).where(Message.id == message_id))
    return True


def _address(client: str) -> str:
    return f"{Channel.API}:{client}"


def _id(store: Store, client: str, key: str) -> str:
    """With a key always the same, so that the table itself sees to it that it comes once."""
    drawn = uuid4().hex if not key else store.keyring.number_hash(f"{_address(client)}:{key}")
    return f"RD{drawn[:32]}"


def _photo(session: Session, store: Store, client: str, id: str) -> Photo | None:
    caller = find(session, store.keyring, _address(client))
    if caller is None:
        return None
    its = (Message.sid == id) & (Message.caller_id == caller.id)
    return session.scalar(select(Photo).join(Photo.message).where(its))


def _unread(session: Session, store: Store, client: str) -> int:
    caller = find(session, store.keyring, _address(client))
    if caller is None:
        return 0
    its = select(func.count()).select_from(Photo).join(Photo.message)
    its = its.where(Message.caller_id == caller.id, Photo.state.not_in(DONE))
    return session.scalar(its) or 0
