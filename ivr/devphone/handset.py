# SPDX-License-Identifier: Apache-2.0
"""Telephones by number: whose they are, and how they answer."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this aloud."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press these keys one after the other."""

    keys: str


@dataclass(frozen=True, slots=True)
class PutDown:
    """End the call without a word."""


Answer = Speak | Press | PutDown


@dataclass(frozen=True, slots=True)
class Handset:
    """One telephone. `script` is what its owner answers, turn by turn; None: a person answers.

    With `streams` False its calls carry no media stream, as when none can be opened.
    """

    number: str
    language: str
    script: tuple[Answer, ...] | None
    picks_up: bool = True
    streams: bool = True


class Handsets:
    """The telephones that are switched on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_number: dict[str, Handset] = {}

    def switch_on(self, handset: Handset) -> None:
        with self._lock:
            self._by_number[handset.number] = handset

    def find(self, number: str) -> Handset | None:
        with self._lock:
            return self._by_number.get(number)


def read_script(items: list[dict[str, Any]]) -> tuple[Answer, ...]:
    """Answers from JSON: `{"say": …}`, `{"press": …}` or `{"hang_up": true}` each.

    Raises `ValueError` for anything else.
    """
    return tuple(_read_answer(item) for item in items)


def _read_answer(item: dict[str, Any]) -> Answer:
    match item:
        case {"say": str(text)}:
            return Speak(text)
        case {"press": str(keys)}:
            return Press(keys)
        case {"hang_up": True}:
            return PutDown()
    raise ValueError(f"a script has say, press or hang_up items, not {item!r}")
