# SPDX-License-Identifier: Apache-2.0
"""The real flow, MLflow and Metaflow under the watcher, with a second's work in its steps."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from ledger import LedgerStore
from stand_in import holder, run_of
from test_takeout import keep_crop

from training.tracking import Memory
from worker import Job, Settings
from worker.retraining import ask, folders, reap, retrain
from worker.retraining.launch import launch_flow
from worker.retraining.memory import upgrade_memory

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]  # a dozen processes that load MLflow
PARTS = Path(__file__).parents[2] / "training" / "flow"


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A flow of tiny parts, one candidate, and as few labels as there are."""
    monkeypatch.setenv("SONSORI_FLOW", str(PARTS / "tiny_flow.py"))
    monkeypatch.setenv("PYTHONPATH", str(PARTS))
    changes = {"training_plan": {"candidates": ["tuned"]}, "least_new_labels": 2, "lease_s": 30.0}
    return settings.model_copy(update=changes)


def test_a_flow_killed_in_mid_epoch_ends_in_its_second_try(
    store: LedgerStore, settings: Settings
) -> None:
    assert upgrade_memory(settings)
    keep_crop(store, "a" * 32, 4)
    keep_crop(store, "b" * 32, 7)
    run_id = ask(store, "a test")
    work = folders.of_run(settings, run_id)
    folders.make_private(work)
    (work / "die").write_text("mid-train")
    memory = Memory(settings.tracking(), settings.artifacts(), settings.registered_model)

    retrain(store, run_id, launch=launch_flow, stopping=Event())
    assert (run_of(store).state, run_of(store).attempts) == ("queued", 1)
    assert store.queued(Job.RETRAIN) == [1, 1]
    assert memory.running() == [], "what was killed is marked"

    retrain(store, run_id, launch=launch_flow, stopping=Event())
    run = run_of(store)
    assert (run.state, run.attempts, run.version, run.reason) == ("passed", 2, 1, "9 won, 1 lost")
    assert run.tracking_run and run.snapshot and holder(store) == ""
    assert "train is done again" in folders.log_path(settings, run_id).read_text()
    assert memory.running() == []
    reap(store)
    assert store.queued(Job.RETRAIN) == [1, 1]
