# SPDX-License-Identifier: Apache-2.0
"""Where a call stands: from its first ring to its end, as Twilio reports it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker.callers import can_be_rung, find_or_add
from worker.callview import CallView, view
from worker.outstanding import TERMINAL, is_live, uncalled, untold
from worker.queue import Job
from worker.records import Call, CallStatus, Confirmation, Message, Turn, utcnow
from worker.store import Store, changed

# A call moves up this list and never down; the terminal ones share its end.
_ORDER = [
    CallStatus.QUEUED,
    CallStatus.PLACING,
    CallStatus.INITIATED,
    CallStatus.RINGING,
    CallStatus.IN_PROGRESS,
]


def start_inbound(store: Store, sid: str, number: str, language: str) -> CallView:
    """The call that rang in, recorded once however often it is announced.

    It takes up the caller's newest reading that was not told yet. A withheld number is nobody we
    know: each such call is a caller of its own.
    """
    address = number if can_be_rung(number) else f"anonymous:{sid}"
    with store.session() as session:
        call_id = session.scalar(select(Call.id).where(Call.sid == sid))
        if call_id is None:
            caller = find_or_add(session, store.keyring, address, language)
            session.flush()
            call_id = _add_inbound(session, sid, caller.id, store.settings.retention_hours)
    found = view(store, call_id)
    assert found is not None
    return found


def _add_inbound(session: Session, sid: str, caller_id: int, retention_hours: float) -> int:
    call = Call(sid=sid, caller_id=caller_id, direction="inbound", status=CallStatus.IN_PROGRESS)
    try:
        with session.begin_nested():
            session.add(call)
    except IntegrityError:  # announced twice at the same moment
        return session.scalars(select(Call.id).where(Call.sid == sid)).one()
    newest = untold(retention_hours).where(Message.caller_id == caller_id).limit(1)
    message_id = session.scalar(newest)
    if message_id is not None and _release(session, message_id):
        call.delivers = message_id
    return call.id


def _release(session: Session, message_id: int) -> bool:
    """Take a message from a call that is over or was not placed yet; False: it is on the line."""
    holding = Call.delivers == message_id
    queued = update(Call).where(holding, Call.status == CallStatus.QUEUED)
    session.execute(queued.values(status=CallStatus.CANCELED, ended_at=utcnow()))
    over = update(Call).where(holding, Call.status.in_(TERMINAL))
    session.execute(over.values(delivers=None))
    return session.scalar(select(Call.id).where(holding)) is None


def find(store: Store, sid: str) -> int | None:
    """The id of the call with Twilio's `sid`, or None."""
    with store.snapshot() as session:
        return session.scalar(select(Call.id).where(Call.sid == sid))


def set_status(store: Store, call_id: int, status: str, *, sid: str | None = None) -> bool:
    """Record where the call stands, as Twilio reports it; False when that is no news.

    Reports arrive late, twice and out of order: a status never goes back, and a terminal one is
    final. `sid` ties a call to its row when the answer to placing it was lost; a report about
    another call than the row's is no news either.
    """
    try:
        new = CallStatus(status)
    except ValueError:
        return False
    hours = store.settings.retention_hours
    with store.session() as session:
        if not _is_that_call(session, call_id, sid) or not _advance(session, call_id, new):
            return False
        call = session.get_one(Call, call_id)
        session.add(Turn(call_id=call_id, who="system", kind="status", data={"status": new}))
        over = new in TERMINAL
        if over:
            _end(session, call)
        ready = list(session.scalars(uncalled(hours, caller_id=call.caller_id))) if over else []
        labelled = _confirmations(session, call_id) if over else []
        forget = over and call.caller.forget_at is not None
        caller_id = call.caller_id
    if forget:
        store.enqueue(Job.FORGET, caller_id)
    elif store.enqueue(Job.DELIVER, *ready):
        store.enqueue(Job.KEEP_SAMPLES, *labelled)
    return True


def _end(session: Session, call: Call) -> None:
    """Whose photo was not told by the call it came in is rung about it; whoever rang again before
    we heard that they had hung up is told on the line they wait on."""
    message = session.get(Message, call.delivers) if call.delivers is not None else None
    if message is not None and message.told_at is None and _may_be_told(session, call, message):
        call.delivers = None
    call.waiting, call.ended_at = False, utcnow()
    session.flush()


def _may_be_told(session: Session, call: Call, message: Message) -> bool:
    return message.received_at > call.created_at or _waits_elsewhere(session, call)


def _waits_elsewhere(session: Session, call: Call) -> bool:
    same = (Call.caller_id == call.caller_id) & (Call.id != call.id)
    return session.scalar(select(Call.id).where(same, Call.waiting, is_live()).limit(1)) is not None


def _is_that_call(session: Session, call_id: int, sid: str | None) -> bool:
    if sid is None:
        return True
    nameless = update(Call).where(Call.id == call_id, Call.sid.is_(None))
    session.execute(nameless.values(sid=sid))
    return session.scalar(select(Call.sid).where(Call.id == call_id)) == sid


def _advance(session: Session, call_id: int, new: CallStatus) -> bool:
    earlier = _ORDER if new in TERMINAL else _ORDER[: _ORDER.index(new)]
    moved = update(Call).where(Call.id == call_id, Call.status.in_(earlier))
    return changed(session, moved.values(status=new))


def _confirmations(session: Session, call_id: int) -> list[int]:
    return list(session.scalars(select(Confirmation.id).where(Confirmation.call_id == call_id)))
