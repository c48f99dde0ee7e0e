# SPDX-License-Identifier: Apache-2.0
"""`sonsori ops`: what it prints, what it does, and its exit status."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import Result
from sample_readings import reading
from signed_phone import CALLER, sid
from sqlalchemy import func, select
from told_photo import erase, read_message, ring_back
from typer.testing import CliRunner

from ivr.cli import app
from worker import Job, Store, api_readings, calls, open_store
from worker.promotion import ModelStore, Served
from worker.records import Call, Caller, Message, Photo, PhotoState, utcnow
from worker.training_records import TrainingRun


@pytest.fixture(autouse=True)
def _its_data(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONSORI_DATA_DIR", str(store.settings.data_dir))
    monkeypatch.setenv("SONSORI_REDIS_URL", store.settings.redis_url)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def broker(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A broker that answers, with nothing in it."""
    monkeypatch.setenv("SONSORI_REDIS_URL", redis_url)
    return redis_url


def ops(*words: str) -> Result:
    return CliRunner().invoke(app, ["ops", *words])


def live_through(store: Store) -> None:
    """A photo is read and told to nobody, one is lost, a retraining is under way."""
    read_message(store, sid("MM", 1), CALLER, reading("482915"))
    read_message(store, sid("MM", 2), CALLER, None)
    beat = {"step": "train", "job": "tuned: epoch 2", "done": 3, "total": 8, "eta_s": 90.0}
    with store.session() as session:
        run = TrainingRun(asked_by="kim", state="running", beat=beat, beat_at=utcnow())
        session.add(run)


def callers(store: Store) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Caller)) or 0


def test_status_of_an_idle_service_without_a_broker(store: Store) -> None:
    found = ops("status")
    assert found.exit_code == 0
    assert "The broker does not answer" in found.stdout
    assert "No retraining is under way." in found.stdout
    assert "Model that serves: the one that ships with the program." in found.stdout


def test_status_shows_what_is_under_way(store: Store) -> None:
    live_through(store)
    shown = ops("status").stdout
    assert "train, tuned: epoch 2: 3 of 8, about 1 min left" in shown
    assert "Failed in the last week: 1." in shown
    assert "482915" not in shown and CALLER[-4:] not in shown


def test_status_for_programs(store: Store, broker: str) -> None:
    live_through(store)
    with_broker = open_store(store.settings.model_copy(update={"redis_url": broker}))
    with_broker.enqueue(Job.READ_PHOTO, 1, 2)
    with_broker.close()
    found = json.loads(ops("status", "--json").stdout)
    assert found["queues"] == {"reading": 2, "delivery": 0, "training": 0, "upkeep": 0}
    assert found["workers"] == {}
    assert "No worker answers: nothing is read and nobody is rung." in found["concerns"]
    assert (found["untold"], found["readings_day"], found["failed"]) == (2, 1, 1)
    training = {name: found["training"][name] for name in ("step", "job", "done", "total", "eta_s")}
    assert training == {
        "step": "train", "job": "tuned: epoch 2", "done": 3, "total": 8, "eta_s": 90.0,
    }  # fmt: skip
    assert found["drift"]["alarms"] == []


def test_status_names_the_model_that_serves_and_why_it_is_not_taken(store: Store) -> None:
    models = ModelStore(store.settings.models())
    served = Served("b2", {}, "promote", "b1", "kim", "better", utcnow(), 2)
    models.bundle("b2").mkdir(parents=True)
    models.point(served)
    assert "Model that serves: b2." in ops("status").stdout
    models.refuse("b2", "digits.onnx is cut short")
    refused = json.loads(ops("status", "--json").stdout)
    assert refused["concerns"][0] == "Workers do not take the model b2: digits.onnx is cut short"
    models.pointer.write_text("{")
    assert json.loads(ops("status", "--json").stdout)["served"] == "unknown"


def test_an_operators_own_folder_goes_before_what_was_promoted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONSORI_MODEL_DIR", "bundles/mine")
    assert "the bundle in bundles/mine" in ops("status").stdout


def test_nothing_but_the_object_is_on_stdout(store: Store) -> None:
    found = ops("status", "--json")
    assert json.loads(found.stdout)["queues"] is None
    assert "broker_away" in found.stderr


def test_failed_lists_names_that_retry_takes(store: Store) -> None:
    assert ops("failed").stdout == "Nothing failed.\n"
    live_through(store)
    assert "photo-2" in ops("failed").stdout
    [failure] = json.loads(ops("failed", "--json").stdout)["failures"]
    assert (failure["id"], failure["kind"]) == ("photo-2", "photo")
    assert ops("retry", failure["id"]).exit_code == 0
    with store.snapshot() as session:
        assert session.get_one(Photo, 2).state == PhotoState.PENDING
    assert ops("failed").stdout == "Nothing failed.\n"


def test_failed_looks_back_as_far_as_asked(store: Store) -> None:
    live_through(store)
    with store.session() as session:
        session.get_one(Message, 2).received_at = utcnow() - timedelta(days=2)
    assert ops("failed", "--days", "1").stdout == "Nothing failed.\n"
    assert ops("failed", "--days", "-1").exit_code == 2


@pytest.mark.parametrize("name", ["photo-9", "call-9", "text-9", "run-9"])
def test_what_there_is_not_is_not_tried_again(name: str) -> None:
    found = ops("retry", name)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "There is no" in found.stderr


@pytest.mark.parametrize(
    "name", ["", "photo", "photo-", "photo-x", "photo--1", "photo-²", "bird-1"]
)
def test_a_name_that_is_none_is_bad_usage(name: str) -> None:
    assert ops("retry", name).exit_code == 2


def test_forgetting_leaves_nothing_of_a_caller(store: Store) -> None:
    erase(store, read_message(store, sid("MM", 1), CALLER, reading("482915")))
    found = ops("forget", "+82 10-1234-5678")
    assert found.exit_code == 0
    assert found.stdout.startswith("Deleted: 1 messages, 1 photos, 0 calls, 0 texts.")
    assert callers(store) == 0
    again = ops("forget", CALLER)
    assert (again.exit_code, again.stderr) == (1, "Nobody is known by this number.\n")


def test_without_the_provider_nothing_is_forgotten_unless_told_to(store: Store) -> None:
    read_message(store, sid("MM", 1), CALLER, reading("482915"))
    found = ops("forget", CALLER)
    assert found.exit_code == 1 and "Nothing was deleted" in found.stderr
    assert callers(store) == 1
    assert ops("forget", CALLER, "--only-here").exit_code == 0
    assert callers(store) == 0


def test_who_is_on_the_line_is_forgotten_after_the_call(store: Store) -> None:
    call = calls.start_inbound(store, sid("CA", 1), CALLER, "ko")
    found = ops("forget", CALLER)
    assert found.exit_code == 0 and "on the line" in found.stdout
    with store.snapshot() as session:
        caller = session.scalars(select(Caller)).one()
        assert caller.forget_at is not None and session.get(Call, call.id) is not None


def test_a_call_that_is_over_does_not_hold_it_up(store: Store) -> None:
    message = read_message(store, sid("MM", 1), CALLER, reading("482915"))
    erase(store, message)
    calls.set_status(store, ring_back(store, message, sid("CA", 1)), "completed")
    assert ops("forget", CALLER).stdout.startswith("Deleted: 1 messages, 1 photos, 1 calls")


def test_what_an_application_sent_is_forgotten_by_its_name(store: Store) -> None:
    id = api_readings.receive(store, "helper", b"a photo", "", at_once=20)
    assert ops("forget", "api:helper").exit_code == 0
    assert api_readings.look(store, "helper", id) is None


@pytest.mark.parametrize("number", ["", "01012345678", "+0", "+82", "helper", "api:", "+8210x"])
def test_a_number_that_is_none_is_bad_usage(number: str) -> None:
    assert ops("forget", number).exit_code == 2


def test_ops_alone_shows_its_commands() -> None:
    shown = ops("--help").stdout
    assert all(command in shown for command in ("status", "failed", "retry", "forget"))
