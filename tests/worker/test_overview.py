# SPDX-License-Identifier: Apache-2.0
"""The numbers operators see, from records that were really made."""

from __future__ import annotations

from datetime import timedelta

from ledger import LedgerStore, hold_line, read_all, reading_of, text_photo
from sqlalchemy import select

from worker import Job, Settings, open_store
from worker.broker import queue_lengths, workers
from worker.overview import answers_by_label, numbers, readings_by_model
from worker.records import Message, utcnow


def test_an_empty_service_counts_nothing(store: LedgerStore) -> None:
    found = numbers(store).as_dict()
    found.pop("at")
    assert set(found.values()) == {0, ""}


def test_photos_readings_and_calls_are_counted(store: LedgerStore) -> None:
    text_photo(store, 1, media=2)
    waiting = numbers(store)
    assert (waiting.photos_waiting, waiting.untold, waiting.readings_hour) == (2, 0, 0)
    read_all(store, reading_of(sure=False))
    hold_line(store)
    read = numbers(store)
    assert (read.photos_waiting, read.readings_hour, read.readings_day, read.sure_day) == (
        0, 2, 2, 0,
    )  # fmt: skip
    assert (read.untold, read.calls_live, read.calls_held, read.calls_under_way) == (1, 1, 1, 1)
    assert read.model == "test-1"
    assert readings_by_model(store) == [("test-1", False, 2)]
    assert answers_by_label(store) == []


def test_the_photo_that_waits_longest_is_timed(store: LedgerStore) -> None:
    text_photo(store, 1)
    text_photo(store, 2)
    with store.session() as session:
        session.scalars(select(Message)).first().received_at = utcnow() - timedelta(minutes=5)  # type: ignore[union-attr]
    assert 300 <= numbers(store).oldest_photo_s < 360


def test_a_broker_that_is_away_is_no_empty_queue(store: LedgerStore) -> None:
    assert queue_lengths(store.celery) is None
    assert workers(store.celery) == {}


def test_queues_are_as_long_as_what_was_put_into_them(settings: Settings, redis_url: str) -> None:
    store = open_store(settings.model_copy(update={"redis_url": redis_url}))
    store.enqueue(Job.READ_PHOTO, 1, 2, 3)
    store.enqueue(Job.DELIVER, 1)
    lengths = queue_lengths(store.celery)
    assert lengths == {"reading": 3, "delivery": 1, "training": 0, "upkeep": 0}
    assert workers(store.celery) == {}
    store.close()
