# SPDX-License-Identifier: Apache-2.0
"""The dev phone, held from another process: what `sonsori call` and the tests use."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from ivr.devphone.events import Event
from ivr.devphone.handset import Answer, Press, Speak
from ivr.devphone.transcript import Entry

_TIMEOUT_S = 30.0


class RemotePhone:
    """Switches handsets on, texts, rings, and reads what happened."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/devphone"
        self._session = requests.Session()
        self._session.trust_env = False

    def switch_on(
        self,
        number: str,
        language: str,
        script: Sequence[Answer] | None,
        *,
        picks_up: bool = True,
        streams: bool = True,
    ) -> None:
        """Have a telephone that answers by `script`, or waits for a person when that is None."""
        items = None if script is None else [_as_item(answer) for answer in script]
        given = {"number": number, "language": language, "script": items}
        self._post("handsets", json=given | {"picks_up": picks_up, "streams": streams})

    def text(
        self, number: str, photos: Sequence[Path] = (), *, body: str = "", late: int = 0
    ) -> str:
        """Text the service; the message's sid. Raises `requests.HTTPError` when it refused."""
        files = [
            ("photo", (photo.name, photo.read_bytes(), mimetypes.guess_type(photo)[0] or ""))
            for photo in photos
        ]
        form = {"from": number, "body": body, "late": str(late)}
        return str(self._post("texts", data=form, files=files)["sid"])

    def ring(self, number: str) -> str:
        """Ring the service; the call's sid."""
        return str(self._post("calls", json={"number": number})["sid"])

    def answer(self, call: str) -> None:
        """Pick up, where a person and not a script holds the handset."""
        self._post(f"calls/{call}/answer")

    def press(self, call: str, keys: str, *, when_asked: bool = False) -> None:
        """Press keys at once, or once the service has finished."""
        self._post(f"calls/{call}/keys", json={"keys": keys, "when_asked": when_asked})

    def say(self, call: str, text: str, *, over: bool = False) -> None:
        """Speak once the service has finished, or `over` what it says."""
        self._post(f"calls/{call}/words", json={"text": text, "over": over})

    def hum(self, call: str, seconds: float) -> None:
        """Hum at once, without a word."""
        self._post(f"calls/{call}/hum", json={"seconds": seconds})

    def hang_up(self, call: str) -> None:
        self._post(f"calls/{call}/hang-up")

    def events(self, after: int = 0, wait_s: float = 0) -> list[Event]:
        """What happened since event number `after`; waits for something at most `wait_s`."""
        response = self._session.get(
            f"{self._url}/events", params={"after": after, "wait": wait_s}, timeout=_TIMEOUT_S
        )
        response.raise_for_status()
        return [Event(**event) for event in response.json()]

    def last_event(self) -> int:
        """The number of the newest event, 0 when nothing has happened yet."""
        events = self.events()
        return events[-1].number if events else 0

    def recording(self, call: str) -> bytes:
        """Both sides of the call as a WAV file."""
        response = self._session.get(f"{self._url}/calls/{call}/call.wav", timeout=_TIMEOUT_S)
        response.raise_for_status()
        return response.content

    def record(self, call: str, after: int = 0) -> tuple[list[Entry], int]:
        """(what the service noted on the call since turn `after`, the newest turn)."""
        response = self._session.get(
            f"{self._url}/calls/{call}/record", params={"after": after}, timeout=_TIMEOUT_S
        )
        response.raise_for_status()
        told = response.json()
        return [Entry(**turn) for turn in told["turns"]], int(told["last"])

    def close(self) -> None:
        self._session.close()

    def _post(self, path: str, **request: Any) -> dict[str, Any]:
        response = self._session.post(f"{self._url}/{path}", timeout=_TIMEOUT_S, **request)
        if response.status_code == 502:
            problem = response.json()
            raise requests.HTTPError(
                f"the service failed: {problem['message']} ({problem['code']})", response=response
            )
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


def _as_item(answer: Answer) -> dict[str, Any]:
    match answer:
        case Speak(text):
            return {"say": text}
        case Press(keys):
            return {"press": keys}
    return {"hang_up": True}
