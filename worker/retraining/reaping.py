# SPDX-License-Identifier: Apache-2.0
"""Runs whose heart stopped: marked in MLflow, then queued to go on, or given up with the reason.

Nothing here is lost when it fails in the middle, and nothing is done twice when two do it at once:
the next beat finds what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from sqlalchemy import select

from worker import leases
from worker.queue import Job
from worker.records import utcnow
from worker.retraining import runs
from worker.retraining.memory import Bury, bury_in_mlflow
from worker.store import Store
from worker.training_records import Lease, TrainingRun, TrainingState

REAPER = "reaping training"  # the lease of whoever looks: nobody marks a run that goes on already
_REAPER_S = 300.0
_GONE = "Its worker was gone without a word."

log = structlog.get_logger(__name__)


def reap(store: Store, *, bury: Bury = bury_in_mlflow) -> None:
    """Go on with what has died, queue what nobody has taken up. Runs every 20 seconds."""
    with _alone(store) as alone:
        if alone:
            for run_id, reason in _dead(store):
                if bury(store.settings, run_id, reason):
                    _go_on(store, run_id)
    with store.session() as session:
        waiting = runs.requeue_stale(session, store.settings)
    store.enqueue(Job.RETRAIN, *waiting)


@contextmanager
def _alone(store: Store) -> Iterator[bool]:
    holder = uuid4().hex
    with store.session() as session:
        lease = leases.lock(session, REAPER)
        alone = leases.is_free(lease)
        if alone:
            leases.take(lease, holder, _REAPER_S)
    try:
        yield alone
    finally:
        if alone:
            with store.session() as session:
                lease = leases.lock(session, REAPER)
                if lease.holder == holder:
                    leases.release(lease)


def _dead(store: Store) -> list[tuple[int, str]]:
    """Ids of runs that nobody trains, and why."""
    running = select(TrainingRun).where(TrainingRun.state == TrainingState.RUNNING)
    with store.snapshot() as session:
        lease = session.get(Lease, runs.LEASE)
        if lease is not None and not leases.is_free(lease):
            return []
        return [(run.id, run.reason or _GONE) for run in session.scalars(running)]


def _go_on(store: Store, run_id: int) -> None:
    """Queue the run again, or give it up after its last try."""
    with store.session() as session:
        lease = leases.lock(session, runs.LEASE)
        run = session.get_one(TrainingRun, run_id)
        if run.state != TrainingState.RUNNING or not leases.is_free(lease):
            return
        leases.release(lease)
        _decide(run)
        again = run.state == TrainingState.QUEUED
    log.warning("retraining_was_cut_short", run_id=run_id, tries=run.attempts, again=again)
    if again:
        store.enqueue(Job.RETRAIN, run_id)


def _decide(run: TrainingRun) -> None:
    reason = run.reason or _GONE
    if run.attempts < runs.TRIES:
        run.state, run.reason, run.beat_at = TrainingState.QUEUED, reason, utcnow()
        return
    told = f"Given up after {run.attempts} tries. The last one: {reason}"
    run.state, run.reason, run.ended_at = TrainingState.GIVEN_UP, told, utcnow()
