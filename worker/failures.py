# SPDX-License-Identifier: Apache-2.0
"""What went wrong and nobody will try again, with a name that `sonsori ops retry` takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from worker.records import (
    Call,
    CallStatus,
    Message,
    Photo,
    PhotoState,
    Text,
    TextStatus,
    Turn,
    utcnow,
)
from worker.settings import Settings
from worker.store import Store
from worker.training_records import TrainingRun, TrainingState

STUCK_LEASES = 4  # reaped after one; whatever is older than this is not being reaped


class Kind(StrEnum):
    PHOTO = "photo"
    CALL = "call"
    TEXT = "text"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that failed. `why` names no digit and no telephone number."""

    kind: Kind
    number: int
    at: datetime
    why: str

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.number}"

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, **asdict(self), "at": self.at.isoformat(timespec="seconds")}


def failures(store: Store, *, days: float = 7) -> tuple[Failure, ...]:
    """What failed in the last `days`, newest first."""
    since = utcnow() - timedelta(days=days)
    with store.snapshot() as session:
        found = [one for find in _FINDERS for one in find(session, store.settings, since)]
    return tuple(sorted(found, key=lambda failure: failure.at, reverse=True))


def _lost_photos(session: Session, settings: Settings, since: datetime) -> list[Failure]:
    rows = session.execute(
        select(Photo.id, Photo.attempts, Message.received_at)
        .join(Photo.message)
        .where(Photo.state == PhotoState.LOST, Message.received_at > since)
    )
    return [
        Failure(Kind.PHOTO, id, at, f"could not be read after {attempts} attempts")
        for id, attempts, at in rows
    ]


def _stuck_photos(session: Session, settings: Settings, since: datetime) -> list[Failure]:
    """No worker, no beat, or a provider that has been in trouble all the time."""
    lapsed = utcnow() - timedelta(seconds=STUCK_LEASES * settings.lease_s)
    rows = session.execute(
        select(Photo.id, Photo.state, Message.received_at)
        .join(Photo.message)
        .where(
            Photo.state.in_([PhotoState.PENDING, PhotoState.CLAIMED]),
            Message.received_at < lapsed,
            Message.received_at > since,
        )
    )
    return [Failure(Kind.PHOTO, id, at, f"still {state}") for id, state, at in rows]


def _failed_calls(session: Session, settings: Settings, since: datetime) -> list[Failure]:
    """Calls that were not placed; a caller who is busy or does not answer is no failure."""
    rows = session.execute(
        select(Call.id, Call.created_at).where(
            Call.status == CallStatus.FAILED, Call.created_at > since
        )
    )
    return [Failure(Kind.CALL, id, at, _why_not_rung(session, id)) for id, at in rows]


def _why_not_rung(session: Session, call_id: int) -> str:
    turn = select(Turn.data).where(Turn.call_id == call_id, Turn.kind == "not_rung")
    data = session.scalar(turn.order_by(Turn.id.desc()).limit(1)) or {}
    code = data.get("code")
    return str(data.get("why", "the provider reported a failure")) + (f" ({code})" if code else "")


def _failed_texts(session: Session, settings: Settings, since: datetime) -> list[Failure]:
    rows = session.execute(
        select(Text.id, Text.created_at, Text.attempts).where(
            Text.status == TextStatus.FAILED, Text.created_at > since
        )
    )
    return [
        Failure(Kind.TEXT, id, at, f"not sent after {attempts} attempts")
        for id, at, attempts in rows
    ]


def _failed_runs(session: Session, settings: Settings, since: datetime) -> list[Failure]:
    bad = (TrainingState.FAILED, TrainingState.GIVEN_UP)
    rows = session.scalars(
        select(TrainingRun).where(TrainingRun.state.in_(bad), TrainingRun.created_at > since)
    )
    return [
        Failure(Kind.RUN, run.id, run.ended_at or run.created_at, run.reason or run.state)
        for run in rows
    ]


_Find = Callable[[Session, Settings, datetime], list[Failure]]
_FINDERS: tuple[_Find, ...] = (
    _lost_photos,
    _stuck_photos,
    _failed_calls,
    _failed_texts,
    _failed_runs,
)
