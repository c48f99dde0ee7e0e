# SPDX-License-Identifier: Apache-2.0
"""Does the service read as it used to? By what callers answered, and by what the model says.

Weeks are seven days counted back from now, so that the newest is whole at any time. Nothing here
decrypts a digit, and an alarm starts nothing by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.bins import histogram
from worker.cards import fitted_confidences
from worker.proportions import Share, stability_index
from worker.records import Confirmation, Label, StoredReading, utcnow
from worker.settings import Settings
from worker.store import Store

WEEK = timedelta(days=7)
ENOUGH = 100  # readings in a histogram: fewer differ by chance alone by 0.1 or so
ENOUGH_ANSWERS = 20  # of a week: two callers who say no are no drift
BEFORE_WEEKS = 4  # of a model's service, which later ones are held against
YES = (Label.CONFIRMED, Label.UNVERIFIED)
ANSWERED = (*YES, Label.KEYED, Label.SPOKEN, Label.DENIED)


class Alarm(StrEnum):
    """What to look at; in words: `docs/operations.md`."""

    CONFIRMED = "confirmed"  # callers say too seldom that a reading is right
    CONFIDENCE = "confidence"  # the model is not as sure of its readings as it used to be


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days up to `until`. `problems` counts readings by what was wrong with the photo."""

    until: datetime
    agreed: Share  # answers that say what was read, of all answers
    sure: Share  # readings that were spoken plainly, of all readings
    problems: dict[str, int]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure `model` is: `now` in the last week, `before` in its first weeks (bins of
    `training.bins`). `index` is None while there are too few readings of either.

    `fitted` is how sure it was of the photos it was fitted on, `fitted_index` how far that is from
    now. These were rendered: callers' photos may well differ, so this alone is no alarm.
    """

    model: str
    before: tuple[int, ...]
    now: tuple[int, ...]
    index: float | None
    fitted: tuple[int, ...] | None = None
    fitted_index: float | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """Weeks, newest first; the model that read last; what is out of bounds."""

    weeks: tuple[Week, ...]
    confidence: Confidence | None
    alarms: tuple[Alarm, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "weeks": [_week_as_dict(week) for week in self.weeks],
            "confidence": None if self.confidence is None else asdict(self.confidence),
            "alarms": [str(alarm) for alarm in self.alarms],
        }


def drift(store: Store, *, weeks: int = 8, now: datetime | None = None) -> Drift:
    """The last `weeks` weeks, and the alarms of the newest."""
    now = now or utcnow()
    with store.snapshot() as session:
        found = _weeks(session, now, weeks)
        confidence = _confidence(session, store.settings, now)
    return Drift(found, confidence, _alarms(store.settings, found[0], confidence))


def _alarms(settings: Settings, newest: Week, confidence: Confidence | None) -> tuple[Alarm, ...]:
    """Only what is certain: the whole interval lies below the bound."""
    alarms = []
    enough = newest.agreed.whole >= ENOUGH_ANSWERS
    if enough and newest.agreed.interval[1] < settings.drift_confirmed:
        alarms.append(Alarm.CONFIRMED)
    index = None if confidence is None else confidence.index
    if settings.drift_index and index is not None and index > settings.drift_index:
        alarms.append(Alarm.CONFIDENCE)
    return tuple(alarms)


def _weeks(session: Session, now: datetime, weeks: int) -> tuple[Week, ...]:
    since = now - weeks * WEEK
    answers = session.execute(
        select(Confirmation.created_at, Confirmation.label, Confirmation.agrees).where(
            Confirmation.created_at > since, Confirmation.label.in_(ANSWERED)
        )
    ).all()
    readings = session.execute(
        select(StoredReading.created_at, StoredReading.sure, StoredReading.problems).where(
            StoredReading.created_at > since
        )
    ).all()
    return tuple(
        _week(now - back * WEEK, _within(answers, now, back), _within(readings, now, back))
        for back in range(weeks)
    )


def _within(rows: Sequence[Any], now: datetime, back: int) -> list[Any]:
    return [row for row in rows if (now - row.created_at) // WEEK == back]


def _week(until: datetime, answers: list[Any], readings: list[Any]) -> Week:
    agreed = sum(_agrees(label, agrees) for _, label, agrees in answers)
    problems = Counter(problem for reading in readings for problem in reading.problems)
    sure = sum(reading.sure for reading in readings)
    return Week(
        until,
        Share(agreed, len(answers)),
        Share(sure, len(readings)),
        dict(problems.most_common()),
    )


def _agrees(label: str, agrees: bool | None) -> bool:
    """A number that was keyed may be the one that was read; where nobody knows, it was not."""
    return label in YES if agrees is None else agrees


def _confidence(session: Session, settings: Settings, now: datetime) -> Confidence | None:
    """Of the model that read last; its first weeks end where the newest week begins."""
    model = session.scalar(
        select(StoredReading.model)
        .where(StoredReading.model != "")
        .order_by(StoredReading.id.desc())
        .limit(1)
    )
    if model is None:
        return None
    first = session.scalar(
        select(func.min(StoredReading.created_at)).where(StoredReading.model == model)
    )
    assert first is not None
    before = _histogram(session, model, first, min(first + BEFORE_WEEKS * WEEK, now - WEEK))
    newest = _histogram(session, model, now - WEEK, now)
    fitted = fitted_confidences(settings, model)
    apart = None if fitted is None else _apart(fitted, newest)
    return Confidence(model, before, newest, _apart(before, newest), fitted, apart)


def _apart(before: tuple[int, ...], now: tuple[int, ...]) -> float | None:
    enough = sum(before) >= ENOUGH and sum(now) >= ENOUGH
    return stability_index(before, now) if enough else None


def _histogram(session: Session, model: str, since: datetime, until: datetime) -> tuple[int, ...]:
    """Of readings with digits: a photo without any says nothing of how sure the model is."""
    confidences = select(StoredReading.confidence).where(
        StoredReading.model == model,
        StoredReading.confidence > 0,
        StoredReading.created_at >= since,
        StoredReading.created_at < until,
    )
    return histogram(float(value) for value in session.scalars(confidences) if value is not None)


def _week_as_dict(week: Week) -> dict[str, Any]:
    return {
        "until": week.until.isoformat(timespec="minutes"),
        "agreed": week.agreed.as_dict(),
        "sure": week.sure.as_dict(),
        "problems": week.problems,
    }
