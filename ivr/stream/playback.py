# SPDX-License-Identifier: Apache-2.0
"""What the caller hears from us: sent ahead of time, followed by marks, cut short at will."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ivr.audio import PHONE_HZ, SILENCE
from ivr.stream.clock import MediaClock, Span
from ivr.stream.protocol import clear, mark, play

_PIECE_BYTES = PHONE_HZ * 400 // 1000  # 400 ms a message: small on the wire, few of them
_LATE_MS = 600  # a mark may come this much after its sound should have ended


class Line(Protocol):
    """Where messages go."""

    def send(self, data: str) -> None: ...


class Playback:
    """Knows what is still playing, by marks, and by the clock where marks stay away.

    Twilio plays what it was sent in order, however early it came, so "sent" is not "heard".
    Marks are named `generation:index`. After a clear the marks of what was thrown away may
    come back or not: they belong to an older generation and prove nothing.
    """

    def __init__(self, line: Line, stream_sid: str, clock: MediaClock) -> None:
        self._send: Callable[[str], None] = line.send
        self._stream_sid = stream_sid
        self._clock = clock
        self._generation = 0
        self._index = 0
        self._played = bytearray()  # of this generation, up to `_ends_ms`
        self._ends_ms = 0
        self._ended_ms: int | None = 0

    @property
    def ended_ms(self) -> int | None:
        """When the last of what was sent had been heard; None while it is still playing."""
        if self._ended_ms is None and self._clock.now_ms >= self._ends_ms + _LATE_MS:
            self._ended_ms = self._ends_ms
        return self._ended_ms

    def say(self, sound: bytes) -> None:
        """Play after what is playing, and expect a mark."""
        if not sound:
            return
        self._play(sound)
        self._index += 1
        self._ended_ms = None
        self._send(mark(self._stream_sid, self._newest()))

    def hum(self, sound: bytes) -> None:
        """Play a sign of life: nothing waits for its end."""
        self._play(sound)

    def stop(self) -> None:
        """Fall silent at once and forget what was not heard."""
        speaking, now_ms = self.ended_ms is None, self._clock.now_ms
        if speaking or now_ms < self._ends_ms:
            self._send(clear(self._stream_sid))
        self._generation += 1
        self._index = 0
        self._played.clear()
        self._ends_ms = min(self._ends_ms, now_ms)
        if speaking:
            self._ended_ms = now_ms

    def marked(self, name: str) -> None:
        """A mark came back."""
        if self._ended_ms is None and name == self._newest():
            self._ended_ms = self._ends_ms = self._clock.now_ms

    def played(self, span: Span) -> bytes:
        """What was on its way to the caller's ear then; silence where that was nothing."""
        begins_ms = self._ends_ms - len(self._played) * 1000 // PHONE_HZ
        first, last = ((ms - begins_ms) * PHONE_HZ // 1000 for ms in (span.began_ms, span.ended_ms))
        sound = bytes(self._played[max(0, first) : max(0, last)])
        return SILENCE * min(-first, last - first) + sound if first < 0 else sound

    def _newest(self) -> str:
        return f"{self._generation}:{self._index}"

    def _play(self, sound: bytes) -> None:
        for start in range(0, len(sound), _PIECE_BYTES):
            self._send(play(self._stream_sid, sound[start : start + _PIECE_BYTES]))
        begins_ms = max(self._ends_ms, self._clock.now_ms)
        if begins_ms > self._ends_ms:
            self._played.clear()
        self._played += sound
        self._ends_ms = begins_ms + len(sound) * 1000 // PHONE_HZ
