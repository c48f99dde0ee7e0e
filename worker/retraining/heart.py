# SPDX-License-Identifier: Apache-2.0
"""A try's heart: copies the pulse of the training into the database, and renews the lease."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from training.loop import Plan, read_beat
from worker import leases
from worker.records import utcnow
from worker.retraining.errors import LeaseLost
from worker.retraining.runs import LEASE, Claim, lease_s
from worker.store import Store
from worker.training_records import TrainingRun

log = structlog.get_logger(__name__)


class Heart:
    """`keep` is called all the time and does something every few seconds.

    A database that is away stops nothing for as long as the lease would have lasted.
    """

    def __init__(self, store: Store, claim: Claim, plan: Plan) -> None:
        self._store, self._claim, self._plan = store, claim, plan
        self._lease_s = lease_s(store.settings)
        self._kept_at = time.monotonic()
        self._due_at = float("-inf")
        self._beat_at: float | None = None
        self._changed_at = time.monotonic()

    @property
    def every_s(self) -> float:
        """So often does it beat: often enough that a lease outlasts many beats that fail."""
        return self._lease_s / 40

    @property
    def silent_s(self) -> float:
        """How long the training has not moved."""
        return time.monotonic() - self._changed_at

    def keep(self, *, at_once: bool = False) -> None:
        """Raises `LeaseLost` when somebody else has the lease, or may have."""
        now = time.monotonic()
        if now < self._due_at and not at_once:
            return
        self._due_at = now + self.every_s
        try:
            ours = self._write()
        except DBAPIError as error:
            log.warning("beat_not_stored", error=type(error).__name__)
            ours = now - self._kept_at < self._lease_s
        else:
            self._kept_at = now
        if not ours:
            raise LeaseLost

    def _write(self) -> bool:
        beat = read_beat(self._plan.beat)
        if beat is not None and beat.at != self._beat_at:
            self._beat_at, self._changed_at = beat.at, time.monotonic()
        told: dict[str, Any] = {"beat_at": utcnow()}
        if beat is not None:
            told["beat"] = asdict(beat)
        if flow_run := _flow_run(self._plan):
            told["flow_run"] = flow_run
        run = update(TrainingRun).where(TrainingRun.id == self._claim.run_id)
        with self._store.session() as session:
            if not leases.renew(session, LEASE, self._claim.holder, self._lease_s):
                return False
            session.execute(run.values(told))
        return True


def _flow_run(plan: Plan) -> str:
    """Metaflow's number of the run, as soon as it has one."""
    try:
        return (plan.work / "flow_run").read_text().strip()
    except FileNotFoundError:
        return ""
