# SPDX-License-Identifier: Apache-2.0
"""Photos that were texted and read, and calls about them, put into a store."""

from __future__ import annotations

from sqlalchemy import select, text

from vision.reading import Reading
from worker import Inbound, Store, inbox
from worker.records import Call, Message, Photo, PhotoState, StoredReading, utcnow


def read_message(store: Store, sid: str, number: str, *readings: Reading | None) -> int:
    """A message whose photos have been read, or lost where None; its id."""
    media = tuple(f"ME{i:032x}" for i in range(len(readings)))
    message_id = inbox.receive(store, Inbound(sid, number, "mms", media, "ko"))
    assert message_id is not None
    read(store, message_id, *readings)
    return message_id


def read(store: Store, message_id: int, *readings: Reading | None) -> None:
    with store.session() as session:
        photos = session.scalars(
            select(Photo).where(Photo.message_id == message_id).order_by(Photo.position)
        )
        for photo, reading in zip(photos, readings, strict=True):
            photo.state = PhotoState.LOST if reading is None else PhotoState.READ
            if reading is not None:
                photo.reading = StoredReading(
                    model=reading.model,
                    sure=reading.sure,
                    problems=[str(problem) for problem in reading.problems],
                    secret=reading.as_dict(),
                )


def ring_back(store: Store, message_id: int, sid: str | None = None) -> int:
    """The call that delivers a message; its id."""
    with store.session() as session:
        photo = session.scalars(select(Photo).where(Photo.message_id == message_id)).first()
        assert photo is not None
        call = Call(
            sid=sid,
            caller_id=photo.message.caller_id,
            delivers=message_id,
            direction="outbound",
            status="initiated",
        )
        session.add(call)
        session.flush()
        return call.id


def erase(store: Store, message_id: int) -> None:
    """The provider's copy of a message is gone."""
    with store.session() as session:
        session.get_one(Message, message_id).erased_at = utcnow()


def attach(store: Store, call_id: int, message_id: int) -> None:
    """A waiting call takes up the photo it waited for."""
    with store.session() as session:
        session.get_one(Call, call_id).delivers = message_id


def lose_table(store: Store, name: str) -> None:
    """Break the database under the running process."""
    with store.session() as session:
        session.execute(text(f"ALTER TABLE {name} RENAME TO gone"))
