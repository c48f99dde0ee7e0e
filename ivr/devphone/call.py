# SPDX-License-Identifier: Apache-2.0
"""One telephone call as the provider sees it, and how others may interfere with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event
from typing import Any

from ivr.devphone.account import rfc_date
from ivr.devphone.browser import BrowserCaller
from ivr.devphone.events import EventLog
from ivr.devphone.line import Line, Moment
from ivr.devphone.webhook import Webhooks

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class FromUrl:
    """TwiML to be fetched."""

    url: str
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Inline:
    """TwiML given in the REST call."""

    document: str


Source = FromUrl | Inline


class Moved(Exception):
    """The REST API sent the live call to another document."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source


class CallEnded(Exception):
    """Nobody is on the line any more: the caller or the REST API has ended the call."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What every call needs: the log, the way to the product, a voice, and the account."""

    log: EventLog
    webhooks: Webhooks
    speak_aloud: Callable[[str, str], bytes]  # `<Say>`: (text, language such as "ko") -> mu-law
    speak_as_caller: Callable[[str, str], bytes]  # the same in another person's voice
    account_sid: str
    auth_token: str


@dataclass
class Call:
    """A call and its state; the thread of the call changes it, others leave `orders`."""

    sid: str
    from_number: str
    to_number: str
    direction: str  # inbound, outbound-api
    source: Source
    status_url: str = ""
    status_events: tuple[str, ...] = ("completed",)
    ring_timeout_s: float = 60
    created: str = field(default_factory=rfc_date)
    status: str = "queued"
    answered_at: float | None = None
    duration_s: int = 0
    streams: bool = True  # whether a media stream can be opened
    line: Line | None = None
    browser: BrowserCaller | None = None
    picked_up: Event = field(default_factory=Event)
    orders: SimpleQueue[Source | None] = field(default_factory=SimpleQueue)  # None: end the call

    @property
    def over(self) -> bool:
        return self.status in FINAL

    def tick(self) -> Moment:
        """20 ms of the call. Raises `Moved` or `CallEnded` when that is what they brought."""
        assert self.line is not None, "the call has not been answered"
        if not self.orders.empty():
            order = self.orders.get()
            self.line.playout.clear()
            raise CallEnded if order is None else Moved(order)
        if self.line.person.hung_up:
            raise CallEnded
        return self.line.tick()

    def parameters(self, account_sid: str) -> dict[str, str]:
        """What every voice webhook carries."""
        return {
            "AccountSid": account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to_number,
            "Caller": self.from_number,
            "Direction": self.direction,
            "From": self.from_number,
            "To": self.to_number,
        }

    def as_dict(self, account_sid: str) -> dict[str, Any]:
        """The call resource of the REST API."""
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "from": self.from_number,
            "to": self.to_number,
            "direction": self.direction,
            "status": self.status,
            "duration": str(self.duration_s) if self.over else None,
            "date_created": self.created,
            "api_version": "2010-04-01",
        }

    def note_duration(self) -> None:
        if self.answered_at is not None:
            self.duration_s = max(1, round(time.time() - self.answered_at))
