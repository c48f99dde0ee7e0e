# SPDX-License-Identifier: Apache-2.0
"""One caller: sends a frame every 20 ms, plays what comes, and says yes to every question."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ivr.load.words import quiet_frame

FRAME_S = 0.02
_THOUGHT_S = (0.4, 1.5)
_START = {"tracks": ["inbound"], "mediaFormat": {
    "encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}  # fmt: skip


@dataclass(slots=True)
class Measured:
    """What one or many callers noted: `delays_s` from the end of a word to the first sound in
    answer, `unanswered` words, and how late our own frames went out (`late_s`)."""

    delays_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    late_s: list[float] = field(default_factory=list)


class Caller:
    """One call, in seconds of the event loop's clock.

    A word that nothing follows for `patience_s` counts as unanswered, and is said again.
    """

    def __init__(
        self,
        socket: ClientConnection,
        parameters: Mapping[str, str],
        words: Sequence[Sequence[bytes]],
        measured: Measured,
        seed: int,
        patience_s: float = 4.0,
    ) -> None:
        self._socket = socket
        self._parameters = parameters
        self._random = random.Random(seed)
        self._words = [[base64.b64encode(frame).decode() for frame in word] for word in words]
        quiet = (quiet_frame(self._random) for _ in range(64))
        self._quiet = [base64.b64encode(frame).decode() for frame in quiet]
        self._measured = measured
        self._patience_s = patience_s
        self._now = asyncio.get_running_loop().time
        self._playing_until = 0.0
        self._marks: deque[tuple[float, str]] = deque()
        self._speaking: deque[str] = deque()
        self._said_at: float | None = None
        self._speaks_at: float | None = None

    async def talk(self, until: float) -> None:
        """From the start message to the end of the call, or until then."""
        stream = {"streamSid": "MZ1", "callSid": f"CA{self._parameters['call']}"}
        start = stream | _START | {"customParameters": dict(self._parameters)}
        await self._send("connected", protocol="Call", version="1.0.0")
        await self._send("start", start=start)
        hearing = asyncio.create_task(self._hear())
        try:
            await self._pace(until, hearing)
        except ConnectionClosed:
            return  # the goodbye was said between two frames
        finally:
            hearing.cancel()

    async def _pace(self, until: float, hearing: asyncio.Task[None]) -> None:
        """Frames by absolute deadlines: one that was late makes none after it late."""
        began, sent = self._now(), 0
        while not hearing.done() and self._now() < until:
            due = began + sent * FRAME_S
            await asyncio.sleep(max(0.0, due - self._now()))
            self._measured.late_s.append(self._now() - due)
            await self._send_frame(sent)
            await self._return_marks()
            sent += 1

    async def _send_frame(self, index: int) -> None:
        self._decide()
        speaking = bool(self._speaking)
        payload = self._speaking.popleft() if speaking else self._random.choice(self._quiet)
        await self._socket.send(
            '{"event":"media","streamSid":"MZ1","media":{"track":"inbound","chunk":"1",'
            f'"timestamp":"{index * 20}","payload":"{payload}"}}}}'
        )
        if speaking and not self._speaking:
            self._said_at = self._now()

    def _decide(self) -> None:
        """When the question has been heard: think, then answer; when nothing follows, again."""
        now = self._now()
        if self._speaking or self._playing_until == 0 or now < self._playing_until:
            return
        if self._said_at is not None:
            self._wait(now - self._said_at)
        elif self._speaks_at is None:
            self._speaks_at = now + self._random.uniform(*_THOUGHT_S)
        elif now >= self._speaks_at:
            self._speaks_at = None
            self._speaking.extend(self._random.choice(self._words))

    def _wait(self, waited_s: float) -> None:
        if waited_s > self._patience_s:
            self._measured.unanswered += 1
            self._said_at = None

    async def _hear(self) -> None:
        """Until the other side closes."""
        async for text in self._socket:
            message = json.loads(text)
            match message["event"]:
                case "media":
                    self._play(base64.b64decode(message["media"]["payload"]))
                case "mark":
                    self._marks.append((self._playing_until, message["mark"]["name"]))
                case "clear":
                    self._playing_until = self._now()

    def _play(self, sound: bytes) -> None:
        now = self._now()
        if self._said_at is not None:
            self._measured.delays_s.append(now - self._said_at)
            self._said_at = None
        self._playing_until = max(self._playing_until, now) + len(sound) / 8000

    async def _return_marks(self) -> None:
        while self._marks and self._marks[0][0] <= self._now():
            await self._send("mark", mark={"name": self._marks.popleft()[1]})

    async def _send(self, event: str, **body: object) -> None:
        await self._socket.send(json.dumps({"event": event, "streamSid": "MZ1", **body}))
