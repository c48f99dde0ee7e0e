# SPDX-License-Identifier: Apache-2.0
"""A person with a telephone, who answers every question by keys without hearing it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import requests
from sqlalchemy import select

from ivr.devphone.call import FINAL
from ivr.devphone.events import Event
from ivr.devphone.remote import RemotePhone
from tests.processes import wait_until
from worker.records import Call, Confirmation, Turn
from worker.store import Store

PATIENCE_S = 60.0

YES_TO_ALL = {
    "greeting_ask": "1",
    "greeting_short_ask": "1",
    "reading_ask": "1",
    "reading_ask_first": "1",
    "checking_ask": "1",
    "consent_ask": "1",
    "knows_ask": "1",
}
"""What to press at which prompt."""


class Person:
    """One number. Texts, rings or is rung, answers; and looks into the service's record."""

    def __init__(self, phone: RemotePhone, store: Store, number: str, language: str) -> None:
        self._phone = phone
        self._store = store
        self.number = number
        self._last_event = phone.events()[-1].number if phone.events() else 0
        phone.switch_on(number, language, None)

    def texts(self, *photos: Path, body: str = "", late: int = 0) -> str:
        return self._phone.text(self.number, photos, body=body, late=late)

    def rings(self) -> str:
        return self._phone.ring(self.number)

    def is_rung(self) -> str:
        """Wait for the call and pick up; its sid."""
        ringing = self._wait_for(lambda e: e.kind == "call" and e.data["status"] == "ringing")
        self._phone.answer(ringing.call)
        return ringing.call

    def is_texted(self) -> str:
        """Wait for a text; its words."""
        return str(self._wait_for(lambda e: e.kind == "text_received").data["text"])

    def photographs(self, text: str, *photos: Path) -> str:
        """Open the link in `text`, send photos through its page; the page that comes back."""
        link = text[text.index("http") :]
        files = [("photo", (photo.name, photo.read_bytes(), "image/jpeg")) for photo in photos]
        page = requests.post(link, files=files, timeout=PATIENCE_S)
        page.raise_for_status()
        return page.text

    def converses(self, call: str, answers: Mapping[str, str]) -> list[str]:
        """Press what `answers` says at each prompt until the call is over; the prompts heard."""
        heard: list[str] = []

        def is_over() -> bool:
            for prompt in self.prompts(call)[len(heard) :]:
                heard.append(prompt)
                if prompt in answers:
                    self._phone.press(call, answers[prompt])
            return self.status(call) in FINAL

        wait_until(is_over, lambda: f"the call did not end; heard {heard}")
        return self.prompts(call)

    def hears(self, call: str, prompt: str) -> None:
        """Wait until the service says `prompt`."""
        wait_until(lambda: prompt in self.prompts(call), lambda: f"heard {self.prompts(call)}")

    def hangs_up(self, call: str) -> None:
        self._phone.hang_up(call)
        wait_until(lambda: self.status(call) in FINAL, lambda: f"the call is {self.status(call)}")

    def presses(self, call: str, keys: str) -> None:
        self._phone.press(call, keys)

    def leave(self) -> None:
        """Put down whatever call is left."""
        for event in self._events():
            if event.call:
                self._phone.hang_up(event.call)

    def prompts(self, call: str) -> list[str]:
        """What the service has said in a call, by the names in its catalogue."""
        return [str(turn.data["prompt"]) for turn in self._turns(call) if turn.kind == "said"]

    def words(self, call: str) -> str:
        """The same as words."""
        said = [turn for turn in self._turns(call) if turn.kind == "said"]
        return " ".join(str((turn.secret or {})["text"]) for turn in said)

    def kinds(self, call: str) -> list[str]:
        """Everything that happened in a call, by kind."""
        return [turn.kind for turn in self._turns(call)]

    def label(self, call: str) -> tuple[str, str, str] | None:
        """(label, heard by, digits) of the call's confirmation."""
        ours = select(Confirmation).join(Call, Confirmation.call_id == Call.id)
        with self._store.snapshot() as session:
            found = session.scalars(ours.where(Call.sid == call)).one_or_none()
            if found is None:
                return None
            return found.label, found.heard_by, str((found.secret or {})["text"])

    def status(self, call: str) -> str:
        with self._store.snapshot() as session:
            return session.scalar(select(Call.status).where(Call.sid == call)) or ""

    def calls(self) -> list[str]:
        """Sids of all calls of this number so far, rung or ringing."""
        return list(dict.fromkeys(event.call for event in self._events() if event.kind == "call"))

    def errors(self) -> list[Event]:
        """What the telephone network could not make sense of."""
        return [event for event in self._phone.events(self._last_event) if event.kind == "error"]

    def _turns(self, call: str) -> Sequence[Turn]:
        ours = select(Turn).join(Call, Turn.call_id == Call.id).where(Call.sid == call)
        with self._store.snapshot() as session:
            return session.scalars(ours.order_by(Turn.id)).all()

    def _events(self) -> list[Event]:
        events = self._phone.events(self._last_event)
        return [event for event in events if self.number in event.data.values()]

    def _wait_for(self, wanted: Callable[[Event], bool]) -> Event:
        found: list[Event] = []

        def is_there() -> bool:
            found.extend(event for event in self._events() if wanted(event))
            return bool(found)

        wait_until(is_there, lambda: f"{self.number} has {[e.data for e in self._events()]}")
        return found[0]
