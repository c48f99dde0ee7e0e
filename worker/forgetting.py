# SPDX-License-Identifier: Apache-2.0
"""Deleting a caller and all that hangs on them: at once, or after the call they asked for it on."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import Select, delete, exists, func, select, update
from sqlalchemy.orm import Session

from worker import retraining, test_photos
from worker.callers import find
from worker.outstanding import TERMINAL, all_photos_done
from worker.queue import Job
from worker.records import Call, Caller, Message, Photo, Text, utcnow
from worker.store import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a caller was deleted."""

    callers: int
    messages: int
    photos: int
    calls: int
    texts: int


def forget(store: Store, number: str) -> Forgotten:
    """Delete a caller and all that hangs on them, photos first, so that it can be run again.

    Photos that new models are tried on go, too. Digit crops kept for training stay: nothing says
    whose they were.
    """
    with store.snapshot() as session:
        caller = find(session, store.keyring, number)
        if caller is None:
            return Forgotten(0, 0, 0, 0, 0)
        counts = _counts(session, caller.id)
    _delete(store, caller.id)
    return counts


def forget_after(store: Store, caller_id: int) -> None:
    """The caller asked for it on the line: nothing more is kept, and the end of the call deletes.

    At once it would take the call's own record from under the conversation.
    """
    with store.session() as session:
        wish = update(Caller).where(Caller.id == caller_id, Caller.forget_at.is_(None))
        session.execute(wish.values(forget_at=utcnow(), consent=False, test_consent=False))


def to_forget() -> Select[int]:
    """Ids of callers who asked to be forgotten and are on no line any more."""
    on_the_line = exists().where(Call.caller_id == Caller.id, Call.status.not_in(TERMINAL))
    return select(Caller.id).where(Caller.forget_at.is_not(None), ~on_the_line)


def forget_who_asked(store: Store, caller_id: int) -> None:
    """Delete a caller who asked for it, unless they are on the line, or were deleted before.

    The provider's copies go first: without our record nobody would know of them.
    """
    unerased = select(Message.id).where(
        Message.caller_id == caller_id, Message.erased_at.is_(None), all_photos_done()
    )
    with store.snapshot() as session:
        if session.scalar(to_forget().where(Caller.id == caller_id)) is None:
            return
        message_ids = list(session.scalars(unerased))
    if message_ids:
        store.enqueue(Job.DELETE_MEDIA, *message_ids)
        return
    _delete(store, caller_id)
    log.info("caller_forgotten", caller_id=caller_id)


def _delete(store: Store, caller_id: int) -> None:
    photos = select(Photo.id, Photo.object_key).join(Photo.message)
    with store.snapshot() as session:
        rows = session.execute(photos.where(Message.caller_id == caller_id)).all()
    copies = [test_photos.object_key(id) for id, _ in rows]
    for key in (*(key for _, key in rows if key), *copies):
        store.objects.delete(key)
    with store.session() as session:
        session.execute(delete(Caller).where(Caller.id == caller_id))
    for key in copies:  # one may have been made meanwhile; from here on none can be
        store.objects.delete(key)
    retraining.drop_forgotten(store)


def _counts(session: Session, caller_id: int) -> Forgotten:
    def count(of: type[Message] | type[Call] | type[Text]) -> int:
        rows = select(func.count()).select_from(of).where(of.caller_id == caller_id)
        return session.scalar(rows) or 0

    photos = select(func.count()).select_from(Photo).join(Photo.message)
    photos = photos.where(Message.caller_id == caller_id)
    return Forgotten(1, count(Message), session.scalar(photos) or 0, count(Call), count(Text))
