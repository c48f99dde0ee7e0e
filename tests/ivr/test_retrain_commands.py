# SPDX-License-Identifier: Apache-2.0
"""`sonsori retrain` and `sonsori resume`: what they say, and their exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from threading import Thread

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from tests.processes import wait_until
from worker import Settings, Store, open_store, upgrade
from worker.records import utcnow
from worker.retraining import look_at, runs
from worker.training_records import TrainingRun, TrainingState

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The database the commands find: no trainer looks at it."""
    monkeypatch.setenv("SONSORI_DATA_DIR", str(settings.data_dir))
    upgrade(settings)
    with closing(open_store(settings)) as opened:
        yield opened


def sonsori(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def put(store: Store, state: TrainingState, reason: str = "", **more: object) -> int:
    with store.session() as session:
        run = TrainingRun(asked_by="a test", state=state, reason=reason, ended_at=utcnow(), **more)
        session.add(run)
        session.flush()
        return run.id


def test_a_retraining_is_asked_for_by_name(store: Store) -> None:
    told = sonsori("retrain", "--by", "Min-jun")
    assert (told.exit_code, told.stdout) == (0, "Retraining 1 is asked for.\n")
    view = look_at(store, 1)
    assert view is not None and (view.asked_by, view.state) == ("Min-jun", "queued")


def test_a_second_one_is_told_of_the_first(store: Store) -> None:
    sonsori("retrain", "--by", "Min-jun")
    told = sonsori("retrain")
    assert told.exit_code == 1
    assert told.stderr.strip().endswith("Retraining 1 is under way (queued, asked for by Min-jun).")


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        (TrainingState.PASSED, 0, "The challenger is better"),
        (TrainingState.REFUSED, 3, "The gate refused the challenger."),
        (TrainingState.NOTHING_NEW, 4, "There was nothing new to learn."),
        (TrainingState.FAILED, 1, "It failed; `sonsori resume` goes on with it."),
        (TrainingState.GIVEN_UP, 1, "It was given up"),
    ],
)
def test_who_waits_is_told_how_it_ended(
    store: Store, state: TrainingState, status: int, words: str
) -> None:
    told: list[Result] = []
    waiting = Thread(target=lambda: told.append(sonsori("retrain", "--wait")))
    waiting.start()
    wait_until(lambda: look_at(store, 1) is not None)
    beat = {"step": "train", "job": "tuned", "done": 3, "total": 9, "eta_s": 4.0, "at": 1.0}
    with store.session() as session:
        run = session.get_one(TrainingRun, 1)
        run.state, run.beat = TrainingState.RUNNING, beat
    with store.session() as session:
        run = session.get_one(TrainingRun, 1)
        run.state, run.reason = state, "9 won, 1 lost"
    waiting.join(60)
    assert told[0].exit_code == status
    assert words in told[0].stdout and "9 won, 1 lost" in told[0].stdout


def test_a_failed_run_goes_on_and_says_what_is_reused(store: Store) -> None:
    beat = {"step": "evaluate", "job": "", "done": 0, "total": 0, "eta_s": None, "at": 1.0}
    put(store, TrainingState.FAILED, flow_run="17", beat=beat)
    told = sonsori("resume", "1")
    assert (told.exit_code, told.stdout) == (
        0,
        "Retraining 1 goes on. Reused: start, snapshot, candidates, train.\n",
    )


def test_a_run_that_failed_before_its_flow_begins_anew(store: Store) -> None:
    put(store, TrainingState.GIVEN_UP)
    told = sonsori("resume", "1")
    assert told.stdout == "Retraining 1 goes on. No step had ended: it begins anew.\n"


def test_what_cannot_be_resumed_is_told_with_status_1(store: Store) -> None:
    for number, (state, words) in enumerate(
        [
            (TrainingState.PASSED, "Retraining 1 has ended (passed): nothing to resume."),
            (TrainingState.RUNNING, "Retraining 2 is under way (running, asked for by a test)."),
        ],
        start=1,
    ):
        put(store, state)
        told = sonsori("resume", str(number))
        assert (told.exit_code, told.stderr.strip()) == (1, words)
    told = sonsori("resume", "9")
    assert (told.exit_code, told.stderr.strip()) == (1, "There is no retraining 9.")
    assert sonsori("resume", "last").exit_code == 2


def test_nothing_is_lost_when_the_queue_is_away(store: Store) -> None:
    sonsori("retrain")
    with store.snapshot() as session:
        assert runs.under_way(session) is not None
