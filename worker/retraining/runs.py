# SPDX-License-Identifier: Apache-2.0
"""A run's way through its states, each step under the lease that lets one training be at a time.

QUEUED → (claim) RUNNING → (end) PASSED, REFUSED, NOTHING_NEW or (fail) FAILED. A run whose try
was cut short stays RUNNING without a holder of the lease; `reaping` queues it again or gives up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.loop import Result
from worker import leases
from worker.queue import Job
from worker.records import Sample, utcnow
from worker.retraining.errors import CannotRetrain, UnderWay
from worker.retraining.takeout import RESUMABLE, UNDER_WAY
from worker.settings import Settings
from worker.store import Store
from worker.training_records import TrainingRun, TrainingState

LEASE = "training"
TRIES = 3
_REASON_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """One try of a run, by `holder` of the lease. `flow_run` is Metaflow's, to be resumed."""

    run_id: int
    holder: str
    flow_run: str | None


def lease_s(settings: Settings) -> float:
    """A training that was not seen alive for so long is dead: two minutes by default."""
    return 4 * settings.lease_s


def ask(store: Store, asked_by: str) -> int:
    """Ask for a retraining; its id. Raises `UnderWay` when there is one already."""
    with store.session() as session:
        leases.lock(session, LEASE)
        _see_that_none_is_under_way(session)
        run = TrainingRun(asked_by=asked_by[:64], labels=count_labels(session))
        session.add(run)
        session.flush()
        run_id = run.id
    store.enqueue(Job.RETRAIN, run_id)
    return run_id


def resume(store: Store, run_id: int) -> None:
    """Queue a run that failed or was given up, for as many tries as a new one has.

    Raises `CannotRetrain` when there is no such run, when it has not failed, and `UnderWay`.
    """
    with store.session() as session:
        leases.lock(session, LEASE)
        run = session.get(TrainingRun, run_id)
        if run is None:
            raise CannotRetrain(f"There is no retraining {run_id}.")
        _see_that_none_is_under_way(session)
        if run.state not in RESUMABLE:
            raise CannotRetrain(f"Retraining {run_id} has ended ({run.state}): nothing to resume.")
        run.state, run.attempts, run.ended_at = TrainingState.QUEUED, 0, None
        run.beat_at = utcnow()
    store.enqueue(Job.RETRAIN, run_id)


def under_way(session: Session) -> TrainingRun | None:
    return session.scalars(select(TrainingRun).where(TrainingRun.state.in_(UNDER_WAY))).first()


def count_labels(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Sample)) or 0


def _see_that_none_is_under_way(session: Session) -> None:
    run = under_way(session)
    if run is not None:
        told = f"Retraining {run.id} is under way ({run.state}, asked for by {run.asked_by})."
        raise UnderWay(run.id, told)


def claim(store: Store, run_id: int) -> Claim | None:
    """Take up a queued run; None when it is not queued any more or somebody has the lease."""
    holder = f"{run_id}-{uuid4().hex}"
    with store.session() as session:
        lease = leases.lock(session, LEASE)
        run = session.get(TrainingRun, run_id)
        if run is None or run.state != TrainingState.QUEUED or not leases.is_free(lease):
            return None
        leases.take(lease, holder, lease_s(store.settings))
        run.state, run.attempts, run.reason = TrainingState.RUNNING, run.attempts + 1, ""
        run.beat_at = utcnow()
        return Claim(run_id, holder, run.flow_run)


def end(store: Store, claim: Claim, result: Result) -> bool:
    """The flow has come to its end; False when the lease was lost."""
    return _leave(
        store,
        claim,
        state=TrainingState(result.ending),
        reason="\n".join(result.reasons)[:_REASON_LENGTH],
        snapshot=result.snapshot or None,
        tracking_run=result.tracking_run or None,
        version=result.version,
        ended_at=utcnow(),
    )


def fail(store: Store, claim: Claim, reason: str) -> bool:
    """The flow has failed, and would again; False when the lease was lost."""
    why = reason[-_REASON_LENGTH:]
    return _leave(store, claim, state=TrainingState.FAILED, reason=why, ended_at=utcnow())


def cut_short(store: Store, claim: Claim, reason: str) -> bool:
    """The try has ended before the flow did; False when the lease was lost."""
    return _leave(store, claim, reason=reason[-_REASON_LENGTH:])


def hand_back(store: Store, claim: Claim) -> bool:
    """Cut short by a shutdown, which is nobody's fault: the try does not count."""
    with store.snapshot() as session:
        attempts = session.get_one(TrainingRun, claim.run_id).attempts
    reason = "Its worker was shut down."
    return _leave(store, claim, reason=reason, attempts=attempts - 1)


def _leave(store: Store, claim: Claim, **changes: Any) -> bool:
    """Change the run and let go of the lease, if it is still ours."""
    with store.session() as session:
        lease = leases.lock(session, LEASE)
        if lease.holder != claim.holder:
            return False
        leases.release(lease)
        run = session.get_one(TrainingRun, claim.run_id)
        for name, value in changes.items():
            setattr(run, name, value)
        return True


def requeue_stale(session: Session, settings: Settings) -> list[int]:
    """Queued runs that nobody has taken up for a while, so that a lost message loses nothing."""
    now = utcnow()
    waiting_since = func.coalesce(TrainingRun.beat_at, TrainingRun.created_at)
    stale = select(TrainingRun).where(
        TrainingRun.state == TrainingState.QUEUED,
        waiting_since < now - timedelta(seconds=settings.lease_s),
    )
    runs = session.scalars(stale).all()
    for run in runs:
        run.beat_at = now
    return [run.id for run in runs]
