# SPDX-License-Identifier: Apache-2.0
"""What a process holds open: database, objects, keyring, and the way to the queues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from celery import Celery
from sqlalchemy import Connection, CursorResult, Engine, Update, create_engine, event
from sqlalchemy.orm import Session

from worker import queue
from worker.crypto import Keyring, load_keyring, lock_with
from worker.objects import Objects, open_objects
from worker.queue import Job
from worker.settings import Settings

BUSY_TIMEOUT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Store:
    """Open it after forking, close it at the end; safe to share between threads."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    objects: Objects
    celery: Celery

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: commits at the end, rolls back on an exception.

        On SQLite it takes the write lock at its start, so that what it read still holds when it
        writes. Keep it short: no network and no reading of photos inside.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that only reads, and waits for no writer."""
        engine = self.engine.execution_options(only_reads=True)
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def enqueue(self, job: Job, *ids: int) -> bool:
        """Queue `job` for each id, after the rows are committed; see `queue.enqueue`."""
        return queue.enqueue(self.celery, job, *ids)

    def close(self) -> None:
        self.engine.dispose()
        self.celery.close()


def changed(session: Session, claim: Update) -> bool:
    """Run a conditional update; True when it found its row, so that what it claims is ours."""
    result = session.execute(claim)
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def open_store(settings: Settings, *, celery: Celery | None = None) -> Store:
    """The store of `settings`. Its tables are made by `migrations.upgrade`, once, beforehand.

    A Celery worker passes its own application; everybody else gets one that only queues work.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keyring = load_keyring(settings)
    engine = open_engine(settings)
    lock_with(engine, keyring)
    return Store(
        settings,
        engine,
        keyring,
        open_objects(settings, keyring),
        celery or queue.make_producer(settings),
    )


def open_engine(settings: Settings) -> Engine:
    engine = create_engine(settings.database(), pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Several processes share one file: readers beside a writer, and patience for the lock."""
    connection.isolation_level = None  # the driver begins no transaction: `_begin_sqlite` does
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # what a webhook has acknowledged survives a power cut
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
