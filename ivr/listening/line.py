# SPDX-License-Identifier: Apache-2.0
"""One question to one caller, over the stream handler that serves calls, in the media's time."""

from __future__ import annotations

import base64
import json
import time
from collections import deque
from dataclasses import dataclass, replace

from ivr.audio import SILENCE
from ivr.dialog.replies import understand
from ivr.dialog.types import (
    ANSWERS,
    COMMANDS,
    Action,
    Answered,
    Event,
    Expect,
    HangUp,
    Heard,
    Listen,
    Meaning,
    Say,
)
from ivr.hearing import Hearing
from ivr.listening.channel import QUESTION_MS, Said
from ivr.stream.run import LineClosed, run
from ivr.took import UNTIMED, Took
from ivr.voice import Voice

_FRAME = 160
_FRAME_MS = 20
_WAIT_S = 60.0
_HEARS = ANSWERS | COMMANDS


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question.

    `decided_ms`: of the caller's sound, when the handler decided; None when it never did.
    `thinking_ms`: processor time of the frame that decided. `cpu_s`: of the whole stream.
    """

    meaning: Meaning | None
    decided_ms: int | None
    thinking_ms: float
    cpu_s: float

    def with_second(self, took_s: float) -> Answer:
        """As it would be, had a second opinion taken this much of a processor too."""
        thinking_ms = self.thinking_ms + took_s * 1000
        return replace(self, thinking_ms=thinking_ms, cpu_s=self.cpu_s + took_s)


def ask(said: Said, language: str, hearing: Hearing) -> Answer:
    """Ask for a yes or no, let the caller say it, and see what is made of it."""
    line = _Line(said.sound)
    dialogue = _Question(language, line)
    began_s = time.process_time()
    run(line, lambda start: dialogue, Voice(_Tone()), hearing)
    cpu_s = time.process_time() - began_s
    return Answer(dialogue.meaning, dialogue.decided_ms, dialogue.thinking_ms, cpu_s)


class _Question:
    """Asks once, takes what was heard as a dialog takes it, and hangs up."""

    attended = True

    def __init__(self, language: str, line: _Line) -> None:
        self.language = language
        self.meaning: Meaning | None = None
        self.decided_ms: int | None = None
        self.thinking_ms = 0.0
        self._line = line

    def step(self, event: Event, took: Took = UNTIMED) -> tuple[Action, ...]:
        match event:
            case Answered():
                return Say("reading_ask"), Listen(Expect.YES_NO, _WAIT_S, _HEARS)
            case Heard():
                self.meaning = understand(event, Expect.YES_NO, _HEARS).meaning
                self.decided_ms = self._line.spoken_ms
                self.thinking_ms = (time.process_time() - self._line.taken_s) * 1000
                return (HangUp(),)
        return ()


class _Tone:
    """A voice that says everything in one faint sound."""

    def speak(self, text: str, language: str, pace: float) -> bytes:
        return bytes([0x7E]) * (QUESTION_MS * 8)


class _Line:
    """Carries the caller's frames as fast as they are taken, and plays the question meanwhile."""

    def __init__(self, sound: bytes) -> None:
        self.spoken_ms = 0
        self.taken_s = 0.0
        self._sound = sound
        self._marks: deque[object] = deque()
        self._coming: deque[str] = deque()
        media_format = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        start = {"streamSid": "MZ", "callSid": "CA", "mediaFormat": media_format}
        self._put("start", start=start)

    def send(self, data: str) -> None:
        message = json.loads(data)
        if message["event"] == "mark":
            self._marks.append(message["mark"])

    def receive(self, timeout: float) -> str:
        if not self._coming:
            self._speak()
        return self._coming.popleft()

    def _speak(self) -> None:
        """20 ms pass."""
        if self.spoken_ms * 8 >= len(self._sound):
            raise LineClosed
        while self._marks and self.spoken_ms >= QUESTION_MS:
            self._put("mark", mark=self._marks.popleft())
        frame = self._sound[self.spoken_ms * 8 :][:_FRAME].ljust(_FRAME, SILENCE)
        payload = base64.b64encode(frame).decode()
        self._put("media", media={"timestamp": str(self.spoken_ms), "payload": payload})
        self.spoken_ms += _FRAME_MS
        self.taken_s = time.process_time()

    def _put(self, event: str, **body: object) -> None:
        self._coming.append(json.dumps({"event": event, "streamSid": "MZ", **body}))
