# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from worker import Job, Settings
from worker.logs import configure_logs
from worker.queue import QUEUE_OF, VISIBILITY_TIMEOUT_S, Queue
from worker.workplace import WorkerApp, Workplace


@pytest.fixture
def app(settings: Settings) -> WorkerApp:
    app = WorkerApp(settings)
    app.loader.import_default_modules()
    return app


def test_every_job_is_a_task_with_a_queue(app: WorkerApp) -> None:
    assert {str(job) for job in Job} == {name for name in app.tasks if name.startswith("sonsori")}
    assert set(QUEUE_OF) == set(Job)


def test_nothing_but_json_is_understood(app: WorkerApp) -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_the_broker_hands_nothing_out_twice_while_it_is_worked_on(app: WorkerApp) -> None:
    for job in set(Job) - {Job.RETRAIN}:
        assert app.tasks[str(job)].time_limit < VISIBILITY_TIMEOUT_S
    assert app.conf.broker_transport_options["visibility_timeout"] == VISIBILITY_TIMEOUT_S


def test_a_reading_does_not_outlast_its_claim(app: WorkerApp, settings: Settings) -> None:
    assert app.tasks[str(Job.READ_PHOTO)].time_limit == settings.lease_s
    assert app.tasks[str(Job.READ_PHOTO)].soft_time_limit < settings.lease_s


def test_a_killed_task_is_not_acknowledged(app: WorkerApp) -> None:
    for job in set(Job) - {Job.RETRAIN}:
        task = app.tasks[str(job)]
        assert task.acks_late and task.reject_on_worker_lost and task.ignore_result


def test_a_retraining_is_acknowledged_when_it_begins(app: WorkerApp, settings: Settings) -> None:
    """It takes hours, and its lease tells when it has died: the broker need not."""
    task = app.tasks[str(Job.RETRAIN)]
    assert not task.acks_late and task.time_limit > 3600 * settings.training_hours
    assert QUEUE_OF[Job.RETRAIN] == Queue.TRAINING


def test_a_waiting_caller_does_not_queue_behind_upkeep() -> None:
    assert QUEUE_OF[Job.READ_PHOTO] == Queue.READING
    assert {QUEUE_OF[Job.DELIVER], QUEUE_OF[Job.PLACE_CALL]} == {Queue.DELIVERY}
    assert QUEUE_OF[Job.EXPIRE] == Queue.UPKEEP


def test_the_workplace_opens_with_its_model_and_closes(settings: Settings) -> None:
    app = WorkerApp(settings)
    place = app.workplace
    assert isinstance(place, Workplace) and app.workplace is place
    assert place.read(b"not a photo").problems
    place.close()


def test_log_lines_are_json_where_no_person_looks() -> None:
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        configure_logs(stream)
        structlog.get_logger("sonsori").info("photo_read", photo_id=1)
        logging.getLogger("celery").warning("of celery")
    finally:
        structlog.reset_defaults()
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    own, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (own["event"], own["photo_id"], own["level"]) == ("photo_read", 1, "info")
    assert theirs["event"] == "of celery"
