# SPDX-License-Identifier: Apache-2.0
"""One step of a conversation, stored as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from worker.outstanding import TERMINAL, uncalled
from worker.queue import Job
from worker.records import Call, Confirmation, Label, Message, StoredReading, Turn, utcnow
from worker.store import Store, changed


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
    hours = store.settings.retention_hours
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
        ready = (
            list(session.scalars(uncalled(hours, caller_id=call.caller_id))) if call.waiting else []
        )
    store.enqueue(Job.DELIVER, *ready)
    return True


def _turn(call_id: int, turn: TurnRecord) -> Turn:
    secret = None if turn.text is None else {"text": turn.text}
    return Turn(call_id=call_id, who=turn.who, kind=turn.kind, data=dict(turn.data), secret=secret)


def _agrees(session: Session, record: ConfirmationRecord) -> bool | None:
    """Whether the caller says what was read: kept, because the digits are not."""
    if record.label == Label.DENIED:
        return False
    reading = session.get(StoredReading, record.reading_id)
    if reading is None or reading.secret is None:
        return None
    return str(reading.secret["text"]).replace("|", "") == record.digits.replace("|", "")


def _confirm(session: Session, call_id: int, record: ConfirmationRecord) -> None:
    known = select(Confirmation).where(
        Confirmation.call_id == call_id, Confirmation.reading_id == record.reading_id
    )
    row = session.scalar(known) or Confirmation(call_id=call_id, reading_id=record.reading_id)
    row.label, row.heard_by, row.confidence = record.label, record.heard_by, record.confidence
    row.secret = {"text": record.digits}
    row.agrees = _agrees(session, record)
    session.add(row)
