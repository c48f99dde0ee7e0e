# SPDX-License-Identifier: Apache-2.0
"""How a photo comes in: recorded once, durably, then queued to be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker.callers import find_or_add, start, stop
from worker.queue import Job
from worker.records import Caller, Channel, Message, Photo, utcnow
from worker.settings import Settings
from worker.store import Store

__all__ = ["Inbound", "receive", "receive_upload", "sender", "start", "stop"]

MAX_PHOTOS = 10  # Twilio sends at most ten media in one message


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as the provider announced it. `number` may be a channel address."""

    sid: str
    number: str
    channel: str  # mms, whatsapp
    media_sids: tuple[str, ...]
    language: str  # used when the number is new


def receive(store: Store, inbound: Inbound) -> int | None:
    """Record a message and queue its photos; the message's id, or None for a duplicate.

    A caller who has stopped gets a record of the message, so that a duplicate is known again,
    but nothing of it is fetched.
    """
    with store.session() as session:
        caller = find_or_add(session, store.keyring, inbound.number, inbound.language)
        session.flush()
        message = _record(session, inbound.sid, caller, inbound.channel)
        if message is None:
            return None
        sids = () if caller.stopped_at else inbound.media_sids[:MAX_PHOTOS]
        message.photos = [
            Photo(position=i, media_sid=sid, expires_at=_expiry(store.settings))
            for i, sid in enumerate(sids)
        ]
        session.flush()
        photo_ids = [photo.id for photo in message.photos]
    store.enqueue(Job.READ_PHOTO, *photo_ids)
    return message.id


def receive_upload(
    store: Store,
    number: str,
    photos: list[bytes],
    language: str,
    *,
    sid: str = "",
    channel: Channel = Channel.UPLOAD,
) -> int:
    """Record photos that were uploaded to us; the message's id. `sid` is drawn when not given.

    The bytes are stored before the rows that name them, so a full disk is the uploader's error
    (OSError) and leaves nothing behind that could not be read. Raises IntegrityError for a `sid`
    there is already.
    """
    sid = sid or f"UP{uuid4().hex}"
    keys = [f"photos/{uuid4().hex}" for _ in photos]
    for key, data in zip(keys, photos, strict=True):
        store.objects.put(key, data)
    try:
        with store.session() as session:
            caller = find_or_add(session, store.keyring, number, language)
            message = Message(sid=sid, caller=caller, channel=channel)
            message.photos = _uploaded(keys, photos, _expiry(store.settings))
            session.add(message)
            session.flush()
            photo_ids = [photo.id for photo in message.photos]
    except IntegrityError:
        for key in keys:
            store.objects.delete(key)
        raise
    store.enqueue(Job.READ_PHOTO, *photo_ids)
    return message.id


def _uploaded(keys: list[str], photos: list[bytes], expires_at: datetime) -> list[Photo]:
    return [
        Photo(position=i, object_key=key, sha256=_sha256(data), expires_at=expires_at)
        for i, (key, data) in enumerate(zip(keys, photos, strict=True))
    ]


def sender(store: Store, message_id: int) -> int:
    """The id of the caller a message came from."""
    with store.snapshot() as session:
        return session.get_one(Message, message_id).caller_id


def _record(session: Session, sid: str, caller: Caller, channel: str) -> Message | None:
    if session.scalar(select(Message.id).where(Message.sid == sid)) is not None:
        return None
    message = Message(sid=sid, caller_id=caller.id, channel=channel)
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:  # the same delivery, at the same moment, in another process
        return None
    return message


def _expiry(settings: Settings) -> datetime:
    return utcnow() + timedelta(hours=settings.retention_hours)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
