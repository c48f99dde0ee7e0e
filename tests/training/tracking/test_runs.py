# SPDX-License-Identifier: Apache-2.0
"""What is remembered of a retraining while it runs."""

from __future__ import annotations

import json
from pathlib import Path

from mlflow import MlflowClient

from training.tracking import Memory

DIGEST = "ab" * 32


def client_of(database: Path) -> MlflowClient:
    """MLflow's own, to see what anybody sees."""
    return MlflowClient(tracking_uri=f"sqlite:///{database}", registry_uri=f"sqlite:///{database}")


def test_a_run_begun_twice_is_one_run(memory: Memory) -> None:
    first = memory.begin("key", "retraining 1", parameters={"seed": 7})
    second = memory.begin("key", "retraining 1", parameters={"seed": 7, "threads": 2})
    assert first == second
    assert [run.id for run in memory.running()] == [first]


def test_a_candidates_run_hangs_under_its_retraining(memory: Memory, database: Path) -> None:
    parent = memory.begin("key", "retraining 1")
    child = memory.begin("key/bold", "bold", parent=parent, parameters={"seed": 7})
    told = client_of(database).get_run(child)
    assert told.data.tags["mlflow.parentRunId"] == parent
    assert told.data.params == {"seed": "7"}


def test_an_epoch_is_a_point_of_each_curve_and_a_look_at_the_machine(
    memory: Memory, database: Path
) -> None:
    run = memory.begin("key", "bold")
    memory.epoch(run, 1, {"loss": 0.5, "exact": 0.8})
    memory.epoch(run, 2, {"loss": 0.25, "exact": 0.9})
    assert memory.curves(run) == {"loss": [(1, 0.5), (2, 0.25)], "exact": [(1, 0.8), (2, 0.9)]}
    seen = client_of(database).get_run(run).data.metrics
    assert 0 < seen["system/system_memory_usage_percentage"] < 100
    assert seen["system/process_memory_megabytes"] > 10


def test_an_epoch_told_again_after_a_kill_is_no_second_point(memory: Memory) -> None:
    run = memory.begin("key", "bold")
    memory.epoch(run, 1, {"loss": 0.5})
    memory.epoch(run, 1, {"loss": 0.5})
    assert memory.curves(run) == {"loss": [(1, 0.5)]}


def test_a_run_names_its_data_and_keeps_the_manifest(memory: Memory, database: Path) -> None:
    run = memory.begin("key", "retraining 1")
    memory.dataset(run, DIGEST, {"labels": {"keyed": 12}})
    client = client_of(database)
    told = client.get_run(run)
    assert told.data.tags["sonsori.data"] == DIGEST
    (data,) = told.inputs.dataset_inputs
    assert data.dataset.digest == DIGEST[:36]
    assert DIGEST in data.dataset.source
    manifest = Path(client.download_artifacts(run, "manifest.json")).read_text()
    assert json.loads(manifest) == {"labels": {"keyed": 12}}


def test_files_are_kept_with_the_run(memory: Memory, database: Path, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "card.html").write_text("better")
    run = memory.begin("key", "retraining 1")
    memory.artifacts(run, tmp_path / "report", "gate")
    kept = client_of(database).download_artifacts(run, "gate/card.html")
    assert Path(kept).read_text() == "better"


def test_a_killed_run_is_marked_with_the_reason(memory: Memory, database: Path) -> None:
    dead, alive, done = (memory.begin(key, key) for key in ("dead", "alive", "done"))
    memory.finish(done)
    assert memory.kill([dead, done], "its heart stopped") == [dead]
    assert [run.id for run in memory.running()] == [alive]
    client = client_of(database)
    assert client.get_run(dead).info.status == "KILLED"
    assert client.get_run(dead).data.tags["sonsori.killed"] == "its heart stopped"
    assert client.get_run(done).info.status == "FINISHED"


def test_a_killed_run_that_goes_on_is_running_again(memory: Memory) -> None:
    run = memory.begin("key", "retraining 1")
    memory.kill([run], "its heart stopped")
    memory.go_on(run)
    assert [one.id for one in memory.running()] == [run]


def test_the_running_runs_of_one_retraining_are_told_from_others(memory: Memory) -> None:
    mine = {memory.begin("mine", "retraining 1"), memory.begin("mine/bold", "bold")}
    memory.begin("others", "retraining 2")
    assert {run.id for run in memory.running("mine")} == mine


def test_retrainings_that_came_to_a_verdict_are_listed_the_last_first(memory: Memory) -> None:
    for key, ending in (("a", "passed"), ("b", "nothing_new"), ("c", "refused"), ("d", "passed")):
        run = memory.begin(key, f"retraining {key}")
        memory.dataset(run, key * 64)
        memory.finish(run, ending)
    memory.begin("e", "retraining e")
    told = [(one.name, one.data[:1], one.ending) for one in memory.finished(but="d")]
    assert told == [("retraining c", "c", "refused"), ("retraining a", "a", "passed")]
