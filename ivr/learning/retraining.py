# SPDX-License-Identifier: Apache-2.0
"""The service retrains itself, as when somebody types `sonsori retrain`."""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy import select

from ivr.learning.curves import curves_of
from ivr.learning.phases import Found
from ivr.learning.service import Service
from training.loop import Result
from training.progress import ProgressBar
from worker.retraining import ask, folders, resume
from worker.store import Store
from worker.training_records import TrainingRun, TrainingState

_POLL_S = 1.0
_STEPS = ("start", "snapshot", "train", "evaluate", "gate", "register", "end")
_UNDER_WAY = (TrainingState.QUEUED, TrainingState.RUNNING)
_BROKEN = (TrainingState.FAILED, TrainingState.GIVEN_UP)


class RetrainingFailed(Exception):
    """The reason, as the service has it."""


def retrain(rung: Service, progress: ProgressBar) -> Found:
    """Ask for a retraining, or go on with one that was cut short, and wait for its end.

    Raises `RetrainingFailed`, and `StackError` when a process ends.
    """
    run_id = _begun(rung.store)
    progress.begin("retraining", len(_STEPS))
    run = _wait(rung, run_id, progress)
    if run.state in _BROKEN:
        raise RetrainingFailed(f"retraining {run_id} {run.state}: {run.reason}")
    assert run.ended_at is not None
    took_s = (run.ended_at - run.created_at).total_seconds()
    return {"run": run_id, "state": run.state, "retraining_seconds": took_s, **_result(rung, run)}


def _begun(store: Store) -> int:
    """The run that is under way or broke off, else a new one."""
    with store.snapshot() as session:
        last = session.scalars(select(TrainingRun).order_by(TrainingRun.id.desc())).first()
    if last is not None and last.state in _UNDER_WAY:
        return last.id
    if last is not None and last.state in _BROKEN:
        resume(store, last.id)
        return last.id
    return ask(store, "bench learning")


def _wait(rung: Service, run_id: int, progress: ProgressBar) -> TrainingRun:
    reached = 0
    while True:
        with rung.store.snapshot() as session:
            run = session.get_one(TrainingRun, run_id)
        beat = run.beat or {}
        step = _place(str(beat.get("step", "")), reached)
        progress.advance(step - reached, _note(beat))
        reached = step
        if run.state not in _UNDER_WAY:
            progress.advance(len(_STEPS) - reached)
            return run
        rung.stack.check()
        time.sleep(_POLL_S)


def _place(step: str, reached: int) -> int:
    """How many steps are done; a name that is not known moves nothing."""
    return max(reached, _STEPS.index(step)) if step in _STEPS else reached


def _note(beat: dict[str, Any]) -> str:
    if not beat:
        return ""
    total = beat["total"]
    share = f" {100 * beat['done'] / total:.0f}%" if total else ""
    return f"{beat['step']}: {beat['job']}{share}"


def _result(rung: Service, run: TrainingRun) -> Found:
    """What the run left in its folder, beside what its row says."""
    settings = rung.stack.settings
    folder = folders.of_run(settings, run.id)
    result = Result.load(folder / "result.json")
    return {
        "reasons": list(result.reasons),
        "snapshot": result.snapshot,
        "tracking_run": result.tracking_run,
        "candidate": result.candidate,
        "challenger": result.bundle,
        "version": result.version,
        "labels": run.labels,
        "candidates": json.loads((folder / "plan.json").read_text())["candidates"],
        "curves": curves_of(settings, result.tracking_run) if result.candidate else {},
    }
