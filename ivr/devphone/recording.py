# SPDX-License-Identifier: Apache-2.0
"""Both sides of a call on one timeline, for `call.wav`: the service left, the caller right."""

from __future__ import annotations

import io
import wave

import numpy as np

from ivr.audio import PHONE_HZ, decode, to_pcm16
from ivr.devphone.playout import QUIET_FRAME


class Recording:
    """Grows by 20 ms of both sides at a time, so the sides cannot drift apart."""

    def __init__(self) -> None:
        self._service = bytearray()
        self._caller = bytearray()

    @property
    def length_s(self) -> float:
        return len(self._service) / PHONE_HZ

    def add(self, service: bytes, caller: bytes) -> None:
        self._service += service
        self._caller += caller

    def add_silence(self, frames: int) -> None:
        self.add(QUIET_FRAME * frames, QUIET_FRAME * frames)

    def wav(self) -> bytes:
        """A stereo WAV, 16-bit, 8 kHz."""
        length = min(len(self._service), len(self._caller))  # a frame may be being added
        sides = [to_pcm16(decode(bytes(side[:length]))) for side in (self._service, self._caller)]
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(PHONE_HZ)
            file.writeframes(np.stack(sides, axis=1).astype("<i2").tobytes())
        return out.getvalue()
