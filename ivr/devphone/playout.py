# SPDX-License-Identifier: Apache-2.0
"""What the service has sent and the caller has not heard yet: sound, and marks between it."""

from __future__ import annotations

from collections import deque

from ivr.audio import SILENCE

FRAME_S = 0.02
FRAME_BYTES = 160  # 20 ms of mu-law at 8 kHz
QUIET_FRAME = SILENCE * FRAME_BYTES


class Playout:
    """A buffer played in order at real pace; filled as fast as the service likes."""

    def __init__(self) -> None:
        self._sound = bytearray()
        self._queued_bytes = 0  # ever since the start; marks remember their place in it
        self._played_bytes = 0
        self._marks: deque[tuple[int, str]] = deque()

    @property
    def empty(self) -> bool:
        return not self._sound

    def add(self, sound: bytes) -> None:
        self._sound += sound
        self._queued_bytes += len(sound)

    def mark(self, name: str) -> None:
        """Ask to be told when everything added before has been played."""
        self._marks.append((self._queued_bytes, name))

    def take(self) -> bytes:
        """The next 20 ms, filled up with silence."""
        frame = bytes(self._sound[:FRAME_BYTES])
        del self._sound[:FRAME_BYTES]
        self._played_bytes += len(frame)
        return frame + QUIET_FRAME[len(frame) :]

    def passed(self) -> list[str]:
        """Marks whose sound has been played by now, each told once."""
        names = []
        while self._marks and self._marks[0][0] <= self._played_bytes:
            names.append(self._marks.popleft()[1])
        return names

    def clear(self) -> list[str]:
        """Throw the rest away. All outstanding marks come back, as Twilio documents."""
        self._played_bytes = self._queued_bytes
        self._sound.clear()
        return self.passed()
