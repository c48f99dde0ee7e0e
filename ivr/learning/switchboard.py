# SPDX-License-Identifier: Apache-2.0
"""Hands what happens on the dev phone to the caller whom it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread

from ivr.devphone.events import Event
from ivr.devphone.remote import RemotePhone

_WAIT_S = 1.0


class Switchboard:
    """One reader of the dev phone's events for all callers; safe between threads."""

    def __init__(self, phone: RemotePhone) -> None:
        self._phone = phone
        self._lock = Lock()
        self._inboxes: dict[str, SimpleQueue[Event]] = {}
        self._numbers: dict[str, str] = {}  # of calls
        self._ended = Flag()

    def open_inbox(self, number: str) -> SimpleQueue[Event]:
        """Where everything about the calls of `number` arrives from now on."""
        with self._lock:
            inbox: SimpleQueue[Event] = SimpleQueue()
            self._inboxes[number] = inbox
            return inbox

    def run(self) -> None:
        """Pass on events until `end`."""
        last = self._phone.last_event()
        while not self._ended.is_set():
            for event in self._phone.events(last, _WAIT_S):
                last = event.number
                self._pass_on(event)

    def end(self) -> None:
        self._ended.set()

    def _pass_on(self, event: Event) -> None:
        if event.kind == "call":
            self._numbers.setdefault(event.call, str(event.data["to"]))
        with self._lock:
            inbox = self._inboxes.get(self._numbers.get(event.call, ""))
        if inbox is not None:
            inbox.put(event)


@contextmanager
def switchboard(phone: RemotePhone) -> Iterator[Switchboard]:
    """One that runs beside this block."""
    board = Switchboard(phone)
    thread = Thread(target=board.run, name="switchboard", daemon=True)
    thread.start()
    try:
        yield board
    finally:
        board.end()
        thread.join()
