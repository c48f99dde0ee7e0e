# SPDX-License-Identifier: Apache-2.0
"""An open telephone line: every 20 ms, sound goes both ways and keys may be pressed."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from ivr.devphone.playout import FRAME_S, QUIET_FRAME, Playout
from ivr.devphone.recording import Recording
from ivr.devphone.tones import key_tone, line_noise

_LATE_FRAMES = 10  # further behind than this, the gap is silence and not caught up with


class Clock(Protocol):
    """Seconds on any monotonic scale; tests have one that does not wait."""

    def now(self) -> float: ...

    def wait_until(self, at: float) -> None: ...


class RealClock:
    def now(self) -> float:
        return time.monotonic()

    def wait_until(self, at: float) -> None:
        time.sleep(max(0.0, at - time.monotonic()))


class Person(Protocol):
    """Whoever holds the telephone: a script, or somebody at the browser."""

    @property
    def hung_up(self) -> bool: ...

    def hear(self, frame: bytes, more: bool) -> None:
        """20 ms of the service's sound; `more` tells whether further sound is waiting."""

    def speak(self) -> bytes | None:
        """20 ms of speech, or None while silent."""

    def press(self) -> str:
        """Keys pressed since the last time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What 20 ms brought: the caller's sound, their keys, and marks that were reached."""

    sound: bytes
    keys: str
    marks: tuple[str, ...]


class Line:
    """Ticks by absolute deadlines, so that sound is neither late nor drifts."""

    def __init__(self, person: Person, clock: Clock) -> None:
        self.person = person
        self.playout = Playout()
        self.recording = Recording()
        self._clock = clock
        self._start = clock.now()
        self._ticks = 0
        self._tones: deque[bytes] = deque()

    @property
    def elapsed_s(self) -> float:
        """Time on the line, as recorded."""
        return self._ticks * FRAME_S

    def tick(self) -> Moment:
        """Wait for the next 20 ms and pass them both ways."""
        self._leave_gap()
        self._ticks += 1
        self._clock.wait_until(self._start + self._ticks * FRAME_S)
        frame = self.playout.take()
        self.person.hear(frame, not self.playout.empty)
        sound = self.person.speak() or line_noise()[self._ticks % len(line_noise())]
        keys = self.person.press()
        for key in keys:
            self._tones.extend(key_tone(key))
        self.recording.add(frame, self._tones.popleft() if self._tones else sound)
        return Moment(QUIET_FRAME if self._tones else sound, keys, tuple(self.playout.passed()))

    def _leave_gap(self) -> None:
        """Nobody heard anything while a webhook was answered: that is silence, not a backlog."""
        behind = int((self._clock.now() - self._start) / FRAME_S) - self._ticks
        if behind > _LATE_FRAMES:
            self.recording.add_silence(behind)
            self._ticks += behind
