# SPDX-License-Identifier: Apache-2.0
"""One call's session against a phone line in virtual time and a conversation that follows a plan.

Playback, clock, keypad and end-pointing are real; the recogniser is told what it hears.
"""

from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from stream_caller import PhoneLine, Script

from ivr.audio import Samples, encode
from ivr.dialog.types import (
    Action,
    Event,
    Expect,
    HangUp,
    Heard,
    HungUp,
    Listen,
    Meaning,
    Say,
)
from ivr.hearing import Hearing, Recogniser
from ivr.stream.protocol import Started
from ivr.stream.run import run
from ivr.took import UNTIMED, Took
from ivr.voice import Voice

ASK = (Say("reading_ask"), Listen(Expect.YES_NO, 7.0))
KEY_IN = (Say("keying"), Listen(Expect.DIGITS, 15.0))
WAIT = (Say("waiting_again"), Listen(Expect.PHOTO, 20.0))
BYE = (Say("goodbye_done"), HangUp())
YES = Heard(Meaning.YES, 0.9, "네")
UNCLEAR = Heard(Meaning.UNCLEAR, 0.0, "각")


class Plan:
    """A conversation that answers event after event with what it was given."""

    language = "ko"
    attended = True

    def __init__(self, *turns: tuple[Action, ...]) -> None:
        self.turns = list(turns)
        self.events: list[Event] = []
        self.took: list[Took] = []

    def step(self, event: Event, took: Took = UNTIMED) -> tuple[Action, ...]:
        self.events.append(event)
        self.took.append(took)
        return self.turns.pop(0) if self.turns and not isinstance(event, HungUp) else ()


class Beeper:
    """A voice that takes 100 ms a letter."""

    def speak(self, text: str, language: str, pace: float) -> bytes:
        return encode(speech(len(text) / 10))


@dataclass
class Ears(Recogniser):
    """Hears what it was told it would."""

    hears: list[Heard | None]
    sounds: list[bytes] = field(default_factory=list)
    asked: list[frozenset[Meaning]] = field(default_factory=list)

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        self.sounds.append(utterance)
        self.asked.append(hears)
        return self.hears.pop(0)


class EarsAtHand(Hearing):
    """The recognisers of an installation that has just these."""

    def __init__(self, ears: Recogniser | None) -> None:
        super().__init__(Path())
        self._ears = ears

    def warm(self, language: str) -> Future[Recogniser | None]:
        loaded: Future[Recogniser | None] = Future()
        loaded.set_result(self._ears)
        return loaded


def speech(seconds: float) -> Samples:
    """Sound that the voice detector takes for a voice: a buzz of 140 Hz with two formants."""
    time = np.arange(int(8000 * seconds)) / 8000
    buzz = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return (0.15 * swell * buzz).astype(np.float32)


def call(
    script: Script,
    plan: Plan,
    *hears: Heard | None,
    returns_cleared_marks: bool = True,
    ears: Ears | None = None,
) -> PhoneLine:
    line = PhoneLine(script, returns_cleared_marks=returns_cleared_marks)

    def admit(start: Started) -> Plan | None:
        return plan if start.parameters["token"] == "good" else None

    hearing = EarsAtHand(ears or Ears(list(hears)))
    run(line, admit, Voice(Beeper()), hearing, lambda: line.wall_ms / 1000)
    return line


VOICE = encode(speech(0.6))
