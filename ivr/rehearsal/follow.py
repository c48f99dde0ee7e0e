# SPDX-License-Identifier: Apache-2.0
"""Follows one call from both ends: the dev phone's events, the service's database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.devphone.call import FINAL
from ivr.devphone.events import Event
from ivr.devphone.remote import RemotePhone
from ivr.rehearsal.transcript import Entry, of_confirmation, of_event, of_turn
from worker.records import Call, Confirmation, Turn
from worker.store import Store


class Follower:
    """Gives new entries of one number as they come, up to the end of its first call.

    `call` is that call's sid, once it rings.
    """

    def __init__(self, phone: RemotePhone, store: Store, number: str) -> None:
        self._phone = phone
        self._number = number
        self._store = store
        self._last_event = 0
        self._last_turn = 0
        self._labels: dict[int, str] = {}
        self.wire: list[Event] = []
        self.call: str | None = None
        self.status = ""
        self.failed = False

    @property
    def over(self) -> bool:
        return self.status in FINAL

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self._labels.values())

    def news(self, wait_s: float) -> list[Entry]:
        """What is new at either end, oldest first; waits at most `wait_s` for something."""
        entries = [*self._from_phone(wait_s), *self._from_record()]
        return sorted(entries, key=lambda entry: entry.at)

    def _from_phone(self, wait_s: float) -> Iterator[Entry]:
        for event in self._phone.events(self._last_event, wait_s):
            self._last_event = event.number
            if self.call is None and event.kind == "call" and self._number in event.data.values():
                self.call = event.call
            if not self._is_ours(event):
                continue
            self.wire.append(event)
            self.failed |= event.kind == "error"
            if event.kind == "call":
                self.status = event.data["status"]
            entry = of_event(event)
            if entry is not None:
                yield entry

    def _is_ours(self, event: Event) -> bool:
        if event.call:
            return event.call == self.call
        return bool(event.data.get("number", self._number) == self._number)

    def _from_record(self) -> list[Entry]:
        if self.call is None:
            return []
        with self._store.snapshot() as session:
            return [*self._turns(session), *self._confirmations(session)]

    def _turns(self, session: Session) -> Iterator[Entry]:
        ours = select(Turn).join(Call, Turn.call_id == Call.id).where(Call.sid == self.call)
        for turn in session.scalars(ours.where(Turn.id > self._last_turn).order_by(Turn.id)):
            self._last_turn = turn.id
            entry = of_turn(turn)
            if entry is not None:
                yield entry

    def _confirmations(self, session: Session) -> Iterator[Entry]:
        """Again when a later answer has changed one: "yes" first, "and I know it" after."""
        ours = select(Confirmation).join(Call, Confirmation.call_id == Call.id)
        for confirmation in session.scalars(ours.where(Call.sid == self.call)):
            entry = of_confirmation(confirmation)
            if self._labels.get(confirmation.id) != entry.text:
                self._labels[confirmation.id] = entry.text
                yield entry
