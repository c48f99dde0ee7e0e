# SPDX-License-Identifier: Apache-2.0
"""A store that writes down what it queues, and short ways to fill it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from vision.reading import Alternative, Box, Digit, Line, Reading
from worker import Inbound, Job, Store, calls, inbox
from worker.readings import read_photo

CALLER = "+821012345678"
MEDIA_SID = "ME" + "1" * 32


@dataclass(frozen=True, slots=True)
class LedgerStore(Store):
    """A real store that writes down what it queues."""

    jobs: list[tuple[Job, int]] = field(default_factory=list)

    def enqueue(self, job: Job, *ids: int) -> bool:
        self.jobs.extend((job, id) for id in ids)
        return True

    def queued(self, job: Job) -> list[int]:
        return [id for queued, id in self.jobs if queued is job]


def ledger_over(store: Store) -> LedgerStore:
    return LedgerStore(*(getattr(store, f.name) for f in fields(Store)))


def message_sid(number: int) -> str:
    return f"MM{number:032x}"


def text_photo(store: Store, number: int = 1, *, media: int = 1, caller: str = CALLER) -> int:
    """A message with photos arrives; its id."""
    sids = tuple(f"ME{number:016x}{i:016x}" for i in range(media))
    message_id = inbox.receive(store, Inbound(message_sid(number), caller, "mms", sids, "ko"))
    assert message_id is not None
    return message_id


def reading_of(text: str = "482", *, sure: bool = True, rotation: int = 0) -> Reading:
    digits = tuple(
        Digit(int(c), 0.99, (Alternative(7, 0.01),), Box(20 + 60 * i, 20, 50, 60))
        for i, c in enumerate(text)
    )
    return Reading((Line(digits),), sure, 0.98, (), rotation, "test-1", 12.0)


def read_all(store: LedgerStore, reading: Reading | None = None) -> None:
    """Every photo that is queued is fetched and read."""
    for photo_id in store.queued(Job.READ_PHOTO):
        read_photo(
            store,
            photo_id,
            fetch=lambda message, media: b"a photo",
            read=lambda photo: reading or reading_of(),
        )


def hold_line(store: Store, *, sid: str = "CA" + "9" * 32, caller: str = CALLER) -> int:
    """A caller rings in and waits for a photo; the call's id."""
    call = calls.start_inbound(store, sid, caller, "ko")
    stored = calls.save_step(
        store, call.id, version=0, state={}, waiting=True, turns=[], confirmations=[]
    )
    assert stored
    return call.id
