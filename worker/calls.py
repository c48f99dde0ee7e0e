# SPDX-License-Identifier: Apache-2.0
"""All database work of a conversation: what a call is about, and every step of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vision.reading import Reading
from worker.callers import can_be_rung, find_or_add, forget, remember
from worker.outstanding import TERMINAL, uncalled, untold
from worker.queue import Job
from worker.records import (
    Call,
    Caller,
    CallStatus,
    Confirmation,
    Message,
    Photo,
    PhotoState,
    StoredReading,
    Turn,
    utcnow,
)
from worker.store import Store, changed
from worker.texts import queue_text

__all__ = [
    "CallView",
    "ConfirmationRecord",
    "TurnRecord",
    "find",
    "forget",
    "queue_text",
    "remember",
    "save_step",
    "set_status",
    "start_inbound",
    "view",
]

# A call moves up this list and never down; the terminal ones share its end.
_ORDER = [
    CallStatus.QUEUED,
    CallStatus.PLACING,
    CallStatus.INITIATED,
    CallStatus.RINGING,
    CallStatus.IN_PROGRESS,
]


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as the conversation sees it; `readings` are (id, reading) in the photos' order.

    `lost` counts photos the provider no longer had. `state` is what `save_step` stored last.
    `number_tail` is the last four digits of the caller's number, empty when it is withheld.
    """

    id: int
    sid: str | None
    caller_id: int
    direction: str
    status: str
    language: str
    consent: bool | None
    first_time: bool
    number_tail: str
    readings: tuple[tuple[int, Reading], ...]
    lost: int
    state: dict[str, Any] | None
    version: int


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One thing that happened. `data` never holds digits; `text`, the words, is encrypted."""

    who: str  # service, caller, system
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmationRecord:
    """What the caller said a reading is; a later one of the same reading replaces it."""

    reading_id: int
    label: str  # records.Label
    digits: str  # lines joined with `|`
    heard_by: str  # voice, keys
    confidence: float


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


def view(store: Store, call_id: int) -> CallView | None:
    """The call as it stands now, or None when there is no such call."""
    with store.snapshot() as session:
        call = session.get(Call, call_id)
        if call is None:
            return None
        caller = call.caller
        return CallView(
            id=call.id,
            sid=call.sid,
            caller_id=caller.id,
            direction=call.direction,
            status=call.status,
            language=caller.language,
            consent=caller.consent,
            first_time=_first_time(session, call),
            number_tail=_tail(caller),
            readings=_readings(session, call.delivers),
            lost=_lost(session, call.delivers),
            state=call.secret,
            version=call.version,
        )


def find(store: Store, sid: str) -> int | None:
    """The call that has the provider's `sid`, or None."""
    with store.snapshot() as session:
        return session.scalar(select(Call.id).where(Call.sid == sid))


def _first_time(session: Session, call: Call) -> bool:
    spoken = exists().where(Call.caller_id == call.caller_id, Call.id != call.id, Call.version > 0)
    return not session.scalar(select(spoken))


def _tail(caller: Caller) -> str:
    return caller.number[-4:] if can_be_rung(caller.number) else ""


def _readings(session: Session, message_id: int | None) -> tuple[tuple[int, Reading], ...]:
    rows = session.execute(
        select(StoredReading.id, StoredReading.secret)
        .join(StoredReading.photo)
        .where(Photo.message_id == message_id, StoredReading.secret.is_not(None))
        .order_by(Photo.position)
    )
    return tuple((id, Reading.from_dict(secret)) for id, secret in rows if secret is not None)


def _lost(session: Session, message_id: int | None) -> int:
    lost = (Photo.message_id == message_id) & (Photo.state == PhotoState.LOST)
    return session.scalar(select(func.count()).select_from(Photo).where(lost)) or 0


def save_step(
    store: Store,
    call_id: int,
    *,
    version: int,
    state: dict[str, Any] | None,
    waiting: bool,
    turns: Sequence[TurnRecord],
    confirmations: Sequence[ConfirmationRecord],
    told: bool = False,
) -> bool:
    """Store one step of the dialog; False when somebody else took this version first.

    `waiting`: the line is held open for the next photo. `told`: with this step the caller has
    been told what the photos say (or what is wrong with them), so nobody rings about them again.
    """
    with store.session() as session:
        taken = update(Call).where(Call.id == call_id, Call.version == version)
        taken = taken.values(version=version + 1, secret=state)
        if not changed(session, taken):
            return False
        call = session.get_one(Call, call_id)
        call.waiting = waiting and call.status not in TERMINAL
        session.add_all(_turn(call_id, turn) for turn in turns)
        for confirmation in confirmations:
            _confirm(session, call_id, confirmation)
        if told and call.delivers is not None:
            session.get_one(Message, call.delivers).told_at = utcnow()
        ready = _uncalled_of(session, store, call) if call.waiting else []
    store.enqueue(Job.DELIVER, *ready)
    return True


def _turn(call_id: int, turn: TurnRecord) -> Turn:
    secret = None if turn.text is None else {"text": turn.text}
    return Turn(call_id=call_id, who=turn.who, kind=turn.kind, data=dict(turn.data), secret=secret)


def _confirm(session: Session, call_id: int, record: ConfirmationRecord) -> None:
    known = select(Confirmation).where(
        Confirmation.call_id == call_id, Confirmation.reading_id == record.reading_id
    )
    row = session.scalar(known) or Confirmation(call_id=call_id, reading_id=record.reading_id)
    row.label, row.heard_by, row.confidence = record.label, record.heard_by, record.confidence
    row.secret = {"text": record.digits}
    session.add(row)


def _uncalled_of(session: Session, store: Store, call: Call) -> list[int]:
    """What was read while the caller was busy on this line, and has to be told next."""
    query = uncalled(store.settings.retention_hours).where(Message.caller_id == call.caller_id)
    return list(session.scalars(query))


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
    with store.session() as session:
        if not _is_that_call(session, call_id, sid) or not _advance(session, call_id, new):
            return False
        call = session.get_one(Call, call_id)
        session.add(Turn(call_id=call_id, who="system", kind="status", data={"status": new}))
        over = new in TERMINAL
        if over:
            _end(session, call)
        ready = _uncalled_of(session, store, call) if over else []
        labelled = _confirmations(session, call_id) if over else []
    if store.enqueue(Job.DELIVER, *ready):
        store.enqueue(Job.KEEP_SAMPLES, *labelled)
    return True


def _end(session: Session, call: Call) -> None:
    """Who hangs up while waiting has not been told: their next photo is delivered otherwise."""
    if call.waiting:
        call.delivers = None
    call.waiting, call.ended_at = False, utcnow()
    session.flush()


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
