# SPDX-License-Identifier: Apache-2.0
"""The real flow, killed again and again, and resumed: it ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fresh_store import Fresh
from tiny_parts import TinyParts

from training.flow_command import command, last_run
from training.loop import Crop, Ending, Plan, Result, TakeOut, read_beat
from training.progress import NullProgress
from training.tracking import Memory
from training.tracking.package import digests
from vision import SHIPPED

FLOW = Path(__file__).with_name("tiny_flow.py")
LIMIT_S = 200
DEATHS = ("start", "snapshot", "mid-train", "flow evaluate", "gate", "register", "end")
OPEN = """
import json, sys
from metaflow import Run, namespace
namespace(None)
run = Run(f"TinyFlow/{sys.argv[1]}")
train = [task.data.trained for task in run["train"]]
print(json.dumps({"train": train, "data": run["snapshot"].task.data.data,
                  "verdict": run["gate"].task.data.verdict, "ending": run["end"].task.data.result}))
"""


@dataclass(frozen=True)
class Retrained:
    """A retraining that was killed in each of `DEATHS`. `said` is what each try said."""

    plan: Plan
    statuses: list[int]
    said: list[str]
    running: list[int]

    @property
    def memory(self) -> Memory:
        return Memory(self.plan.tracking_url, self.plan.artifacts, self.plan.model_name)

    @property
    def result(self) -> Result:
        return Result.load(self.plan.result)


def attempt(plan: Plan) -> subprocess.CompletedProcess[str]:
    """One try, as whoever watches over a training starts it: in a process group of its own."""
    around = {**os.environ, "SONSORI_FLOW": str(FLOW), "PYTHONPATH": str(FLOW.parent)}
    told = command(plan.work / "plan.json", resume=last_run(plan), environment=around)
    return subprocess.run(
        told.args,
        env=told.environment,
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )


def fill(plan: Plan) -> None:
    for number in range(5):
        crop = Crop(f"crop{number}", number, "keyed", "2026-11-01")
        TakeOut(plan.input).add_crop(crop, b"png")
    plan.save(plan.work / "plan.json")


@pytest.fixture(scope="module")
def retrained(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Retrained:
    folder = tmp_path_factory.mktemp("killed")
    plan = Plan(
        work=folder / "training" / "1",
        champion=SHIPPED,
        frozen=folder / "frozen",
        snapshots=folder / "snapshots",
        data=folder / "data",
        tracking_url=f"sqlite:///{fresh.database}",
        artifacts=folder / "artifacts",
        model_name="killed",
        candidates=("tuned", "bold"),
        least_new=1,
        threads=4,
    )
    fill(plan)
    memory = Memory(plan.tracking_url, plan.artifacts, plan.model_name)
    memory.migrate()
    statuses, said, running = [], [], []
    for death in (*DEATHS, ""):
        (plan.work / "die").write_text(death)
        done = attempt(plan)
        left = [run.id for run in memory.running()]
        memory.kill(left, "its heart stopped")
        statuses.append(done.returncode)
        said.append(done.stdout + done.stderr)
        running.append(len(left))
    return Retrained(plan, statuses, said, running)


def test_each_kill_ends_the_flow_and_the_last_try_ends_well(retrained: Retrained) -> None:
    assert retrained.statuses == [*[-signal.SIGKILL] * len(DEATHS), 0], retrained.said[-1]


def test_it_ends_with_the_model_of_a_training_that_nobody_killed(
    retrained: Retrained, tmp_path: Path
) -> None:
    plan, parts = replace(retrained.plan, work=tmp_path / "work"), TinyParts()
    data = parts.open(plan.snapshots / retrained.result.snapshot)
    alone = parts.train("bold", data, plan, tmp_path / "bold", NullProgress(), lambda *told: None)
    retrained.memory.fetch(retrained.result.version or 0, tmp_path / "fetched")
    assert digests(tmp_path / "fetched") == digests(alone)


def test_there_is_one_version_and_it_is_the_challenger(retrained: Retrained) -> None:
    (version,) = retrained.memory.versions()
    assert version.aliases == ("challenger",)
    assert retrained.result.ending == Ending.PASSED
    assert retrained.result.version == version.number


def test_no_run_is_left_running(retrained: Retrained) -> None:
    assert all(left > 0 for left in retrained.running[:-1])
    assert retrained.running[-1] == 0
    (finished,) = retrained.memory.finished()
    assert finished.id == retrained.result.tracking_run


def test_the_curve_of_a_training_that_was_killed_is_whole(retrained: Retrained) -> None:
    trained = json.loads(opened(retrained))["train"]
    (bold,) = [one["run"] for one in trained if one["candidate"] == "bold"]
    assert [epoch for epoch, _ in retrained.memory.curves(bold)["loss"]] == [1, 2, 3]


def test_each_try_says_what_it_reuses_and_why(retrained: Retrained) -> None:
    said = dict(zip(("", *DEATHS), retrained.said, strict=True))
    assert "resume:" not in said[""]
    assert "resume: start is reused: run" in said["mid-train"]
    assert "finished it (1 of 1 tasks)" in said["mid-train"]
    assert "resume: train is done again: run" in said["mid-train"]
    assert "resume: gate is done: run" in said["mid-train"]
    assert "resume: train is reused: run" in said["end"]
    assert "resume: end is done again: run" in said["end"]


def test_the_last_beat_is_the_last_steps(retrained: Retrained) -> None:
    beat = read_beat(retrained.plan.beat)
    assert beat is not None
    assert beat.step == "end"


def opened(retrained: Retrained) -> str:
    """What Metaflow's client finds in the last run, as anybody may look."""
    told = command(retrained.plan.work / "plan.json")
    args = [sys.executable, "-c", OPEN, last_run(retrained.plan) or ""]
    done = subprocess.run(args, env=told.environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_what_each_step_left_can_be_opened(retrained: Retrained) -> None:
    found = json.loads(opened(retrained))
    assert {one["candidate"] for one in found["train"]} == {"tuned", "bold"}
    assert found["data"]["digest"] == retrained.result.snapshot
    assert found["verdict"]["wins"] == 9
    assert found["ending"] == "passed"


def test_the_same_data_again_ends_the_flow_early(retrained: Retrained) -> None:
    again = replace(retrained.plan, work=retrained.plan.work.with_name("2"), least_new=0)
    fill(again)
    assert attempt(again).returncode == 0
    result = Result.load(again.result)
    assert (result.ending, result.version) == (Ending.NOTHING_NEW, None)
    assert result.reasons == ("the same data as in retraining 1",)
