# SPDX-License-Identifier: Apache-2.0
"""Commands spoken over our own voice: what may interrupt it, and what must not.

While a prompt plays, the caller's line carries more than the caller: an echo of the prompt, a
television, a child, a telephone's own screen reader. A command is one short, loud, clear word
from the few that may be said, with quiet before it, and not ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from ivr.audio import PHONE_HZ, SILENCE, Samples, active_dbfs, decode
from ivr.audio.mulaw import decode_pcm16
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing import Listener, Recogniser
from ivr.hearing.endpoint import FRAME_BYTES, FRAME_MS
from ivr.hearing.listener import QUIET_MS
from ivr.stream.clock import MediaClock, Span
from ivr.stream.echo import ECHO_MS, is_echo
from ivr.stream.noting import Noting

_SUREST = 0.8  # confidence: a command not heard can be said again, a false one loses the thread
_LOUD_DBFS = -36.0  # a caller's word; an echo or another room is fainter
_GATE_DBFS = -40.0  # of one frame: what is fainter does not join words together
_BEFORE, _AFTER = 6, 5  # frames kept around a loud one: soft consonants, endings
_LONGEST_MS = 2000
_QUIET_FRAME = SILENCE * FRAME_BYTES


class Gate:
    """Lets loud frames pass, and those around them; others become silence."""

    LATE_MS = _BEFORE * FRAME_MS

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque([_QUIET_FRAME] * _BEFORE, maxlen=_BEFORE + 1)
        self._open = 0

    def pass_on(self, frame: bytes) -> bytes:
        self._waiting.append(frame)
        loud = _level_dbfs(frame) >= _GATE_DBFS
        self._open = _BEFORE + 1 + _AFTER if loud else max(0, self._open - 1)
        passed = self._waiting[0]
        return passed if self._open else _QUIET_FRAME


class Overhearing:
    """An ear that is open while our voice speaks, and hears commands only.

    `played` gives the mu-law that was playing in a span of the call, to compare it with what was
    heard.
    """

    def __init__(
        self,
        recogniser: Callable[[], Recogniser | None],
        clock: MediaClock,
        played: Callable[[Span], bytes],
    ) -> None:
        self.notes = Noting(recogniser, clock, Gate.LATE_MS)
        self._played = played
        self._gate = Gate()
        self._listener = Listener(lambda: self)
        self._commands: frozenset[Meaning] = frozenset()
        self._last_speech_ms = -QUIET_MS

    @property
    def busy(self) -> bool:
        """Whether a word that began over our voice may still end."""
        return self._listener.is_open and self._listener.busy

    def open(self, hears: frozenset[Meaning]) -> None:
        """The voice begins; of `hears`, what may be said at any time may be said over it.

        Yes and no are listened for too, so that none of them is taken for a command. More words
        would only be more to mistake: with all there are, 4 of 252 clips of other speech were.
        """
        self._commands = hears & COMMANDS
        self._listener.close()
        if self._commands:
            self._listener.open(self._commands | ANSWERS)

    def close(self) -> None:
        """The voice is silent, or nothing may interrupt it."""
        self._listener.close()

    def feed(self, frame: bytes) -> Heard | None:
        """Take 20 ms of mu-law; give a command when one is complete."""
        return self._listener.feed(self._gate.pass_on(frame))

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """The command that `utterance` is, None when it is none (`Listener` asks this)."""
        span = self.notes.span_of(utterance)
        if not self._is_voice(decode(utterance), span):
            return None
        quiet_ms = span.began_ms - self._last_speech_ms
        self._last_speech_ms = span.ended_ms
        if quiet_ms < QUIET_MS or span.ended_ms - span.began_ms > _LONGEST_MS:
            return None
        heard = self.notes.recognise(utterance, hears)
        if heard is None or heard.meaning not in self._commands or heard.confidence < _SUREST:
            return None
        return heard

    def _is_voice(self, sound: Samples, span: Span) -> bool:
        """Whether somebody is speaking: loud enough, and not with our own words."""
        if active_dbfs(sound) < _LOUD_DBFS:
            return False
        length_ms = sound.size * 1000 // PHONE_HZ
        first_ms = span.ended_ms - length_ms - ECHO_MS
        return not is_echo(sound, decode(self._played(Span(first_ms, span.ended_ms + FRAME_MS))))


def _level_dbfs(frame: bytes) -> float:
    power = np.square(decode_pcm16(frame), dtype=np.float32).mean() / 32768**2
    return float(10 * np.log10(power + 1e-9))
