# SPDX-License-Identifier: Apache-2.0
"""A caller at the browser: microphone in, earpiece out, keys from the page."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Lock

from ivr.devphone.mouth import Mouth
from ivr.devphone.playout import FRAME_BYTES
from ivr.devphone.tones import KEYS

_MOST_BEHIND_BYTES = FRAME_BYTES * 25  # half a second of microphone; older sound is dropped
_MOST_UNHEARD_FRAMES = 100


class BrowserCaller:
    """Joins the thread of the call (every 20 ms) with the threads of the page's requests.

    `mouth` is for those who have no microphone: a test, a scripted dialog.
    """

    def __init__(self) -> None:
        self.earpiece: Queue[bytes] = Queue(_MOST_UNHEARD_FRAMES)
        self.mouth = Mouth()
        self._lock = Lock()
        self._microphone = bytearray()
        self._keys = ""
        self._put_down = Event()

    @property
    def hung_up(self) -> bool:
        return self._put_down.is_set()

    def hear(self, frame: bytes, more: bool) -> None:
        self.mouth.hear(frame, more)
        with suppress(Full):  # nobody listens at the page just now
            self.earpiece.put_nowait(frame)

    def speak(self) -> bytes | None:
        return self.mouth.speak() or self._from_microphone()

    def _from_microphone(self) -> bytes | None:
        with self._lock:
            if len(self._microphone) < FRAME_BYTES:
                return None
            frame = bytes(self._microphone[:FRAME_BYTES])
            del self._microphone[:FRAME_BYTES]
            return frame

    def press(self) -> str:
        with self._lock:
            keys, self._keys = self._keys, ""
            return keys + self.mouth.press()

    def add_sound(self, sound: bytes) -> None:
        """Mu-law from the page's microphone."""
        with self._lock:
            self._microphone += sound
            del self._microphone[: max(0, len(self._microphone) - _MOST_BEHIND_BYTES)]

    def add_keys(self, keys: str) -> None:
        with self._lock:
            self._keys += "".join(key for key in keys if key in KEYS)

    def put_down(self) -> None:
        self._put_down.set()

    def next_sound(self, timeout_s: float) -> bytes | None:
        """What the service said next, or None if nothing came."""
        try:
            return self.earpiece.get(timeout=timeout_s)
        except Empty:
            return None
