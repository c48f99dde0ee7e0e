# SPDX-License-Identifier: Apache-2.0
"""Runs as an operator sees them: where each is, or what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from worker.records import utcnow
from worker.store import Store
from worker.training_records import TrainingRun, TrainingState

_NEWEST = 20


@dataclass(frozen=True, slots=True)
class RunView:
    """`done` of `total` steps of `job` in the flow's `step`; `eta_s`: of that job. Times are UTC.

    `silent_s`: how long it was not seen alive; None when it does not run. `resumable`: the flow
    has come so far that a new try goes on from there.
    """

    id: int
    state: TrainingState
    asked_by: str
    step: str
    job: str
    done: int
    total: int
    eta_s: float | None
    silent_s: float | None
    resumable: bool
    attempts: int
    reason: str
    snapshot: str
    version: int | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def over(self) -> bool:
        """It does not go on by itself."""
        return self.state not in (TrainingState.QUEUED, TrainingState.RUNNING)


def overview(store: Store, newest: int = _NEWEST) -> list[RunView]:
    """The newest runs, the last one first."""
    rows = select(TrainingRun).order_by(TrainingRun.id.desc()).limit(newest)
    with store.snapshot() as session:
        return [_view(run) for run in session.scalars(rows)]


def look_at(store: Store, run_id: int) -> RunView | None:
    with store.snapshot() as session:
        run = session.get(TrainingRun, run_id)
        return None if run is None else _view(run)


def _view(run: TrainingRun) -> RunView:
    beat = run.beat or {}
    running = run.state == TrainingState.RUNNING
    seen_at = run.beat_at if running else None
    return RunView(
        id=run.id,
        state=TrainingState(run.state),
        asked_by=run.asked_by,
        step=str(beat.get("step", "")),
        job=str(beat.get("job", "")),
        done=int(beat.get("done", 0)),
        total=int(beat.get("total", 0)),
        eta_s=beat.get("eta_s") if running else None,
        silent_s=(utcnow() - seen_at).total_seconds() if seen_at else None,
        resumable=run.flow_run is not None,
        attempts=run.attempts,
        reason=run.reason,
        snapshot=run.snapshot or "",
        version=run.version,
        created_at=run.created_at,
        ended_at=run.ended_at,
    )
