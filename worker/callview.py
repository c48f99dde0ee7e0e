# SPDX-License-Identifier: Apache-2.0
"""A call as the conversation sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from vision.reading import Reading
from worker.callers import can_be_rung
from worker.chosen import is_chosen
from worker.records import Call, Caller, Message, Photo, PhotoState, StoredReading
from worker.store import Store


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as the conversation sees it; `readings` are (id, reading) in the photos' order.

    `lost` counts photos the provider no longer had. `state` is what `save_step` stored last.
    `chosen`: new models are tried on the caller's photos, if they agree (`test_consent`).
    `first_time`: nothing was ever told to this caller.
    `number_tail` is the last four digits of the caller's number, empty when it is withheld.
    """

    id: int
    sid: str | None
    caller_id: int
    direction: str
    status: str
    language: str
    consent: bool | None
    chosen: bool
    test_consent: bool | None
    slowness: int
    first_time: bool
    number_tail: str
    readings: tuple[tuple[int, Reading], ...]
    lost: int
    state: dict[str, Any] | None
    version: int


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
            chosen=is_chosen(store, caller),
            test_consent=caller.test_consent,
            slowness=caller.slowness,
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
    """Whether nothing was ever told to the caller: a voicemail that was rung knows nothing."""
    told = exists().where(Message.caller_id == call.caller_id, Message.told_at.is_not(None))
    return not session.scalar(select(told))


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
