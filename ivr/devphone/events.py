# SPDX-License-Identifier: Apache-2.0
"""What happened on the wire and on the telephone, in order, for the page and `sonsori call`."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from threading import Condition
from typing import Any

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `at` is Unix time in seconds, `call` a CallSid or empty."""

    number: int
    at: float
    kind: str
    call: str
    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class EventLog:
    """Events since the start, the newest 20 000 of them; readers may wait for the next."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._changed = Condition()
        self._count = 0

    def add(self, kind: str, *, call: str = "", **data: Any) -> None:
        with self._changed:
            self._count += 1
            self._events.append(Event(self._count, time.time(), kind, call, data))
            self._changed.notify_all()

    def after(self, number: int, timeout_s: float = 0) -> list[Event]:
        """Events with a higher number; waits up to `timeout_s` for the first."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > number, timeout_s)
            return [event for event in self._events if event.number > number]
