# SPDX-License-Identifier: Apache-2.0
"""The bench asks a service for a retraining and waits for it; here the flow trains nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.learning.phases import Found
from ivr.learning.retraining import RetrainingFailed, retrain
from ivr.learning.service import Service
from ivr.settings import Settings
from ivr.stack import Stack, make_plan
from ivr.stack.processes import Processes
from tests.worker.retraining.stand_in import stand_in, tries
from training.progress import NullProgress
from worker import Store, retraining
from worker.retraining.launch import Launch
from worker.training_records import TrainingRun, TrainingState


@pytest.fixture
def rung(settings: Settings, store: Store, tmp_path: Path) -> Service:
    """A service of which the database alone is there."""
    stack = Stack(make_plan(tmp_path, devphone=True), settings, Processes(tmp_path))
    return Service(stack, store, "")


def test_what_came_of_a_retraining_is_found(rung: Service) -> None:
    found = _retrained(rung, stand_in("ends"))
    assert (found["state"], found["version"]) == (TrainingState.PASSED, 3)
    assert found["reasons"] == ["12 photos better, 2 worse"]
    assert found["retraining_seconds"] > 0


def test_a_refusal_is_a_finding_too(rung: Service) -> None:
    assert _retrained(rung, stand_in("refused"))["state"] == TrainingState.REFUSED


def test_a_retraining_that_failed_says_why_and_is_resumed_the_next_time(rung: Service) -> None:
    launch = stand_in("fails-once")
    with pytest.raises(RetrainingFailed, match=r"(?s)retraining 1 failed: .*cannot be learnt"):
        _retrained(rung, launch)
    assert _retrained(rung, launch)["run"] == 1
    assert [one.resumed for one in tries(rung.stack.settings)] == [None, "1"]


def test_each_retraining_after_one_that_ended_is_another(rung: Service) -> None:
    launch = stand_in("ends")
    assert [_retrained(rung, launch)["run"] for _ in range(2)] == [1, 2]


def _retrained(rung: Service, launch: Launch) -> Found:
    with _trainer(rung.store, launch):
        return retrain(rung, NullProgress())


@contextmanager
def _trainer(store: Store, launch: Launch) -> Iterator[None]:
    """Trains the first run that is queued, beside this block."""
    queued = select(TrainingRun.id).where(TrainingRun.state == TrainingState.QUEUED)
    enough = threading.Event()

    def train() -> None:
        while not enough.wait(0.05):
            with store.snapshot() as session:
                run_id = session.scalar(queued)
            if run_id is not None:
                retraining.retrain(store, run_id, launch=launch, stopping=enough)
                return

    with ThreadPoolExecutor(1) as trainer:
        training = trainer.submit(train)
        try:
            yield
        finally:
            enough.set()
            training.result()
