# SPDX-License-Identifier: Apache-2.0
"""What workers do to MLflow: bring its store up to date, mark what a dead try left RUNNING.

In a process of its own: what serves callers does not load MLflow, and need not have it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec

import structlog

from worker.retraining.folders import plan_path
from worker.retraining.launch import without_secrets
from worker.settings import Settings

# Of a run, and why: True when nothing of it is left RUNNING, False when that is to be tried again.
Bury = Callable[[Settings, int, str], bool]
_TIMEOUT_S = 120.0

log = structlog.get_logger(__name__)


class MemoryNotUpgraded(Exception):
    """MLflow's store cannot be reached; the message says which, and why."""


def upgrade_memory(settings: Settings) -> bool:
    """Make MLflow's store or bring it up to date; False where MLflow is not installed.

    Run once before the processes start: several that do it at once fail. Raises
    `MemoryNotUpgraded`.
    """
    if not _installed():
        return False
    target = settings.tracking(), str(settings.artifacts()), settings.registered_model
    trouble = _ask("migrate", *target)
    if trouble:
        raise MemoryNotUpgraded(f"MLflow's tables were not brought up to date. {trouble}")
    return True


def bury_in_mlflow(settings: Settings, run_id: int, reason: str) -> bool:
    """True also when there is nothing to mark: the flow had not come to MLflow, which it tells
    its key beforehand, or MLflow is not installed here."""
    plan = plan_path(settings, run_id)
    if not (plan.parent / "key").exists() or not _installed():
        return True
    trouble = _ask("bury", str(plan), reason)
    if trouble:
        log.warning("not_marked_as_killed", run_id=run_id, why=trouble)
    return not trouble


def _installed() -> bool:
    return find_spec("mlflow") is not None


def _ask(*words: str) -> str:
    """What went wrong, in words; nothing when nothing did."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "training.tracking", *words],
            env=without_secrets(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return f"It did not answer for {_TIMEOUT_S:.0f} seconds."
    last = done.stderr.strip().rpartition("\n")[2]
    return (last or f"exit status {done.returncode}") if done.returncode else ""
