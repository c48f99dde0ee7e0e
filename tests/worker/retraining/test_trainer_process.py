# SPDX-License-Identifier: Apache-2.0
"""The trainer on a real broker: killed, shut down, and beside a worker that reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from ledger import CALLER
from sqlalchemy import select
from stand_in import holder, run_of, tries

from tests.processes import alive, descendants, wait_until
from worker import Settings, Store, inbox, open_store, upgrade
from worker.records import Photo, PhotoState
from worker.retraining import ask, reap

pytestmark = pytest.mark.e2e
PATIENCE_S = 60
ROOT = Path(__file__).parents[3]
TRAINER = [
    *("--queues", "training", "--pool", "threads", "--concurrency", "1"),
    *("--hostname", "trainer@%h", "--without-gossip", "--without-mingle"),
]
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    """A lease of two seconds: what was killed is found dead after it."""
    return settings.model_copy(update={"redis_url": redis_url, "lease_s": 0.5})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    upgrade(settings)
    with closing(open_store(settings)) as opened:
        yield opened


@pytest.fixture
def start_trainer(settings: Settings, tmp_path: Path) -> Iterator[Start]:
    """Starts a trainer whose flow is the stand-in that is named."""
    application = "tests.worker.retraining.trainer_app"
    with ExitStack() as stack:
        yield lambda how: stack.enter_context(
            _celery(settings, tmp_path, application, TRAINER, {"STAND_IN": how})
        )


@contextmanager
def _celery(
    settings: Settings, folder: Path, application: str, options: list[str], more: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    names = ("data_dir", "redis_url", "lease_s")
    ours = {f"SONSORI_{name.upper()}": str(getattr(settings, name)) for name in names}
    with (folder / "celery.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", application, "worker", *options],
            env=os.environ | ours | more | {"OMP_NUM_THREADS": "1"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_for_try(settings: Settings, number: int) -> set[int]:
    """Until so many tries were started; the flow's processes in the last one."""
    wait_until(lambda: len(tries(settings)) == number, lambda: f"{tries(settings)}")
    last = tries(settings)[-1]
    return {last.pid, last.step_pid}


def wait_for_state(store: Store, state: str) -> None:
    wait_until(lambda: run_of(store).state == state, lambda: f"{run_of(store).state}")


def reaped(store: Store) -> bool:
    """The minute's beat of the ordinary worker; whether the run goes on."""
    reap(store, bury=lambda *_: True)
    return run_of(store).state != "running"


def test_a_killed_flow_is_resumed_by_its_trainer(
    store: Store, settings: Settings, start_trainer: Start
) -> None:
    start_trainer("hangs-once")
    ask(store, "a test")
    flow = wait_for_try(settings, 1)
    wait_until(lambda: run_of(store).flow_run is not None)
    os.kill(tries(settings)[0].pid, signal.SIGKILL)
    wait_for_state(store, "passed")
    assert not alive(flow)
    assert [one.resumed for one in tries(settings)] == [None, "1"]
    assert (run_of(store).attempts, holder(store)) == (2, "")


@pytest.mark.parametrize("all_of_it", [False, True], ids=["the trainer", "a power cut"])
def test_after_kill_9_the_run_is_resumed_once_and_ends(
    store: Store, settings: Settings, start_trainer: Start, all_of_it: bool
) -> None:
    trainer = start_trainer("hangs-once")
    ask(store, "a test")
    flow = wait_for_try(settings, 1)
    wait_until(lambda: run_of(store).flow_run is not None)
    victims = descendants(trainer.pid) | {trainer.pid} if all_of_it else {trainer.pid}
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    trainer.wait(PATIENCE_S)
    wait_until(lambda: not alive(flow))
    assert run_of(store).state == "running"

    start_trainer("hangs-once")
    wait_until(lambda: reaped(store))
    reap(store, bury=lambda *_: True)
    wait_for_state(store, "passed")
    assert [one.resumed for one in tries(settings)] == [None, "1"]
    assert (run_of(store).attempts, holder(store)) == (2, "")


def test_a_shutdown_does_not_wait_for_hours(
    store: Store, settings: Settings, start_trainer: Start
) -> None:
    trainer = start_trainer("hangs-once")
    ask(store, "a test")
    flow = wait_for_try(settings, 1)
    trainer.terminate()
    assert trainer.wait(PATIENCE_S) == 0
    assert not alive(flow)
    assert (run_of(store).state, holder(store)) == ("running", "")

    assert reaped(store)
    start_trainer("hangs-once")
    wait_for_state(store, "passed")
    assert run_of(store).attempts == 1, "a shutdown takes no try"


def test_photos_are_read_while_a_training_runs(
    store: Store, settings: Settings, start_trainer: Start, tmp_path: Path, photo: bytes
) -> None:
    start_trainer("hangs")
    ask(store, "a test")
    wait_for_try(settings, 1)
    queues = ["--queues", "reading,upkeep", "--concurrency", "1", "--without-mingle"]
    patient = settings.model_copy(update={"lease_s": 30.0})  # a reading takes no longer than that
    with _celery(patient, tmp_path, "worker.app", queues, {}):
        inbox.receive_upload(store, CALLER, [photo], "ko")
        wait_until(lambda: photo_state(store) == PhotoState.READ)
    assert run_of(store).state == "running" and holder(store)


def photo_state(store: Store) -> str:
    with store.snapshot() as session:
        return session.scalars(select(Photo.state)).one()
