# SPDX-License-Identifier: Apache-2.0
"""Outgoing texts: each is written down once, by its key, and sent from a queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from worker.callers import can_be_rung, mark_stopped
from worker.gateway import CLOCK_SKEW, STOPPED, Gateway, GatewayError
from worker.queue import Job
from worker.records import Caller, Text, TextStatus, utcnow
from worker.store import Store, changed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Draft:
    text_id: int
    caller_id: int
    address: str
    body: str
    since: datetime
    tried_before: bool


def queue_text(store: Store, caller_id: int, key: str, body: str) -> int:
    """Text the caller `body`, once for each `key`; the text's id. The body holds no digits."""
    known = select(Text.id).where(Text.key == key)
    with store.session() as session:
        text_id = session.scalar(known)
        if text_id is not None:
            return text_id
        text = Text(key=key, caller_id=caller_id, body=body)
        try:
            with session.begin_nested():
                session.add(text)
        except IntegrityError:  # the same text at the same moment
            return session.scalars(known).one()
    store.enqueue(Job.SEND_TEXT, text.id)
    return text.id


def send_text(store: Store, gateway: Gateway, text_id: int) -> None:
    """Send a text that nobody else sends; one that may have been sent is looked for first."""
    draft = _claim(store, text_id)
    if draft is None:
        return
    try:
        sid = _found(gateway, draft) or gateway.send_text(draft.address, draft.body)
    except GatewayError as error:
        _settle(store, draft, error)
        return
    with store.session() as session:
        text = session.get_one(Text, text_id)
        text.status, text.sid = TextStatus.SENT, sid
        text.body = ""  # a link in it would let whoever reads the table upload as the caller
    log.info("text_sent", text_id=text_id)


def _claim(store: Store, text_id: int) -> _Draft | None:
    free = update(Text).where(Text.id == text_id, Text.status == TextStatus.QUEUED)
    taken = free.values(status=TextStatus.SENDING, claimed_at=utcnow(), attempts=Text.attempts + 1)
    with store.session() as session:
        if not changed(session, taken):
            return None
        text = session.get_one(Text, text_id)
        caller = session.get_one(Caller, text.caller_id)
        if caller.stopped_at is not None or not can_be_rung(caller.number):
            text.status = TextStatus.FAILED
            return None
        since = text.created_at - CLOCK_SKEW
        return _Draft(text.id, caller.id, caller.address, text.body, since, text.attempts > 1)


def _found(gateway: Gateway, draft: _Draft) -> str | None:
    if not draft.tried_before:
        return None
    return gateway.find_text(draft.address, draft.body, since=draft.since)


def _settle(store: Store, draft: _Draft, error: GatewayError) -> None:
    """As for a call: what may have been done waits for its claim to lapse."""
    log.error("text_not_sent", text_id=draft.text_id, error=str(error), code=error.code)
    with store.session() as session:
        text = session.get_one(Text, draft.text_id)
        if error.code == STOPPED:
            mark_stopped(session, draft.caller_id)
        if error.permanent:
            text.status = TextStatus.FAILED
        elif not error.unsure:
            text.status = TextStatus.QUEUED
