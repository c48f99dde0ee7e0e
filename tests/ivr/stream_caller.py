# SPDX-License-Identifier: Apache-2.0
"""A phone line without a phone, in virtual time: what tests of the media stream talk to.

A script is a generator that acts (`press`, `speak`, `stop`, ...) and yields once every 20 ms.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ivr.audio import SILENCE, Samples, decode, encode
from ivr.stream.run import LineClosed

FRAME = 160
Script = Callable[["PhoneLine"], Iterator[None]]


class PhoneLine:
    """Plays what it is sent at 20 ms a frame and answers as Twilio does.

    `returns_cleared_marks`: whether a clear returns the marks of what it threw away. Twilio's
    pages say so, others do the opposite. `frozen`: time goes on, but no frame comes. `echo` is
    the share of what is played that comes back with the caller's voice, 240 ms later.
    """

    def __init__(self, script: Script, *, returns_cleared_marks: bool = True) -> None:
        self.now_ms = self.wall_ms = 0
        self.echo = 0.0
        self._air: deque[Samples] = deque([np.zeros(FRAME, dtype=np.float32)] * 12)
        self.sent: list[dict[str, Any]] = []
        self.frozen = False
        self.closed = False
        self._returns_cleared_marks = returns_cleared_marks
        self._script = script(self)
        self._speech = bytearray()
        self._playing: deque[bytes | str] = deque()
        self._coming: deque[str] = deque()
        self.put("connected", protocol="Call", version="1.0.0")
        self.put(
            "start",
            start={
                "accountSid": "AC1",
                "streamSid": "MZ1",
                "callSid": "CA1",
                "tracks": ["inbound"],
                "customParameters": {"call": "7", "token": "good"},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            },
        )

    # ---- what a script does

    def press(self, keys: str) -> None:
        for key in keys:
            self.put("dtmf", dtmf={"track": "inbound_track", "digit": key})

    def speak(self, sound: bytes) -> None:
        self._speech += sound

    def stop(self) -> None:
        self.put("stop", stop={"accountSid": "AC1", "callSid": "CA1"})

    def put(self, event: str, **body: Any) -> None:
        self._coming.append(json.dumps({"event": event, "streamSid": "MZ1", **body}))

    def put_text(self, text: str) -> None:
        self._coming.append(text)

    def wait(self, ms: int) -> Iterator[None]:
        for _ in range(ms // 20):
            yield

    def hear_out(self) -> Iterator[None]:
        """Wait until the service begins to speak, and until it has spoken."""
        while not self._playing:
            yield
        while self._playing:
            yield
        yield

    @property
    def is_playing(self) -> bool:
        return bool(self._playing)

    @property
    def sound_ms(self) -> int:
        """How long what the service has sent takes to play."""
        payloads = (message["media"]["payload"] for message in self.events("media"))
        return sum(len(base64.b64decode(payload)) for payload in payloads) // 8

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.sent if message["event"] == kind]

    # ---- the socket

    def send(self, data: str) -> None:
        if self.closed:
            raise LineClosed
        message = json.loads(data)
        self.sent.append(message)
        match message["event"]:
            case "media":
                sound = base64.b64decode(message["media"]["payload"])
                self._playing.extend(sound[i : i + FRAME] for i in range(0, len(sound), FRAME))
            case "mark":
                self._playing.append(message["mark"]["name"])
            case "clear":
                self._clear()

    def receive(self, timeout: float) -> str | None:
        if not self._coming and not self.closed:
            self._go_on()
        if self.closed:
            raise LineClosed
        return self._coming.popleft() if self._coming else None

    def _clear(self) -> None:
        names = [piece for piece in self._playing if isinstance(piece, str)]
        self._playing.clear()
        if self._returns_cleared_marks:
            for name in names:
                self.put("mark", mark={"name": name})

    def _go_on(self) -> None:
        """20 ms pass."""
        try:
            next(self._script)
        except StopIteration:
            self.closed = True
            return
        self.wall_ms += 20
        if self.frozen:
            return
        frame = bytes(self._speech[:FRAME])
        del self._speech[:FRAME]
        payload = base64.b64encode(self._mixed(frame, self._play())).decode()
        media = {"track": "inbound", "chunk": "1", "timestamp": str(self.now_ms)}
        self.put("media", media={**media, "payload": payload})
        self.now_ms += 20

    def _mixed(self, spoken: bytes, played: bytes) -> bytes:
        """A frame of the caller's, with the echo of what was played a while ago."""
        self._air.append(decode(played + SILENCE * (FRAME - len(played))))
        echo = self._air.popleft() * np.float32(self.echo)
        voice = spoken + SILENCE * (FRAME - len(spoken))
        return encode(decode(voice) + echo) if self.echo else voice

    def _play(self) -> bytes:
        """One frame of what was sent, and the marks before and behind it."""
        played: bytes | None = None
        while self._playing:
            piece = self._playing[0]
            if isinstance(piece, str):
                self.put("mark", mark={"name": piece})
            elif played is not None:
                break
            else:
                played = piece
            self._playing.popleft()
        return played or b""
