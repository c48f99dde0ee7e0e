# SPDX-License-Identifier: Apache-2.0
"""The steps of a retraining, called one after the other, with tiny parts and a real memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from tiny_parts import TinyParts

from training import steps
from training.loop import Crop, Ending, Plan, Result, TakeOut, read_beat
from training.tracking import Memory, MemoryAway, NotMigrated
from training.tracking.package import digests
from vision import SHIPPED

CANDIDATES = ("tuned", "bold")


def fill(plan: Plan, labels: int) -> None:
    takeout = TakeOut(plan.input)
    for number in range(labels):
        takeout.add_crop(Crop(f"crop{number}", number % 10, "keyed", "2026-11-01"), b"png")


@pytest.fixture
def plan(tmp_path: Path, database: Path) -> Plan:
    """A plan with five labels, all of them new."""
    made = Plan(
        work=tmp_path / "training" / "1",
        champion=SHIPPED,
        frozen=tmp_path / "frozen",
        snapshots=tmp_path / "snapshots",
        data=tmp_path / "data",
        tracking_url=f"sqlite:///{database}",
        artifacts=database.parent / "artifacts",
        model_name="trial",
        candidates=CANDIDATES,
        least_new=3,
    )
    fill(made, 5)
    return made


class Refusing(TinyParts):
    def judge(self, *given: Any, **named: Any) -> Any:
        return replace(super().judge(*given, **named), passed=False, reasons=("1 won, 1 lost",))


def once(call: Callable[[], Any]) -> Any:
    return call()


def retrain(
    plan: Plan, parts: steps.Parts | None = None, do: Callable[[Callable[[], Any]], Any] = once
) -> Result:
    """What the flow does, without Metaflow; `do` runs each step."""
    plan.save(plan.work / "plan.json")
    run = ""

    def desk(step: str) -> steps.Desk:
        return steps.open_desk(plan.work / "plan.json", step, parts or TinyParts(), run)

    run = do(lambda: steps.start(desk("start")))
    found = {"data": do(lambda: steps.snapshot(desk("snapshot"), run))}
    if found["data"]["new"]:
        found |= learn(plan, run, found["data"], desk, do)
    do(lambda: steps.end(desk("end"), run, found))
    return Result.load(plan.result)


def learn(
    plan: Plan,
    run: str,
    data: dict[str, Any],
    desk: Callable[[str], steps.Desk],
    do: Callable[[Callable[[], Any]], Any],
) -> dict[str, Any]:
    trained = []
    for name in plan.candidates:
        trained.append(do(lambda name=name: steps.train(desk("train"), name, run, data)))
    best = do(lambda: steps.evaluate(desk("evaluate"), run, data, trained))
    verdict = do(lambda: steps.gate(desk("gate"), run, best))
    version = do(lambda: steps.register(desk("register"), run, best, verdict))
    return {"best": best, "verdict": verdict, "version": version}


def twice(call: Callable[[], Any]) -> Any:
    """As when the step was killed after its work, and done again."""
    first = call()
    assert call() == first
    return first


def runs(plan: Plan) -> dict[str, Any]:
    """Every run in the memory, by its name."""
    client = MlflowClient(plan.tracking_url, plan.tracking_url)
    experiment = client.get_experiment_by_name(plan.model_name)
    found = client.search_runs([experiment.experiment_id])
    assert len({run.info.run_name for run in found}) == len(found)
    return {run.info.run_name: run for run in found}


def test_a_retraining_ends_with_a_challenger(plan: Plan, memory: Memory) -> None:
    result = retrain(plan)
    assert (result.ending, result.candidate) == (Ending.PASSED, "bold")
    assert result.reasons == ("9 won, 1 lost",)
    assert memory.aliases() == {"challenger": result.version}
    assert memory.version(result.version or 0).bundle == f"bold-{result.snapshot[:6]}-7"


def test_a_refused_challenger_is_registered_all_the_same(plan: Plan, memory: Memory) -> None:
    result = retrain(plan, Refusing())
    assert (result.ending, result.reasons) == (Ending.REFUSED, ("1 won, 1 lost",))
    assert not memory.version(result.version or 0).passed


def test_each_candidate_has_its_curves_and_all_runs_are_finished(
    plan: Plan, memory: Memory
) -> None:
    result = retrain(plan)
    found = runs(plan)
    assert found.keys() == {"retraining 1", *CANDIDATES}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    assert len(memory.curves(found["bold"].info.run_id)["loss"]) == 3
    whole = found["retraining 1"].data
    assert whole.params["seed"] == "7"
    assert {"code", "lock_sha256", "champion"} <= whole.params.keys()
    assert whole.tags["sonsori.data"] == result.snapshot
    assert whole.metrics["score_tuned"] == 0.7


def test_of_two_as_good_the_first_of_the_plan_is_chosen(plan: Plan) -> None:
    as_good = ("scratch", "bold")  # by `tiny_parts`
    assert retrain(replace(plan, candidates=as_good)).candidate == "scratch"


def test_steps_that_are_all_done_twice_leave_one_of_each(
    plan: Plan, memory: Memory, tmp_path: Path
) -> None:
    result = retrain(plan, do=twice)
    assert len(memory.versions()) == 1
    assert runs(plan).keys() == {"retraining 1", *CANDIDATES}
    assert memory.running() == []
    assert len(memory.curves(runs(plan)["bold"].info.run_id)["loss"]) == 3
    memory.fetch(result.version or 0, tmp_path / "fetched")
    assert digests(tmp_path / "fetched") == digests(Path(result.bundle))


def test_the_same_data_again_is_nothing_new(plan: Plan, memory: Memory) -> None:
    first = retrain(plan)
    again = replace(plan, work=plan.work.with_name("2"), least_new=0)
    fill(again, 5)
    result = retrain(again)
    assert (result.ending, result.snapshot) == (Ending.NOTHING_NEW, first.snapshot)
    assert result.reasons == ("the same data as in retraining 1",)
    assert len(memory.versions()) == 1
    assert memory.running() == []


def test_a_few_new_labels_are_nothing_new(plan: Plan) -> None:
    retrain(plan)
    again = replace(plan, work=plan.work.with_name("2"))
    fill(again, 7)
    result = retrain(again)
    assert result.ending == Ending.NOTHING_NEW
    assert result.reasons == ("2 new labels, fewer than 3",)


def test_enough_new_labels_are_learnt_from(plan: Plan) -> None:
    first = retrain(plan)
    again = replace(plan, work=plan.work.with_name("2"))
    fill(again, 8)
    result = retrain(again)
    assert (result.ending, result.version) == (Ending.PASSED, 2)
    assert result.snapshot != first.snapshot


def test_data_of_a_retraining_that_failed_is_still_new(plan: Plan, memory: Memory) -> None:
    plan.save(plan.work / "plan.json")
    desk = steps.open_desk(plan.work / "plan.json", "snapshot", TinyParts())
    run = steps.start(desk)
    assert steps.snapshot(desk, run)["new"]
    memory.kill([run], "given up after three tries")
    again = replace(plan, work=plan.work.with_name("2"))
    fill(again, 5)
    assert retrain(again).ending == Ending.PASSED


def test_a_run_that_was_marked_as_killed_runs_again_at_the_next_step(
    plan: Plan, memory: Memory
) -> None:
    plan.save(plan.work / "plan.json")
    run = steps.start(steps.open_desk(plan.work / "plan.json", "start", TinyParts()))
    memory.kill([run], "its heart stopped")
    steps.open_desk(plan.work / "plan.json", "snapshot", TinyParts(), run)
    assert [one.id for one in memory.running()] == [run]


def test_a_training_that_waits_for_its_memory_says_so(plan: Plan, database: Path) -> None:
    plan.save(plan.work / "plan.json")
    database.rename(database.with_name("away.db"))
    desk = steps.open_desk(plan.work / "plan.json", "start", TinyParts(), patience_s=0.5)
    with pytest.raises(MemoryAway):
        steps.start(desk)
    beat = read_beat(plan.beat)
    assert beat is not None
    assert (beat.step, beat.job) == ("start", "looking (waiting for MLflow)")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"candidates": ("tuned", "giant")}, ValueError, "giant"),
        ({"candidates": ()}, ValueError, "candidates"),
        ({"threads": 0}, ValueError, "thread"),
        ({"champion": Path("/nowhere")}, FileNotFoundError, "nowhere"),
        ({"model_name": "unheard-of"}, NotMigrated, "sonsori db upgrade"),
    ],
)
def test_what_would_stop_a_retraining_later_stops_it_at_once(
    plan: Plan, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        retrain(replace(plan, **change))


def test_a_take_out_without_its_pictures_stops_it_at_once(plan: Plan) -> None:
    for picture in (plan.input / "crops").iterdir():
        picture.unlink()
    with pytest.raises(FileNotFoundError, match="crop0"):
        retrain(plan)
