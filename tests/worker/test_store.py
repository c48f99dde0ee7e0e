# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ledger import LedgerStore, text_photo
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from worker import Job, Settings, open_store, upgrade
from worker.records import Base, Caller, Message, Photo


def test_the_migrations_make_the_tables_the_code_expects(store: LedgerStore) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(settings: Settings) -> None:
    upgrade(settings)
    store = open_store(settings)
    text_photo(store)
    upgrade(settings)
    with store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
    store.close()


def test_processes_that_upgrade_at_once_take_turns(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [settings] * 4))
    store = open_store(settings)
    text_photo(store)
    store.close()


def test_an_error_rolls_everything_back(store: LedgerStore) -> None:
    with pytest.raises(RuntimeError), store.session() as session:
        session.add(Caller(number_hash="x", secret=None, language="ko"))
        session.flush()
        raise RuntimeError("cut short")
    with store.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Caller)) == 0


def test_writers_in_many_threads_wait_for_each_other(store: LedgerStore) -> None:
    """Each reads before it writes: without a lock from the start, SQLite would refuse some."""
    text_photo(store)
    start = threading.Barrier(8)

    def count_up() -> None:
        start.wait()
        for _ in range(10):
            with store.session() as session:
                session.get_one(Photo, 1).attempts += 1

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.snapshot() as session:
        assert session.get_one(Photo, 1).attempts == 80


def test_reading_waits_for_no_writer(store: LedgerStore) -> None:
    text_photo(store)
    with store.session() as writer:
        writer.get_one(Photo, 1).attempts = 3
        writer.flush()
        with store.snapshot() as reader:
            assert reader.get_one(Photo, 1).attempts == 0


def test_the_file_is_kept_safe_from_power_cuts_and_dangling_rows(store: LedgerStore) -> None:
    with store.engine.connect() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar() == "wal"
        assert connection.execute(text("pragma synchronous")).scalar() == 2  # FULL
    with pytest.raises(IntegrityError), store.session() as session:
        session.add(Message(sid="MM1", caller_id=404, channel="mms"))


def test_an_error_of_the_database_does_not_name_the_number(store: LedgerStore) -> None:
    with pytest.raises(StatementError) as raised, store.session() as session:
        session.add(Caller(number_hash="+8210", secret=None, language=object()))
        session.flush()
    assert "+8210" not in str(raised.value)


def test_work_is_recorded_when_the_broker_refuses(settings: Settings) -> None:
    upgrade(settings)
    store = open_store(settings)
    message_id = text_photo(store)
    with store.snapshot() as session:
        assert session.get_one(Message, message_id).photos
    assert store.enqueue(Job.READ_PHOTO, 1, 2, 3) is False
    store.close()


def test_a_broker_that_never_answers_is_given_up_on(settings: Settings) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        store = open_store(settings.model_copy(update={"redis_url": url}))
        assert store.enqueue(Job.READ_PHOTO, 1) is False
        store.close()
