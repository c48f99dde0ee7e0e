# SPDX-License-Identifier: Apache-2.0
"""Prompts as sound: clips of one engine, joined with pauses, remembered if they hold no secret."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Protocol

from ivr.audio import PHONE_HZ, SILENCE

_SLOWEST, _FASTEST = 0.5, 1.5


class Engine(Protocol):
    """Makes sound of words."""

    def speak(self, text: str, language: str, pace: float) -> bytes:
        """Mu-law at 8 kHz, without silence around it. `pace` is relative to normal speed."""


class Spoken(Protocol):
    """A piece of a prompt: words, then a pause (`ivr.catalogue.Segment` is one)."""

    @property
    def text(self) -> str: ...

    @property
    def pause_ms(self) -> int: ...


class Voice:
    """Renders whole prompts; safe to share between threads.

    The newest `clips_kept` clips are kept in memory, never on disk. Of secret prompts (digits
    of a reading) only those words are kept that everybody hears: `common` ones of a language.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        common: Mapping[str, frozenset[str]] | None = None,
        clips_kept: int = 512,
    ) -> None:
        self._engine = engine
        self._common = common or {}
        self._clips_kept = clips_kept
        self._clips: OrderedDict[tuple[str, str, float], bytes] = OrderedDict()
        self._lock = Lock()

    def render(
        self, segments: Sequence[Spoken], language: str, pace: float = 1.0, *, secret: bool = False
    ) -> bytes:
        """Mu-law at 8 kHz, no header. Slower paces (0.5 to 1.5) also have longer pauses."""
        pace = min(max(pace, _SLOWEST), _FASTEST)
        sound = bytearray()
        for segment in segments:
            sound += self._clip(segment.text, language, pace, secret)
            sound += SILENCE * int(segment.pause_ms * PHONE_HZ / 1000 / pace)
        return bytes(sound)

    def _clip(self, text: str, language: str, pace: float, secret: bool) -> bytes:
        if not text.strip():
            return b""
        key = (text, language, pace)
        with self._lock:
            if key in self._clips:
                self._clips.move_to_end(key)
                return self._clips[key]
        clip = self._engine.speak(text, language, pace)
        if not secret or text in self._common.get(language, ()):
            self._keep(key, clip)
        return clip

    def _keep(self, key: tuple[str, str, float], clip: bytes) -> None:
        with self._lock:
            self._clips[key] = clip
            while len(self._clips) > self._clips_kept:
                self._clips.popitem(last=False)
