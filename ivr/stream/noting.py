# SPDX-License-Identifier: Apache-2.0
"""When the words were spoken that a recogniser is given, and how long it thinks about them."""

from __future__ import annotations

import time
from collections.abc import Callable

from ivr.dialog.types import Heard, Meaning
from ivr.hearing import Recogniser
from ivr.hearing.endpoint import Patience
from ivr.stream.clock import MediaClock, Span

_PATIENCE = Patience()
_BYTES_A_MS = 8


class Noting:
    """A recogniser like the one it asks for; notes what `Took` wants to know.

    `late_ms` is how long ago the sound was on the line that comes to its ear now.
    """

    def __init__(
        self, recogniser: Callable[[], Recogniser | None], clock: MediaClock, late_ms: int = 0
    ) -> None:
        self._recogniser = recogniser
        self._clock = clock
        self._late_ms = late_ms
        self.span = Span(0, 0)
        self.thinking_ms = 0

    def span_of(self, utterance: bytes) -> Span:
        """When the words of an utterance that has just ended were spoken."""
        now_ms = self._clock.now_ms - self._late_ms
        began_ms = now_ms - len(utterance) // _BYTES_A_MS + _PATIENCE.before
        return Span(began_ms, max(began_ms, now_ms - _PATIENCE.hangover))

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """As `Recogniser` has it; None also where there is none for the language."""
        self.span = self.span_of(utterance)
        began = time.monotonic()
        recogniser = self._recogniser()
        heard = None if recogniser is None else recogniser.recognise(utterance, hears)
        self.thinking_ms = round((time.monotonic() - began) * 1000)
        return heard
