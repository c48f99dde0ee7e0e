# SPDX-License-Identifier: Apache-2.0
"""What has changed is shown, what changes by chance is not, and digits are never needed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ledger import LedgerStore, hold_line, read_all, reading_of, text_photo
from sqlalchemy import select

from training.bins import EDGES, histogram
from worker import ConfirmationRecord, Settings, calls
from worker.drift import ENOUGH, ENOUGH_ANSWERS, Alarm, Drift, drift
from worker.erasure import expire
from worker.proportions import Share, stability_index
from worker.records import (
    Call,
    Caller,
    Confirmation,
    Label,
    Message,
    Photo,
    StoredReading,
    utcnow,
)

DAY = timedelta(days=1)


def read_at(
    store: LedgerStore, at: datetime, *confidences: float, model: str = "m1", problem: str = ""
) -> None:
    """Readings of that time, each in a message of its own."""
    with store.session() as session:
        caller = session.scalar(select(Caller)) or Caller(
            number_hash="x", secret=None, language="ko"
        )
        for confidence in confidences:
            sid = f"MM{session.query(Message).count()}"
            message = Message(sid=sid, caller=caller, channel="mms", told_at=at)
            photo = Photo(position=0, expires_at=at, state="read", message=message)
            photo.reading = StoredReading(
                model=model,
                sure=confidence > 0.9,
                confidence=confidence,
                problems=[problem] if problem else [],
                secret=None,
                created_at=at,
            )
            session.add(photo)
            session.flush()


def answer_at(
    store: LedgerStore, at: datetime, label: Label, times: int, *, agrees: bool | None = None
) -> None:
    with store.session() as session:
        readings = session.scalars(select(StoredReading)).all()
        caller = session.scalars(select(Caller)).one()
        for number in range(times):
            call = Call(caller_id=caller.id, direction="inbound", status="completed")
            session.add(call)
            session.flush()
            session.add(
                Confirmation(
                    call_id=call.id,
                    reading_id=readings[number % len(readings)].id,
                    label=label,
                    heard_by="keys",
                    confidence=1.0,
                    agrees=agrees,
                    created_at=at,
                )
            )


def with_settings(store: LedgerStore, **changes: object) -> LedgerStore:
    changed = store.settings.model_copy(update=changes)
    return LedgerStore(
        changed, store.engine, store.keyring, store.objects, store.celery, store.jobs
    )


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    """81 of 263: Newcombe, Statistics in Medicine 17 (1998), table I."""
    assert Share(part, whole).interval == pytest.approx((low, high), abs=1e-4)


def test_each_confidence_lies_in_one_bin() -> None:
    assert sum(histogram([0.0, *EDGES, 1.0])) == len(EDGES) + 2
    assert histogram([0.0, *EDGES[:-1], 1.0]) == (1,) * (len(EDGES) + 1)


def test_like_histograms_are_not_apart_and_unlike_ones_are() -> None:
    same = stability_index((50, 30, 20), (500, 300, 200))
    moved = stability_index((5000, 3000, 2000), (2000, 3000, 5000))
    assert same < 0.001
    assert moved == pytest.approx(2 * 0.3 * 0.9163, rel=0.001)
    assert stability_index((100, 0), (0, 100)) > 5


def test_an_empty_service_has_no_alarm(store: LedgerStore) -> None:
    found = drift(store)
    assert (len(found.weeks), found.alarms, found.confidence) == (8, (), None)
    assert found.weeks[0].agreed == Share(0, 0)


def test_answers_are_counted_in_their_week(store: LedgerStore) -> None:
    now = utcnow()
    read_at(store, now - DAY, 0.99)
    answer_at(store, now - DAY, Label.CONFIRMED, 6)
    answer_at(store, now - DAY, Label.UNVERIFIED, 2)
    answer_at(store, now - DAY, Label.DENIED, 1)
    answer_at(store, now - DAY, Label.SPOKEN, 1)
    answer_at(store, now - 8 * DAY, Label.CONFIRMED, 3)
    answer_at(store, now - 80 * DAY, Label.DENIED, 5)
    weeks = drift(store, now=now).weeks
    assert [week.agreed for week in weeks[:3]] == [Share(8, 10), Share(3, 3), Share(0, 0)]
    assert [week.until for week in weeks[:2]] == [now, now - 7 * DAY]


def test_a_number_that_was_keyed_as_it_was_read_agrees(store: LedgerStore) -> None:
    now = utcnow()
    read_at(store, now - DAY, 0.99)
    answer_at(store, now - DAY, Label.KEYED, 3, agrees=True)
    answer_at(store, now - DAY, Label.KEYED, 2, agrees=False)
    assert drift(store, now=now).weeks[0].agreed == Share(3, 5)


@pytest.mark.parametrize(
    ("label", "digits", "agrees"),
    [
        (Label.KEYED, "482", True),
        (Label.KEYED, "4|82", True),
        (Label.SPOKEN, "487", False),
        (Label.CONFIRMED, "482", True),
        (Label.DENIED, "482", False),
    ],
)
def test_whether_a_caller_agreed_outlives_the_digits(
    store: LedgerStore, label: Label, digits: str, agrees: bool
) -> None:
    text_photo(store)
    read_all(store, reading_of("482"))
    call_id = hold_line(store)
    view = calls.view(store, call_id)
    assert view is not None
    record = ConfirmationRecord(view.readings[0][0], label, digits, "keys", 1.0)
    assert calls.save_step(
        store, call_id, version=view.version, state={}, waiting=False, turns=[],
        confirmations=[record],
    )  # fmt: skip
    with store.session() as session:
        row = session.scalars(select(Confirmation)).one()
        assert row.agrees is agrees
        for old in (row, session.scalars(select(StoredReading)).one()):
            old.created_at = utcnow() - 2 * DAY
    expire(store)
    with store.snapshot() as session:
        wiped = session.scalars(select(StoredReading)).one()
        assert (wiped.secret, wiped.confidence) == (None, 0.98)
    assert drift(store).weeks[0].agreed == Share(int(agrees), 1)


def test_photos_are_counted_by_what_was_wrong_with_them(store: LedgerStore) -> None:
    now = utcnow()
    read_at(store, now - DAY, 0.2, 0.3, problem="blurred")
    read_at(store, now - DAY, 0.99, 0.95, 0.93)
    week = drift(store, now=now).weeks[0]
    assert (week.problems, week.sure) == ({"blurred": 2}, Share(3, 5))


@pytest.mark.parametrize(("yes", "alarms"), [(79, ()), (60, (Alarm.CONFIRMED,))])
def test_callers_who_certainly_agree_too_seldom_are_an_alarm(
    store: LedgerStore, yes: int, alarms: tuple[Alarm, ...]
) -> None:
    now = utcnow()
    read_at(store, now - DAY, 0.99)
    answer_at(store, now - DAY, Label.CONFIRMED, yes)
    answer_at(store, now - DAY, Label.DENIED, 100 - yes)
    assert drift(store, now=now).alarms == alarms
    assert drift(with_settings(store, drift_confirmed=0.0), now=now).alarms == ()


def test_a_few_who_disagree_are_no_alarm(store: LedgerStore) -> None:
    now = utcnow()
    read_at(store, now - DAY, 0.99)
    answer_at(store, now - DAY, Label.DENIED, ENOUGH_ANSWERS - 1)
    assert drift(store, now=now).alarms == ()
    answer_at(store, now - DAY, Label.DENIED, 1)
    assert drift(store, now=now).alarms == (Alarm.CONFIRMED,)


def moved(store: LedgerStore, now: datetime, amount: int, *, model: str = "m1") -> Drift:
    """A month of sure readings, then a week of doubtful ones."""
    read_at(store, now - 20 * DAY, *[0.97] * amount, model="m1")
    read_at(store, now - DAY, *[0.6] * amount, model=model)
    return drift(store, now=now)


def test_a_model_that_has_become_less_sure_is_an_alarm(store: LedgerStore) -> None:
    now = utcnow()
    found = moved(store, now, ENOUGH)
    assert found.alarms == (Alarm.CONFIDENCE,)
    assert found.confidence is not None and found.confidence.model == "m1"
    assert (sum(found.confidence.before), sum(found.confidence.now)) == (ENOUGH, ENOUGH)
    assert drift(with_settings(store, drift_index=0.0), now=now).alarms == ()


def test_a_few_readings_or_a_new_model_are_none(store: LedgerStore) -> None:
    now = utcnow()
    few = moved(store, now, ENOUGH - 1)
    assert few.alarms == () and few.confidence is not None and few.confidence.index is None
    new = moved(store, now, ENOUGH, model="m2")
    assert new.confidence is not None
    assert (new.alarms, new.confidence.model, sum(new.confidence.before)) == ((), "m2", 0)


def test_the_same_sureness_is_no_alarm(store: LedgerStore) -> None:
    now = utcnow()
    spread = [0.2, 0.6, 0.9, 0.97, 0.985, 0.999] * 20
    read_at(store, now - 20 * DAY, *spread)
    read_at(store, now - DAY, *spread)
    found = drift(store, now=now)
    assert found.confidence is not None and found.confidence.index == pytest.approx(0.0)
    assert found.alarms == ()


def test_what_the_bundle_was_fitted_on_is_compared_and_no_alarm(
    store: LedgerStore, tmp_path: Path
) -> None:
    card = {"version": "m1", "confidence": {"fit": {"histogram": [0] * len(EDGES) + [ENOUGH]}}}
    (tmp_path / "model.json").write_text(json.dumps(card))
    now = utcnow()
    read_at(store, now - 20 * DAY, *[0.6] * ENOUGH)
    read_at(store, now - DAY, *[0.6] * ENOUGH)
    assert drift(store, now=now).confidence == replace(
        found := drift(with_settings(store, model_dir=tmp_path), now=now).confidence,
        fitted=None,
        fitted_index=None,
    )
    assert found is not None and found.fitted_index is not None and found.fitted_index > 1
    assert drift(with_settings(store, model_dir=tmp_path), now=now).alarms == ()


def test_a_drift_is_told_as_json(store: LedgerStore) -> None:
    now = utcnow()
    found = moved(store, now, ENOUGH)
    told = json.loads(json.dumps(found.as_dict()))
    assert told["alarms"] == ["confidence"]
    assert told["weeks"][0]["sure"]["whole"] == ENOUGH


def test_the_bounds_are_settings() -> None:
    assert (Settings().drift_confirmed, Settings().drift_index) == (0.8, 0.25)
