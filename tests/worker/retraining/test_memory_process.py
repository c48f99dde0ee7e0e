# SPDX-License-Identifier: Apache-2.0
"""Workers and MLflow, which they do not load; `test_real_flow` has one that answers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from worker import Settings
from worker.retraining import folders
from worker.retraining.memory import MemoryNotUpgraded, bury_in_mlflow, upgrade_memory
from worker.retraining.planning import plan_of


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
