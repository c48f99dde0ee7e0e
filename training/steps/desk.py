# SPDX-License-Identifier: Apache-2.0
"""What each step works with: the plan, its parts, the memory, and where to say how far it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.files import write_whole
from training.loop import Plan, Pulse
from training.progress import ProgressBar
from training.steps.parts import Parts

if TYPE_CHECKING:
    from training.tracking import Memory

PATIENCE_S = 900.0  # a training waits this long for MLflow or its database to come back


@dataclass(frozen=True, slots=True)
class Desk:
    plan: Plan
    parts: Parts
    memory: Memory
    progress: ProgressBar

    @property
    def key(self) -> str:
        """Names this retraining in the memory. Written down before it is used, so that a step
        that is done again finds what it made the first time."""
        path = self.plan.work / "key"
        if not path.exists():
            write_whole(path, uuid.uuid4().hex.encode())
        return path.read_text()

    @property
    def report(self) -> Path:
        return self.plan.work / "report"

    def bundle(self, candidate: str) -> Path:
        return self.plan.work / "bundles" / candidate


def open_desk(
    plan_path: Path, step: str, parts: Parts, run: str = "", patience_s: float = PATIENCE_S
) -> Desk:
    """The desk of a step; `run` is the retraining's in the memory, once there is one: it may have
    been marked as killed since. Raises `FileNotFoundError`, or `ValueError` for what is no plan.
    """
    from training.tracking import Memory, Patience

    plan = Plan.load(plan_path)
    pulse = Pulse(plan.beat, step)
    patience = Patience(patience_s, lambda words: pulse.advance(0, words))
    memory = Memory(plan.tracking_url, plan.artifacts, plan.model_name, patience=patience)
    if run:
        memory.go_on(run)
    return Desk(plan, parts, memory, pulse)
