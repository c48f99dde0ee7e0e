# SPDX-License-Identifier: Apache-2.0
"""One caller's telephone: texts a photo, is rung, answers by keys as soon as a question comes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from ivr.devphone.call import FINAL
from ivr.devphone.events import Event
from ivr.devphone.remote import RemotePhone
from ivr.learning.mind import Mind
from ivr.learning.switchboard import Switchboard

PATIENCE_S = 60.0  # for the whole call, of which the work takes two or three
_ANSWERS = ("/voice/after/", "/voice/keys/")  # requests after which there is something to hear


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: Twilio's word for it, or "no call", "no end"; `left_at` is the prompt at
    which the caller put the telephone down. `call` is its sid, empty when none came."""

    call: str
    status: str
    left_at: str
    seconds: float


class Caller:
    """The owner of `number`. Their telephone carries no media stream: questions are heard as the
    telephone network speaks them, and answered by keys."""

    def __init__(
        self, phone: RemotePhone, board: Switchboard, number: str, language: str, mind: Mind
    ) -> None:
        self._phone = phone
        self._number = number
        self._mind = mind
        self._inbox: SimpleQueue[Event] = board.open_inbox(number)
        self._turn = 0
        self._left_at = ""
        phone.switch_on(number, language, None, streams=False)

    def call(self, photo: Path) -> Ended:
        """Text `photo` and hold the call that comes of it."""
        began = time.monotonic()
        call, status = "", "no call"
        self._phone.text(self._number, [photo])
        while status not in FINAL:
            try:
                left_s = began + PATIENCE_S - time.monotonic()
                event = self._inbox.get(timeout=max(0.0, left_s))
            except Empty:
                return self._give_up(call, began)
            call = event.call
            status = self._follow(event, status)
        return Ended(call, status, self._left_at, round(time.monotonic() - began, 2))

    def _follow(self, event: Event, status: str) -> str:
        """Do what `event` asks for; how the call stands now."""
        if event.kind == "call":
            status = str(event.data["status"])
            if status == "ringing":
                self._phone.answer(event.call)
        elif event.kind == "webhook" and event.data["path"].startswith(_ANSWERS):
            self._answer(event.call)
        return status

    def _answer(self, call: str) -> None:
        heard, self._turn = self._phone.record(call, self._turn)
        keys = self._mind.answer(heard)
        if keys is None:
            self._left_at = heard[-1].prompt
            self._phone.hang_up(call)
        elif keys:
            self._phone.press(call, keys)

    def _give_up(self, call: str, began: float) -> Ended:
        if call:
            self._phone.hang_up(call)
        status = "no end" if call else "no call"
        return Ended(call, status, self._left_at, round(time.monotonic() - began, 2))
