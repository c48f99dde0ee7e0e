# SPDX-License-Identifier: Apache-2.0
"""How the service is doing, in numbers: nothing here is decrypted, and no number is a caller's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from worker.outstanding import DONE, is_live, is_under_way, untold
from worker.records import Call, Confirmation, Message, Photo, StoredReading, utcnow
from worker.store import Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts as of `at`. `oldest_photo_s` is how long the photo that waits longest has waited.

    Calls that ring, or are about to, are `under_way` without being `live`; `held` ones wait for a
    photo. `model` read last.
    """

    at: datetime
    photos_waiting: int
    oldest_photo_s: float
    untold: int
    calls_live: int
    calls_held: int
    calls_under_way: int
    readings_hour: int
    readings_day: int
    sure_day: int
    model: str

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat(timespec="seconds")}


def numbers(store: Store) -> Numbers:
    """Counted now."""
    now = utcnow()
    day = StoredReading.created_at > now - DAY
    with store.snapshot() as session:
        waiting = _count(session, Photo.state.not_in(DONE))
        return Numbers(
            at=now,
            photos_waiting=waiting,
            oldest_photo_s=_oldest_photo_s(session, now),
            untold=_rows(session, untold(store.settings.retention_hours)),
            calls_live=_count(session, is_live()),
            calls_held=_count(session, is_live() & Call.waiting),
            calls_under_way=_count(session, is_under_way()),
            readings_hour=_count(session, StoredReading.created_at > now - HOUR),
            readings_day=_count(session, day),
            sure_day=_count(session, day & StoredReading.sure),
            model=_newest_model(session),
        )


def readings_by_model(store: Store) -> list[tuple[str, bool, int]]:
    """(model, whether sure, how many readings), of all on record."""
    counts = select(StoredReading.model, StoredReading.sure, func.count())
    with store.snapshot() as session:
        rows = session.execute(counts.group_by(StoredReading.model, StoredReading.sure))
        return [(model, sure, count) for model, sure, count in rows]


def answers_by_label(store: Store) -> list[tuple[str, int]]:
    """(label, how many answers), of all on record."""
    counts = select(Confirmation.label, func.count()).group_by(Confirmation.label)
    with store.snapshot() as session:
        return [(label, count) for label, count in session.execute(counts)]


def _oldest_photo_s(session: Session, now: datetime) -> float:
    oldest = select(func.min(Message.received_at)).join(Photo, Photo.message_id == Message.id)
    since = session.scalar(oldest.where(Photo.state.not_in(DONE)))
    return 0.0 if since is None else round((now - since).total_seconds(), 1)


def _newest_model(session: Session) -> str:
    newest = select(StoredReading.model).where(StoredReading.model != "")
    return session.scalar(newest.order_by(StoredReading.id.desc()).limit(1)) or ""


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _rows(session: Session, of: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(of.subquery())) or 0
