# SPDX-License-Identifier: Apache-2.0
"""Bringing back what was dropped: by a killed worker, a broker that was away, a lost answer.

What is to be done stands in the database with the time it was last taken up. Whatever was taken
up more than `lease_s` ago and is still not done is queued again; the tasks themselves see to it
that nothing is done twice. The same time is noted on what is queued again, so that a long queue
does not fill up with repetitions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from worker import calls
from worker.forgetting import to_forget
from worker.outstanding import CALL_LIMIT_S, TERMINAL, all_photos_done, to_deliver
from worker.promotion import reading_along
from worker.queue import Job
from worker.readings import announce
from worker.records import (
    Call,
    CallStatus,
    Confirmation,
    Message,
    Photo,
    PhotoState,
    Text,
    TextStatus,
    utcnow,
)
from worker.store import Store

log = structlog.get_logger(__name__)

KILLS = 3  # a photo that has ended so many workers is not tried again
GIVE_UP_AFTER = timedelta(hours=1)  # nobody wants to be rung or texted about this morning's photo


def reap(store: Store) -> None:
    """Queue again what was dropped. Runs every few seconds; harmless to run twice at once."""
    now = utcnow()
    lapsed = now - timedelta(seconds=store.settings.lease_s)
    for job, find in _CHORES:
        with store.session() as session:
            ids = find(session, store, now, lapsed)
        if ids:
            log.warning("queued_again", job=str(job), count=len(ids))
            store.enqueue(job, *ids)
    _drop_killers(store, lapsed)
    _end_silent_calls(store, now)


def sweep(store: Store) -> None:
    """Queue what can wait: copies the provider still has, digit crops nobody has cut yet, callers
    who asked to be forgotten, photos that a challenger in shadow has not read."""
    lapsed = utcnow() - timedelta(seconds=store.settings.lease_s)
    kept = select(Message.id).where(
        Message.erased_at.is_(None), Message.received_at < lapsed, all_photos_done()
    )
    uncut = select(Confirmation.id).join(Call, Call.id == Confirmation.call_id)
    uncut = uncut.where(Confirmation.sampled_at.is_(None), Call.ended_at < lapsed)
    with store.snapshot() as session:
        message_ids, confirmation_ids = session.scalars(kept).all(), session.scalars(uncut).all()
        caller_ids = session.scalars(to_forget()).all()
    store.enqueue(Job.DELETE_MEDIA, *message_ids)
    store.enqueue(Job.KEEP_SAMPLES, *confirmation_ids)
    store.enqueue(Job.FORGET, *caller_ids)
    store.enqueue(Job.READ_ALONG, *reading_along.to_read_along(store))


def _photos(session: Session, store: Store, now: datetime, lapsed: datetime) -> list[int]:
    arrived = select(Message.received_at).where(Message.id == Photo.message_id).scalar_subquery()
    dropped = update(Photo).where(
        Photo.state.in_([PhotoState.PENDING, PhotoState.CLAIMED]),
        func.coalesce(Photo.claimed_at, arrived) < lapsed,
        Photo.attempts < KILLS,
    )
    again = dropped.values(state=PhotoState.PENDING, claimed_at=now).returning(Photo.id)
    return list(session.scalars(again, execution_options=_UNSYNCHRONISED))


def _deliveries(session: Session, store: Store, now: datetime, lapsed: datetime) -> list[int]:
    dropped = update(Message).where(
        Message.id.in_(to_deliver(store.settings.retention_hours)),
        func.coalesce(Message.claimed_at, Message.received_at) < lapsed,
    )
    again = dropped.values(claimed_at=now).returning(Message.id)
    return list(session.scalars(again, execution_options=_UNSYNCHRONISED))


def _calls(session: Session, store: Store, now: datetime, lapsed: datetime) -> list[int]:
    unplaced = Call.status.in_([CallStatus.QUEUED, CallStatus.PLACING])
    stale = update(Call).where(unplaced, Call.created_at < now - GIVE_UP_AFTER)
    session.execute(stale.values(status=CallStatus.FAILED, ended_at=now))
    dropped = _lapsed(unplaced, Call, lapsed)
    again = update(Call).where(dropped).values(status=CallStatus.QUEUED, claimed_at=now)
    return list(session.scalars(again.returning(Call.id), execution_options=_UNSYNCHRONISED))


def _texts(session: Session, store: Store, now: datetime, lapsed: datetime) -> list[int]:
    unsent = Text.status.in_([TextStatus.QUEUED, TextStatus.SENDING])
    stale = update(Text).where(unsent, Text.created_at < now - GIVE_UP_AFTER)
    session.execute(stale.values(status=TextStatus.FAILED))
    dropped = _lapsed(unsent, Text, lapsed)
    again = update(Text).where(dropped).values(status=TextStatus.QUEUED, claimed_at=now)
    return list(session.scalars(again.returning(Text.id), execution_options=_UNSYNCHRONISED))


def _lapsed(
    undone: ColumnElement[bool], of: type[Call] | type[Text], lapsed: datetime
) -> ColumnElement[bool]:
    return undone & (func.coalesce(of.claimed_at, of.created_at) < lapsed)


_UNSYNCHRONISED: dict[str, Any] = {"synchronize_session": False}
_CHORES: tuple[tuple[Job, Callable[[Session, Store, datetime, datetime], list[int]]], ...] = (
    (Job.READ_PHOTO, _photos),
    (Job.DELIVER, _deliveries),
    (Job.PLACE_CALL, _calls),
    (Job.SEND_TEXT, _texts),
)


def _drop_killers(store: Store, lapsed: datetime) -> None:
    """A photo whose every reading ended its worker: the caller is asked for another one."""
    killer = update(Photo).where(
        Photo.state == PhotoState.CLAIMED, Photo.claimed_at < lapsed, Photo.attempts >= KILLS
    )
    gone = killer.values(state=PhotoState.LOST).returning(Photo.id, Photo.message_id)
    with store.session() as session:
        rows = session.execute(gone, execution_options=_UNSYNCHRONISED).all()
    for photo_id, message_id in rows:
        log.error("photo_kills_workers", photo_id=photo_id)
        announce(store, message_id)


def _end_silent_calls(store: Store, now: datetime) -> None:
    """A call whose end was never reported is over, so that it does not hold up the next one."""
    silent = select(Call.id).where(
        Call.status.not_in(TERMINAL), Call.created_at < now - timedelta(seconds=CALL_LIMIT_S)
    )
    with store.snapshot() as session:
        ids = list(session.scalars(silent))
    for id in ids:
        calls.set_status(store, id, CallStatus.COMPLETED)
