# SPDX-License-Identifier: Apache-2.0
"""How a reading gets to its caller: on the line they hold, or by ringing them."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker import calls
from worker.callers import can_be_rung
from worker.gateway import Gateway
from worker.links import answer_url
from worker.outstanding import is_live, is_under_way, uncalled
from worker.queue import Job
from worker.records import Call, CallStatus, Message, utcnow
from worker.store import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ring:
    call_id: int


@dataclass(frozen=True, slots=True)
class _Move:
    call_id: int
    sid: str


def deliver(store: Store, gateway: Gateway, message_id: int) -> None:
    """See that a message that has been read is told to its caller, once.

    A caller who holds the line is told there. One who is in the middle of a call is told when
    that call ends or waits: both queue this again.
    """
    with store.session() as session:
        way = _choose(session, store, message_id)
    match way:
        case _Ring(call_id):
            store.enqueue(Job.PLACE_CALL, call_id)
        case _Move(call_id, sid):
            _move(store, gateway, call_id, sid)


def _choose(session: Session, store: Store, message_id: int) -> _Ring | _Move | None:
    message = session.get(Message, message_id)
    if message is None or message.told_at is not None:
        return None
    message.claimed_at = utcnow()
    caller = message.caller
    if caller.stopped_at is not None or not can_be_rung(caller.number):
        return None
    holder = session.scalar(select(Call).where(Call.delivers == message_id))
    if holder is not None:
        return _again(session, holder)
    still = uncalled(store.settings.retention_hours, caller_id=caller.id)
    if session.scalar(still.where(Message.id == message_id)) is None:
        return None
    return _take_line(session, message) or _new_call(session, message)


def _again(session: Session, call: Call) -> _Ring | _Move | None:
    """Delivery was begun before: go on where it may have been broken off."""
    if call.status == CallStatus.QUEUED:
        return _Ring(call.id)
    live = select(Call.id).where(Call.id == call.id, Call.waiting, is_live())
    if call.sid is not None and session.scalar(live) is not None:
        return _Move(call.id, call.sid)
    return None


def _take_line(session: Session, message: Message) -> _Move | None:
    """Give the message to the call its caller waits on, unless that is about to tell another."""
    untold = exists().where(Message.id == Call.delivers, Message.told_at.is_(None))
    waiting = select(Call).where(
        Call.caller_id == message.caller_id, Call.waiting, is_live(), ~untold
    )
    call = session.scalar(waiting.order_by(Call.id.desc()).limit(1))
    if call is None or call.sid is None:
        return None
    call.delivers, call.claimed_at = message.id, utcnow()
    return _Move(call.id, call.sid)


def _new_call(session: Session, message: Message) -> _Ring | None:
    busy = select(Call.id).where(Call.caller_id == message.caller_id, is_under_way())
    if session.scalar(busy.limit(1)) is not None:
        return None
    call = Call(caller_id=message.caller_id, delivers=message.id, direction="outbound")
    try:
        with session.begin_nested():
            session.add(call)
    except IntegrityError:  # another worker delivers it
        return None
    return _Ring(call.id)


def _move(store: Store, gateway: Gateway, call_id: int, sid: str) -> None:
    if gateway.move_call(sid, answer_url(store.settings, call_id)):
        log.info("call_moved", call_id=call_id)
        return
    # The caller hung up before we heard of it: `set_status` has the message delivered otherwise.
    calls.set_status(store, call_id, CallStatus.COMPLETED)
