# SPDX-License-Identifier: Apache-2.0
"""Asking for runs, one at a time; leases; the schedule; what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from ledger import LedgerStore
from stand_in import holder, run_of
from test_takeout import ended, keep_crop

from worker import Job, leases
from worker.records import utcnow
from worker.retraining import (
    CannotRetrain,
    UnderWay,
    ask,
    ask_when_due,
    look_at,
    overview,
    resume,
    runs,
)
from worker.training_records import Lease, TrainingRun, TrainingState


def test_two_asks_are_one_run(store: LedgerStore) -> None:
    assert ask(store, "Min-jun") == 1
    with pytest.raises(UnderWay, match=r"Retraining 1 is under way \(queued, asked for by Min-jun"):
        ask(store, "Seo-yeon")
    assert store.queued(Job.RETRAIN) == [1]


def test_many_asks_at_once_are_one_run(store: LedgerStore) -> None:
    refused: list[int] = []

    def ask_once(name: str) -> None:
        try:
            ask(store, name)
        except UnderWay as error:
            refused.append(error.run_id)

    askers = [Thread(target=ask_once, args=(f"asker {number}",)) for number in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert refused == [1] * 5
    assert len(overview(store)) == 1


def test_a_run_is_taken_up_once(store: LedgerStore) -> None:
    run_id = ask(store, "a test")
    claim = runs.claim(store, run_id)
    assert claim is not None and claim.holder == holder(store)
    assert runs.claim(store, run_id) is None
    assert (run_of(store).state, run_of(store).attempts) == ("running", 1)


def test_no_run_is_taken_up_while_another_has_the_lease(store: LedgerStore) -> None:
    ask(store, "a test")
    runs.claim(store, 1)
    with store.session() as session:
        session.add(TrainingRun(asked_by="by hand", state=TrainingState.QUEUED))
    assert runs.claim(store, 2) is None


def test_a_lease_is_taken_over_only_when_it_has_lapsed(store: LedgerStore) -> None:
    with store.session() as session:
        lease = leases.lock(session, "something")
        assert leases.is_free(lease)
        leases.take(lease, "one", 60)
    with store.session() as session:
        lease = leases.lock(session, "something")
        assert not leases.is_free(lease)
        lease.until = utcnow() - timedelta(seconds=1)
        assert leases.is_free(lease)
        leases.take(lease, "another", 60)
    with store.session() as session:
        assert not leases.renew(session, "something", "one", 60)
        assert leases.renew(session, "something", "another", 90)
        row = session.get_one(Lease, "something")
        assert row.until > utcnow() + timedelta(seconds=60)


@pytest.mark.parametrize("state", [TrainingState.FAILED, TrainingState.GIVEN_UP])
def test_what_failed_goes_on_with_new_tries(store: LedgerStore, state: TrainingState) -> None:
    run_id = ended(store, state)
    with store.session() as session:
        session.get_one(TrainingRun, run_id).attempts = 3
    resume(store, run_id)
    assert store.queued(Job.RETRAIN) == [run_id]
    assert (run_of(store).state, run_of(store).attempts) == ("queued", 0)


def test_what_cannot_be_resumed_says_why(store: LedgerStore) -> None:
    with pytest.raises(CannotRetrain, match=r"There is no retraining 7\."):
        resume(store, 7)
    done = ended(store, TrainingState.PASSED)
    with pytest.raises(CannotRetrain, match=r"Retraining 1 has ended \(passed\)"):
        resume(store, done)
    failed, running = ended(store, TrainingState.FAILED), ask(store, "a test")
    for run_id in (failed, running):
        with pytest.raises(UnderWay, match=f"Retraining {running} is under way"):
            resume(store, run_id)


def test_a_run_says_where_it_is(store: LedgerStore) -> None:
    run_id = ask(store, "Min-jun")
    runs.claim(store, run_id)
    with store.session() as session:
        run = session.get_one(TrainingRun, run_id)
        run.beat = {"step": "train", "job": "tuned", "done": 3, "total": 9, "eta_s": 40.0, "at": 1}
    view = look_at(store, run_id)
    assert view is not None and view.silent_s is not None and not view.over
    assert (view.step, view.job, view.done, view.total, view.eta_s) == (
        "train",
        "tuned",
        3,
        9,
        40.0,
    )
    assert [shown.id for shown in overview(store)] == [run_id]
    assert look_at(store, 99) is None


def scheduled(store: LedgerStore, **changes: float) -> LedgerStore:
    return replace(store, settings=store.settings.model_copy(update=changes))


def began(store: LedgerStore, hours_ago: float, labels: int = 0) -> None:
    run_id = ended(store, TrainingState.FAILED)
    with store.session() as session:
        run = session.get_one(TrainingRun, run_id)
        run.created_at, run.labels = utcnow() - timedelta(hours=hours_ago), labels


def test_nobody_asks_by_default(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    ask_when_due(store)
    assert overview(store) == []


def test_a_schedule_asks_when_its_time_has_come(store: LedgerStore) -> None:
    weekly = scheduled(store, retrain_hours=168)
    began(store, hours_ago=167)
    ask_when_due(weekly)
    assert len(overview(store)) == 1
    began(store, hours_ago=169)
    with store.session() as session:
        session.delete(session.get_one(TrainingRun, 1))
    ask_when_due(weekly)
    assert overview(store)[0].asked_by == "schedule"


def test_new_labels_are_counted_from_the_last_run_on(store: LedgerStore) -> None:
    eager = scheduled(store, retrain_labels=2)
    keep_crop(store, "a" * 32, 4)
    keep_crop(store, "b" * 32, 4)
    began(store, hours_ago=1, labels=1)
    ask_when_due(eager)
    assert len(overview(store)) == 1
    keep_crop(store, "c" * 32, 4)
    ask_when_due(eager)
    assert [run.asked_by for run in overview(store)] == ["labels", "a test"]


def test_nothing_is_begun_while_a_run_is_under_way(store: LedgerStore) -> None:
    ask(store, "Min-jun")
    keep_crop(store, "a" * 32, 4)
    ask_when_due(scheduled(store, retrain_hours=1, retrain_labels=1))
    assert [run.asked_by for run in overview(store)] == ["Min-jun"]
