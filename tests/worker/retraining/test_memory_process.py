# SPDX-License-Identifier: Apache-2.0
"""Workers and MLflow: a real store, and the process that keeps it out of the workers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from training.tracking import Memory
from worker import Settings
from worker.retraining import folders
from worker.retraining.memory import MemoryNotUpgraded, bury_in_mlflow, upgrade_memory
from worker.retraining.planning import plan_of


def memory_of(settings: Settings) -> Memory:
    return Memory(settings.tracking(), settings.artifacts(), settings.registered_model)


def test_what_a_dead_try_left_running_is_marked_as_killed(settings: Settings) -> None:
    assert upgrade_memory(settings)
    memory = memory_of(settings)
    plan = plan_of(settings, 1)
    (plan.work / "key").write_text("a-key")
    mine = memory.begin("a-key", "retraining 1")
    memory.begin("a-key/tuned", "tuned", parent=mine)
    other = memory.begin("another", "retraining 2")
    assert bury_in_mlflow(settings, 1, "killed by signal 9")
    assert [run.id for run in memory.running()] == [other]


def test_a_try_that_never_came_to_mlflow_leaves_nothing_to_mark(settings: Settings) -> None:
    assert bury_in_mlflow(settings, 1, "gone")
    plan_of(settings, 1)
    assert bury_in_mlflow(settings, 1, "gone")


def test_mlflow_away_is_told_and_tried_again(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True)
    (settings.data_dir / "mlflow.db").mkdir()
    with pytest.raises(MemoryNotUpgraded, match="MLflow's tables were not brought up to date"):
        upgrade_memory(settings)
    plan_of(settings, 1)
    (folders.of_run(settings, 1) / "key").write_text("a-key")
    assert not bury_in_mlflow(settings, 1, "gone")


def test_workers_and_commands_load_nothing_that_trains() -> None:
    look = (
        "import sys, ivr.cli, ivr.cli.retrain, worker.app, worker.tasks, worker.retraining\n"
        "print(sorted({'torch', 'mlflow', 'metaflow'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
