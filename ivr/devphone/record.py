# SPDX-License-Identifier: Apache-2.0
"""The service's own record of a call, for the transcript beside what the telephone saw.

This is the developer looking into the database, with the key in the data folder: the dev phone
itself knows only what comes over the wire.
"""

from __future__ import annotations

from sqlalchemy import select

from ivr.devphone.transcript import Entry, of_confirmation, of_turn
from worker.records import Call, Confirmation, Turn
from worker.store import Store


class Record:
    """Reads calls by their sid."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def turns(self, call: str, after: int = 0) -> tuple[list[Entry], int]:
        """(what was noted since turn `after`, the newest turn)."""
        ours = select(Turn).join(Call, Turn.call_id == Call.id).where(Call.sid == call)
        with self._store.snapshot() as session:
            turns = session.scalars(ours.where(Turn.id > after).order_by(Turn.id)).all()
        entries = [entry for turn in turns if (entry := of_turn(turn)) is not None]
        return entries, turns[-1].id if turns else after

    def labels(self, call: str) -> list[Entry]:
        """The labels as they stand: a later answer may change one."""
        ours = select(Confirmation).join(Call, Confirmation.call_id == Call.id)
        with self._store.snapshot() as session:
            found = session.scalars(ours.where(Call.sid == call).order_by(Confirmation.id))
            return [of_confirmation(confirmation) for confirmation in found]
