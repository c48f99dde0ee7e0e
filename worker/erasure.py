# SPDX-License-Identifier: Apache-2.0
"""Deleting what is no longer needed: the provider's copies, and ours after their time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, select, update

from worker import uploads
from worker.gateway import Gateway
from worker.outstanding import all_photos_done
from worker.records import (
    Call,
    Caller,
    Channel,
    Confirmation,
    Message,
    Photo,
    PhotoState,
    StoredReading,
    Turn,
    utcnow,
)
from worker.store import Store

log = structlog.get_logger(__name__)

BATCH = 200


def delete_media(store: Store, gateway: Gateway, message_id: int) -> None:
    """Delete the provider's copy of a message once all its photos are read or lost."""
    done = select(Message).where(
        Message.id == message_id, Message.erased_at.is_(None), all_photos_done()
    )
    with store.snapshot() as session:
        message = session.scalar(done)
        if message is None:
            return
        media_sids = [photo.media_sid for photo in message.photos if photo.media_sid]
    if message.channel in (Channel.MMS, Channel.WHATSAPP):
        gateway.delete_message(message.sid, media_sids)
    with store.session() as session:
        erased = update(Message).where(Message.id == message_id)
        session.execute(erased.values(erased_at=utcnow()))


def expire(store: Store) -> None:
    """Delete photos and wipe digits and numbers that are older than `retention_hours`."""
    cutoff = utcnow() - timedelta(hours=store.settings.retention_hours)
    while _expire_photos(store, utcnow()):
        pass
    uploads.remove_expired(store)
    _wipe_digits(store, cutoff)
    _wipe_numbers(store, cutoff)


def _expire_photos(store: Store, now: datetime) -> int:
    """A row says its photo is gone only after the object is: a failure is found again."""
    due = select(Photo.id, Photo.object_key).where(
        Photo.expires_at < now, Photo.object_key.is_not(None)
    )
    with store.snapshot() as session:
        rows = session.execute(due.limit(BATCH)).all()
    for _, key in rows:
        if key is not None:
            store.objects.delete(key)
    with store.session() as session:
        gone = update(Photo).where(Photo.id.in_([id for id, _ in rows]))
        session.execute(gone.values(object_key=None))
    return len(rows)


def _wipe_digits(store: Store, cutoff: datetime) -> None:
    with store.session() as session:
        unread = update(Photo).where(Photo.expires_at < utcnow(), Photo.state == PhotoState.PENDING)
        session.execute(unread.values(state=PhotoState.LOST))
        for table, at in (
            (StoredReading, StoredReading.created_at),
            (Call, Call.created_at),
            (Turn, Turn.at),
            (Confirmation, Confirmation.created_at),
        ):
            old = update(table).where(at < cutoff, table.secret.is_not(None))
            session.execute(old.values(secret=None))


def _wipe_numbers(store: Store, cutoff: datetime) -> None:
    """The hash stays, and with it language, consent and STOP; the next text brings the number."""
    recent = exists().where(Message.caller_id == Caller.id, Message.received_at > cutoff) | (
        exists().where(Call.caller_id == Caller.id, Call.created_at > cutoff)
    )
    with store.session() as session:
        idle = update(Caller).where(Caller.created_at < cutoff, Caller.secret.is_not(None), ~recent)
        session.execute(idle.values(secret=None))
