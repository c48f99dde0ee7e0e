# SPDX-License-Identifier: Apache-2.0
"""Placing a call: once, only to the number that wrote, and not too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from worker import calls
from worker.callers import can_be_rung, mark_stopped
from worker.gateway import CLOCK_SKEW, STOPPED, Gateway, GatewayError
from worker.links import answer_url, status_url
from worker.records import Call, CallStatus, Turn, utcnow
from worker.store import Store, changed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Order:
    call_id: int
    caller_id: int
    number: str
    since: datetime
    tried_before: bool


def place_call(store: Store, gateway: Gateway, call_id: int) -> None:
    """Ring the caller, once.

    The row goes from `queued` to `placing` first, and only the one who moved it rings. A worker
    that dies between Twilio's answer and our commit leaves it `placing`; Twilio's own status
    report then names the row (its address holds our id). Where even that fails, the claim
    lapses, the call is queued again, and a call tried before is first looked for at Twilio.
    """
    order = _claim(store, call_id)
    if order is None:
        return
    try:
        sid = _found(store, gateway, order) or _placed(store, gateway, order)
    except GatewayError as error:
        _settle(store, order, error)
    else:
        calls.set_status(store, call_id, CallStatus.INITIATED, sid=sid)
        log.info("call_placed", call_id=call_id)


def _claim(store: Store, call_id: int) -> _Order | None:
    free = update(Call).where(Call.id == call_id, Call.status == CallStatus.QUEUED)
    taken = free.values(status=CallStatus.PLACING, claimed_at=utcnow(), attempts=Call.attempts + 1)
    with store.session() as session:
        if not changed(session, taken):
            return None
        call = session.get_one(Call, call_id)
        refusal = _refusal(session, call, store.settings.calls_per_day)
        if refusal is not None:
            _give_up(session, call, CallStatus.CANCELED, refusal)
            return None
        number = call.caller.number
        since = call.created_at - CLOCK_SKEW
        return _Order(call.id, call.caller_id, number, since, call.attempts > 1)


def _refusal(session: Session, call: Call, calls_per_day: int) -> str | None:
    """Why this caller is not rung, if so."""
    if call.caller.stopped_at is not None:
        return "stopped"
    if not can_be_rung(call.caller.number):
        return "no_number"
    rung = select(func.count()).where(
        Call.caller_id == call.caller_id,
        Call.direction == "outbound",
        Call.attempts > 0,
        Call.id != call.id,
        Call.created_at > utcnow() - timedelta(days=1),
    )
    return "calls_per_day" if (session.scalar(rung) or 0) >= calls_per_day else None


def _found(store: Store, gateway: Gateway, order: _Order) -> str | None:
    if not order.tried_before:
        return None
    with store.snapshot() as session:
        sids = session.scalars(select(Call.sid).where(Call.caller_id == order.caller_id))
        known = frozenset(sid for sid in sids if sid is not None)
    return gateway.find_call(order.number, since=order.since, known=known)


def _placed(store: Store, gateway: Gateway, order: _Order) -> str:
    return gateway.place_call(
        order.number,
        answer_url=answer_url(store.settings, order.call_id),
        status_url=status_url(store.settings, order.call_id),
    )


def _settle(store: Store, order: _Order, error: GatewayError) -> None:
    """What may have been done stays `placing` until its claim lapses; the rest is queued or over.

    What is queued here is tried again by `upkeep.reap`, not at once.
    """
    log.error("call_not_placed", call_id=order.call_id, error=str(error), code=error.code)
    with store.session() as session:
        call = session.get_one(Call, order.call_id)
        if error.code == STOPPED:
            mark_stopped(session, order.caller_id)
        if error.permanent:
            _give_up(session, call, CallStatus.FAILED, "refused", code=error.code)
        elif not error.unsure:
            placing = update(Call).where(
                Call.id == order.call_id, Call.status == CallStatus.PLACING
            )
            session.execute(placing.values(status=CallStatus.QUEUED))


def _give_up(
    session: Session, call: Call, status: CallStatus, why: str, *, code: int | None = None
) -> None:
    call.status, call.ended_at = status, utcnow()
    data = {"why": why, "code": code}
    session.add(Turn(call_id=call.id, who="system", kind="not_rung", data=data))
    log.warning("call_given_up", call_id=call.id, why=why)
