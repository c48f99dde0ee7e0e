# SPDX-License-Identifier: Apache-2.0
"""Photos at a steady pace; a promotion and a roll-back in the middle; every reading looked at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

import vision
from ivr.changeover.bundles import cautious_bundle
from ivr.changeover.service import reading_service
from ivr.stack.processes import Processes
from worker import Store, inbox
from worker.promotion import Served, promote, roll_back
from worker.promotion.registry import Registry, Unreachable
from worker.promotion.smoke import photos
from worker.records import Message, Photo, PhotoState, StoredReading

CALLER = "+12025550143"  # 555-01xx: a number that belongs to nobody
PATIENCE_S = 240.0
ENOUGH = 5  # readings by a model, before the next change


@dataclass(frozen=True, slots=True)
class Changeover:
    """`per_s`: photos that came, and `read_per_s` that were read. `failed`: photos without a
    reading. `mixed`: readings that are not, to the last digit, what the model they name reads.
    Times in seconds: from the change to the first reading by the new model, and to the last by the
    old; `wait` from photo to reading."""

    photos: int
    per_s: float
    read_per_s: float
    failed: int
    mixed: int
    by_model: dict[str, int]
    promoted_after_s: float
    rolled_back_after_s: float
    old_until_s: float
    wait_median_s: float
    wait_longest_s: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One photo: which one it was, when it came, and its reading."""

    index: int
    came: datetime
    read: datetime | None
    model: str
    secret: dict[str, Any] | None


def measure(data_dir: Path, per_s: float, seconds: float) -> Changeover:
    """`seconds` of photos before, between and after the changes. Raises `StackError`."""
    second = cautious_bundle(data_dir / "cautious")
    with reading_service(data_dir) as (store, processes):
        feed = _Feed(store, per_s)
        shipped = vision.load_model().version
        _until(processes, lambda: _count(store, shipped) >= ENOUGH, feed.begin)
        feed.stop.wait(seconds)
        up = promote(store, _nowhere, str(second), "bench", "measured", force=True)
        _until(processes, lambda: _count(store, up.bundle) >= ENOUGH)
        feed.stop.wait(seconds)
        down = roll_back(store, _nowhere, "bench", "measured")
        _until(processes, lambda: _count(store, shipped, since=down.at) >= ENOUGH)
        feed.stop.wait(seconds)
        feed.end()
        _until(processes, lambda: _undone(store) == 0)
        return _told(_seen(store), feed, second, up, down)


class _Feed:
    """A thread that lets photos arrive, one after the other in turn."""

    def __init__(self, store: Store, per_s: float) -> None:
        self.stop = threading.Event()
        self.lasted_s = 0.0
        self._store = store
        self._every_s = 1 / per_s
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join()

    def _run(self) -> None:
        began = due = time.monotonic()
        for _, photo in cycle(photos()):
            inbox.receive_upload(self._store, CALLER, [photo], "en")
            due += self._every_s
            if self.stop.wait(max(0.0, due - time.monotonic())):
                break
        self.lasted_s = time.monotonic() - began


def _nowhere() -> Registry:
    raise Unreachable("this measurement has no registry")


def _until(
    processes: Processes, condition: Callable[[], bool], first: Callable[[], None] = lambda: None
) -> None:
    first()
    pause, give_up_at = threading.Event(), time.monotonic() + PATIENCE_S
    while not condition():
        processes.check()
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"photos were not read within {PATIENCE_S:.0f} s")
        pause.wait(0.1)


def _count(store: Store, model: str, since: datetime | None = None) -> int:
    by_it = select(func.count()).select_from(StoredReading).where(StoredReading.model == model)
    if since is not None:
        by_it = by_it.where(StoredReading.created_at > since)
    with store.snapshot() as session:
        return session.scalar(by_it) or 0


def _undone(store: Store) -> int:
    waiting = Photo.state.in_([PhotoState.PENDING, PhotoState.CLAIMED])
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Photo).where(waiting)) or 0


def _seen(store: Store) -> list[_Seen]:
    joined = (
        select(
            Message.received_at, StoredReading.created_at, StoredReading.model, StoredReading.secret
        )
        .select_from(Photo)
        .join(Message, Message.id == Photo.message_id)
        .outerjoin(StoredReading, StoredReading.photo_id == Photo.id)
        .order_by(Photo.id)
    )
    with store.snapshot() as session:
        rows = session.execute(joined).all()
    return [
        _Seen(index % len(photos()), came, read, model or "", secret)
        for index, (came, read, model, secret) in enumerate(rows)
    ]


def _told(seen: Sequence[_Seen], feed: _Feed, second: Path, up: Served, down: Served) -> Changeover:
    read = [one for one in seen if one.read is not None]
    expected = _expected(second)
    waits = sorted((one.read - one.came).total_seconds() for one in read if one.read)
    models = [one.model for one in read]
    return Changeover(
        photos=len(seen),
        per_s=round(len(seen) / feed.lasted_s, 1),
        read_per_s=_rate(read),
        failed=len(seen) - len(read),
        mixed=sum(_said(one.secret) != expected.get((one.model, one.index)) for one in read),
        by_model={model: models.count(model) for model in sorted(set(models))},
        promoted_after_s=_first(read, up.bundle, up.at),
        rolled_back_after_s=_first(read, down.bundle, down.at),
        old_until_s=_last(read, down.bundle, up.at, down.at),
        wait_median_s=round(median(waits), 3),
        wait_longest_s=round(waits[-1], 3),
    )


def _expected(second: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """What each model reads on each photo."""
    models = (vision.load_model(), vision.load_model(second))
    return {
        (model.version, index): _said(vision.read(photo, model).as_dict())
        for model in models
        for index, (_, photo) in enumerate(photos())
    }


def _said(reading: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (reading or {}).items() if name != "ms"}


def _rate(read: Sequence[_Seen]) -> float:
    times = sorted(one.read for one in read if one.read)
    return round(len(times) / max((times[-1] - times[0]).total_seconds(), 1e-6), 1)


def _first(read: Sequence[_Seen], model: str, after: datetime) -> float:
    times = (one.read for one in read if one.model == model)
    return _since(after, min(at for at in times if at and at > after))


def _last(read: Sequence[_Seen], model: str, after: datetime, before: datetime) -> float:
    """Until when the old `model` still read; 0 when it never did after the change."""
    times = (one.read for one in read if one.model == model)
    return _since(after, max((at for at in times if at and after < at < before), default=after))


def _since(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds(), 2)
