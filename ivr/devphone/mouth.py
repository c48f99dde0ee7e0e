# SPDX-License-Identifier: Apache-2.0
"""What a person on a call is told to say or press: when they are asked, or into the question."""

from __future__ import annotations

from collections import deque
from threading import Lock

from ivr.devphone.ear import Ear
from ivr.devphone.playout import FRAME_BYTES, QUIET_FRAME

_NOBODY_SPEAKS_S = 1.5  # the words to be answered were over before the answer was given


class Mouth:
    """One answer waits at most: a later one takes its place. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ear = Ear()
        self._waiting: list[bytes] = []
        self._waiting_keys = ""
        self._keys = ""
        self._speaking: deque[bytes] = deque()

    def hear(self, frame: bytes, more: bool) -> None:
        """20 ms of the service's sound."""
        with self._lock:
            self._ear.hear(frame, more)
            if self._ear.finished or self._ear.quiet_s >= _NOBODY_SPEAKS_S:
                self._speaking.extend(self._waiting)
                self._keys += self._waiting_keys
                self._waiting, self._waiting_keys = [], ""

    def answer(self, sound: bytes = b"", keys: str = "") -> None:
        """Make this mu-law sound, or press these keys, as soon as the service has finished what it
        says from now on."""
        with self._lock:
            self._ear.forget()
            self._waiting, self._waiting_keys = frames(sound), keys

    def interrupt(self, sound: bytes) -> None:
        """Make it at once."""
        with self._lock:
            self._waiting, self._waiting_keys = [], ""
            self._speaking = deque(frames(sound))

    def speak(self) -> bytes | None:
        """The next 20 ms, or None while silent."""
        with self._lock:
            return self._speaking.popleft() if self._speaking else None

    def press(self) -> str:
        """Keys since the last time."""
        with self._lock:
            keys, self._keys = self._keys, ""
            return keys


def frames(sound: bytes) -> list[bytes]:
    """`sound` in pieces of 20 ms, the last filled up with silence."""
    return [
        (sound[start : start + FRAME_BYTES] + QUIET_FRAME)[:FRAME_BYTES]
        for start in range(0, len(sound), FRAME_BYTES)
    ]
