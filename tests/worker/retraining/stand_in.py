# SPDX-License-Identifier: Apache-2.0
"""Launching the stand-in flow, and looking at what it did."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worker import Settings, Store
from worker.retraining import folders
from worker.retraining.launch import Command, Launch
from worker.training_records import Lease, TrainingRun

FLOW = Path(__file__).with_name("stand_in_flow.py")
ROOT = Path(__file__).parents[3]


def stand_in(how: str) -> Launch:
    """Launches a flow that ends as `how` says."""

    def launch(plan: Path, resume: str | None, environment: Mapping[str, str]) -> Command:
        path = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        whole = {**environment, "PYTHONPATH": path}
        return [sys.executable, str(FLOW), how, str(plan), resume or ""], whole

    return launch


@dataclass(frozen=True, slots=True)
class Try:
    """A start of the flow: which flow run it resumed, its process and the one below."""

    resumed: str | None
    pid: int
    step_pid: int


def tries(settings: Settings, run_id: int = 1) -> list[Try]:
    path = folders.of_run(settings, run_id) / "tries.txt"
    if not path.exists():
        return []
    rows = [line.split() for line in path.read_text().splitlines()]
    rows = [row for row in rows if len(row) == 3]
    return [Try(None if r == "-" else r, int(pid), int(step)) for r, pid, step in rows]


def run_of(store: Store, run_id: int = 1) -> TrainingRun:
    with store.snapshot() as session:
        return session.get_one(TrainingRun, run_id)


def holder(store: Store) -> str:
    """Who has the training's lease; nothing when nobody has."""
    with store.snapshot() as session:
        lease = session.get(Lease, "training")
        return lease.holder if lease else ""
