# SPDX-License-Identifier: Apache-2.0
"""A real process is started, watched and ended; the flow in it is a stand-in."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

import pytest
from fsspec.implementations.local import LocalFileSystem
from ledger import LedgerStore
from stand_in import holder, run_of, stand_in, tries
from test_takeout import keep_crop

from tests.processes import alive, wait_until
from worker import Job, Settings
from worker.objects import Objects
from worker.records import utcnow
from worker.retraining import ask, folders, look_at, reap, resume, retrain
from worker.retraining.launch import Launch, see_that_all_is_installed, without_secrets
from worker.training_records import Lease


class Burials:
    """MLflow as the watchers see it: it marks runs, unless it is away."""

    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.told: list[tuple[int, str]] = []

    def __call__(self, settings: Settings, run_id: int, reason: str) -> bool:
        self.told.append((run_id, reason))
        return not self.away


@pytest.fixture
def burials() -> Burials:
    return Burials()


def train(store: LedgerStore, launch: Launch, burials: Burials, run_id: int = 1) -> None:
    retrain(store, run_id, launch=launch, stopping=Event(), bury=burials)


def while_it_trains(
    store: LedgerStore, launch: Launch, burials: Burials, act: Callable[[Event], object]
) -> None:
    """Act as soon as the flow's beat is stored, then wait for the try to end."""
    stopping = Event()
    told = {"launch": launch, "stopping": stopping, "bury": burials}
    trainer = Thread(target=retrain, args=(store, 1), kwargs=told)
    trainer.start()
    try:
        wait_until(lambda: (view := look_at(store, 1)) is not None and view.step == "train")
        act(stopping)
    finally:
        trainer.join(60)
    assert not trainer.is_alive()


def processes(settings: Settings) -> set[int]:
    return {pid for one in tries(settings) for pid in (one.pid, one.step_pid)}


def test_a_run_that_ends_well_is_noted_and_its_take_out_removed(
    store: LedgerStore, burials: Burials
) -> None:
    keep_crop(store, "a" * 32, 4)
    ask(store, "a test")
    train(store, stand_in("ends"), burials)
    run = run_of(store)
    assert (run.state, run.version, run.snapshot, run.tracking_run) == (
        "passed",
        3,
        "5" * 64,
        "run",
    )
    assert (run.reason, run.attempts, holder(store)) == ("12 photos better, 2 worse", 1, "")
    assert not (folders.of_run(store.settings, 1) / "input").exists()
    assert burials.told == []


def test_a_refusal_is_an_ending_too(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    train(store, stand_in("refused"), burials)
    assert (run_of(store).state, run_of(store).reason) == ("refused", "no better")


def test_its_beat_can_be_seen_while_it_runs(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")

    def look(stopping: Event) -> None:
        wait_until(lambda: (view := look_at(store, 1)) is not None and view.done == 0)
        view = look_at(store, 1)
        assert view is not None
        assert (view.state, view.job, view.total) == ("running", "tuned: epoch 2", 10)
        assert run_of(store).flow_run == "1" and holder(store)
        stopping.set()

    while_it_trains(store, stand_in("hangs"), burials, look)


def test_a_flow_that_fails_says_why_without_digits(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    train(store, stand_in("fails"), burials)
    run = run_of(store)
    assert (run.state, holder(store)) == ("failed", "")
    assert "the caller's ###### cannot be learnt" in run.reason
    assert burials.told == [(1, run.reason)]


def test_a_failed_run_goes_on_from_its_flow_run(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    train(store, stand_in("fails-once"), burials)
    resume(store, 1)
    train(store, stand_in("fails-once"), burials)
    assert [one.resumed for one in tries(store.settings)] == [None, "1"]
    assert run_of(store).state == "passed"


def test_a_killed_flow_is_queued_again(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    train(store, stand_in("dies-once"), burials)
    run = run_of(store)
    assert (run.state, run.reason, holder(store)) == (
        "queued",
        "The training was killed by signal 9.",
        "",
    )
    assert store.queued(Job.RETRAIN) == [1, 1] and len(burials.told) == 1
    train(store, stand_in("dies-once"), burials)
    assert (run_of(store).state, run_of(store).attempts) == ("passed", 2)


def test_a_killed_step_is_done_again(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    train(store, stand_in("loses-a-step-once"), burials)
    assert run_of(store).reason.startswith("One of its steps was killed.")
    train(store, stand_in("loses-a-step-once"), burials)
    assert (run_of(store).state, run_of(store).attempts) == ("passed", 2)


def test_after_three_deaths_it_is_given_up(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    for _ in range(3):
        train(store, stand_in("dies"), burials)
    run = run_of(store)
    assert (run.state, run.attempts, holder(store)) == ("given_up", 3, "")
    assert run.reason.startswith("Given up after 3 tries. The last one: The training was killed")
    assert store.queued(Job.RETRAIN) == [1, 1, 1] and run.ended_at is not None
    train(store, stand_in("ends"), burials)
    assert len(tries(store.settings)) == 3


def test_it_is_ended_when_it_takes_too_long(store: LedgerStore, burials: Burials) -> None:
    brief = replace(store, settings=store.settings.model_copy(update={"training_hours": 0.0002}))
    ask(store, "a test")
    train(brief, stand_in("hangs"), burials)
    assert (run_of(store).state, run_of(store).reason) == (
        "queued",
        "It took longer than 0.0002 hours.",
    )
    assert not alive(processes(store.settings))


def test_it_is_ended_when_its_beat_stands_still(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    hasty = replace(store, settings=store.settings.model_copy(update={"lease_s": 0.05}))
    train(hasty, stand_in("silent"), burials)
    assert run_of(store).reason == "It did not move for 1 seconds."
    assert not alive(processes(store.settings))


def test_a_shutdown_ends_it_at_once_and_takes_no_try(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    while_it_trains(store, stand_in("stubborn"), burials, lambda stopping: stopping.set())
    assert not alive(processes(store.settings))
    assert (run_of(store).state, run_of(store).attempts, holder(store)) == ("running", 0, "")
    reap(store, bury=burials)
    assert (run_of(store).state, run_of(store).reason) == ("queued", "Its worker was shut down.")


def test_who_has_lost_the_lease_ends_the_flow_and_writes_nothing(
    store: LedgerStore, burials: Burials
) -> None:
    ask(store, "a test")

    def take_over(_: Event) -> None:
        with store.session() as session:
            session.get_one(Lease, "training").holder = "another trainer"

    while_it_trains(store, stand_in("hangs"), burials, take_over)
    assert not alive(processes(store.settings))
    assert (run_of(store).state, holder(store)) == ("running", "another trainer")


def test_a_result_that_nobody_read_is_read_by_the_next_try(
    store: LedgerStore, burials: Burials
) -> None:
    ask(store, "a test")

    def lose(_: Event) -> None:
        wait_until(lambda: (folders.of_run(store.settings, 1) / "result.json").exists())
        with store.session() as session:
            session.get_one(Lease, "training").holder = ""

    while_it_trains(store, stand_in("lingers"), burials, lose)
    reap(store, bury=burials)
    train(store, stand_in("dies"), burials)
    assert run_of(store).state == "passed" and len(tries(store.settings)) == 1


def test_a_full_disk_fails_the_run_with_its_reason(store: LedgerStore, burials: Burials) -> None:
    keep_crop(store, "a" * 32, 4)
    ask(store, "a test")

    class FullDisk(Objects):
        def get(self, key: str) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    full = FullDisk(LocalFileSystem(), store.settings.objects(), store.keyring)
    train(replace(store, objects=full), stand_in("ends"), burials)
    run = run_of(store)
    assert run.state == "failed" and run.reason.startswith("The disk is full")
    left = {file.name for file in folders.of_run(store.settings, 1).iterdir()}
    assert left == {"plan.json", "beat.json"}


def test_what_is_not_installed_is_named(store: LedgerStore, burials: Burials) -> None:
    def launch(*_: object) -> tuple[list[str], dict[str, str]]:
        see_that_all_is_installed(["torch_of_nobody"])
        raise AssertionError("it was there")

    ask(store, "a test")
    train(store, launch, burials)
    run = run_of(store)
    assert run.state == "failed"
    assert run.reason.startswith("torch_of_nobody is not installed where the trainer runs: pip")


def test_a_plan_that_is_none_fails_the_run(store: LedgerStore, burials: Burials) -> None:
    wrong = store.settings.model_copy(update={"training_plan": {"amounts": {"epoch": 1}}})
    ask(store, "a test")
    train(replace(store, settings=wrong), stand_in("ends"), burials)
    assert run_of(store).reason.startswith("SONSORI_TRAINING_PLAN makes no plan: ")


def test_a_run_waits_while_mlflow_is_away(store: LedgerStore, burials: Burials) -> None:
    burials.away = True
    ask(store, "a test")
    train(store, stand_in("fails-once"), burials)
    reap(store, bury=burials)
    assert (run_of(store).state, holder(store)) == ("running", "")
    burials.away = False
    reap(store, bury=burials)
    train(store, stand_in("fails-once"), burials)
    assert (run_of(store).state, run_of(store).attempts) == ("passed", 2)


def test_reaping_twice_at_once_goes_on_once(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")
    while_it_trains(store, stand_in("hangs"), burials, lambda stopping: stopping.set())
    reapers = [Thread(target=reap, args=(store,), kwargs={"bury": burials}) for _ in range(4)]
    for reaper in reapers:
        reaper.start()
    for reaper in reapers:
        reaper.join()
    assert store.queued(Job.RETRAIN) == [1, 1]
    assert len(burials.told) == 1


def test_what_lives_is_left_alone(store: LedgerStore, burials: Burials) -> None:
    ask(store, "a test")

    def look(stopping: Event) -> None:
        reap(store, bury=burials)
        stopping.set()

    while_it_trains(store, stand_in("hangs"), burials, look)
    assert burials.told == []


def test_a_queued_run_whose_message_was_lost_is_queued_again(
    store: LedgerStore, burials: Burials
) -> None:
    ask(store, "a test")
    reap(store, bury=burials)
    assert store.queued(Job.RETRAIN) == [1]
    with store.session() as session:
        session.merge(run_of(store)).created_at = utcnow().replace(year=2020)
    reap(store, bury=burials)
    reap(store, bury=burials)
    assert store.queued(Job.RETRAIN) == [1, 1]


def test_the_training_is_told_none_of_our_secrets() -> None:
    told = {"SONSORI_SECRET_KEY": "key", "SONSORI_TWILIO_AUTH_TOKENS": "token", "PATH": "/bin"}
    assert without_secrets(told | {"SONSORI_FLOW": "flow.py"}) == {
        "PATH": "/bin",
        "SONSORI_FLOW": "flow.py",
    }
