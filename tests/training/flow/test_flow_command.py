# SPDX-License-Identifier: Apache-2.0
"""The process that is one retraining: its command line and environment."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from training.flow_command import Command, command, decorators, last_run, threads_each, workers
from training.loop import Plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    made = Plan(
        work=tmp_path / "training" / "1",
        champion=tmp_path / "champion",
        frozen=tmp_path / "frozen",
        snapshots=tmp_path / "snapshots",
        data=tmp_path / "data",
        tracking_url="sqlite:///mlflow.db",
        artifacts=tmp_path / "artifacts",
    )
    made.save(made.work / "plan.json")
    return made


def asked(plan: Plan, resume: str | None = None, **environment: str) -> Command:
    return command(plan.work / "plan.json", resume=resume, environment=environment)


def test_a_plan_is_run_by_the_flow(plan: Plan) -> None:
    args = asked(plan).args
    assert args[:5] == [sys.executable, "-m", "training.flow", "--no-pylint", "run"]
    assert args[args.index("--plan") + 1] == str(plan.work / "plan.json")
    assert args[args.index("--run-id-file") + 1] == str(plan.work / "flow_run")


def test_a_run_is_gone_on_from(plan: Plan) -> None:
    args = asked(plan, "17").args
    assert args[4:7] == ["resume", "--origin-run-id", "17"]
    assert "--plan" not in args


def test_a_run_that_metaflow_had_not_written_down_is_begun_anew(plan: Plan) -> None:
    (plan.work.parent / "metaflow" / ".metaflow" / "RetrainFlow" / "17").mkdir(parents=True)
    assert "run" in asked(plan, "17").args


def test_metaflow_keeps_everything_beside_the_work(plan: Plan) -> None:
    environment = asked(plan, HOME="/home/nobody").environment
    home = str(plan.work.parent / "metaflow")
    assert environment["METAFLOW_DATASTORE_SYSROOT_LOCAL"] == home
    assert environment["METAFLOW_HOME"] == home
    assert environment["METAFLOW_CLIENT_CACHE_PATH"].startswith(home)
    assert environment["METAFLOW_USER"] == "sonsori"
    assert environment["HOME"] == "/home/nobody"


def test_a_cluster_is_chosen_in_the_environment(plan: Plan) -> None:
    asked_for = asked(
        plan,
        SONSORI_FLOW_WITH="kubernetes:cpu=2,memory=8000; retry:times=1",
        METAFLOW_DEFAULT_DATASTORE="s3",
        METAFLOW_DATASTORE_SYSROOT_S3="s3://bucket/flows",
    )
    pairs = list(zip(asked_for.args, asked_for.args[1:], strict=False))
    assert ("--with", "kubernetes:cpu=2,memory=8000") in pairs
    assert ("--with", "retry:times=1") in pairs
    assert asked_for.environment["METAFLOW_DEFAULT_DATASTORE"] == "s3"


def test_no_decorators_are_the_default() -> None:
    assert decorators({}) == []
    assert decorators({"SONSORI_FLOW_WITH": " ; "}) == []


def test_another_flow_may_be_named(plan: Plan) -> None:
    assert asked(plan, SONSORI_FLOW="/srv/ours.py").args[1] == "/srv/ours.py"
    assert asked(plan, SONSORI_FLOW="ours.flow").args[1:3] == ["-m", "ours.flow"]


@pytest.mark.parametrize(
    ("threads", "at_once", "each"), [(1, 1, 1), (2, 1, 2), (4, 2, 2), (6, 3, 2), (16, 3, 5)]
)
def test_candidates_share_the_cores(plan: Plan, threads: int, at_once: int, each: int) -> None:
    with_threads = replace(plan, threads=threads)
    assert (workers(with_threads), threads_each(with_threads)) == (at_once, each)


def test_the_last_run_is_known_as_soon_as_there_is_one(plan: Plan) -> None:
    assert last_run(plan) is None
    (plan.work / "flow_run").write_text("1795373917535784")
    assert last_run(plan) == "1795373917535784"
