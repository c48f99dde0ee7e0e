# SPDX-License-Identifier: Apache-2.0
"""Follows one call from both ends: the dev phone's events, the service's database."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.devphone.call import FINAL
from ivr.devphone.events import Event
from ivr.devphone.record import Record
from ivr.devphone.remote import RemotePhone
from ivr.devphone.transcript import Entry, of_event
from worker.store import Store


class Follower:
    """Gives new entries of one number as they come, up to the end of its first call.

    `call` is that call's sid, once it rings; `last_event` the last one before the story begins.
    """

    def __init__(self, phone: RemotePhone, store: Store, number: str, last_event: int = 0) -> None:
        self._phone = phone
        self._record = Record(store)
        self._number = number
        self.last_event = last_event
        self._last_turn = 0
        self.labels: tuple[str, ...] = ()
        self.wire: list[Event] = []
        self.call: str | None = None
        self.status = ""
        self.failed = False

    @property
    def over(self) -> bool:
        return self.status in FINAL

    def news(self, wait_s: float) -> list[Entry]:
        """What is new at either end, oldest first; waits at most `wait_s` for something."""
        entries = [*self._from_phone(wait_s), *self._from_record()]
        return sorted(entries, key=lambda entry: entry.at)

    def _from_phone(self, wait_s: float) -> Iterator[Entry]:
        for event in self._phone.events(self.last_event, wait_s):
            self.last_event = event.number
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
        """A label is told again when a later answer has changed it: "yes", then "I know it"."""
        if self.call is None:
            return []
        entries, self._last_turn = self._record.turns(self.call, self._last_turn)
        labels = self._record.labels(self.call)
        entries += [entry for entry in labels if entry.text not in self.labels]
        self.labels = tuple(entry.text for entry in labels)
        return entries
