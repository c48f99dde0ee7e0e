# SPDX-License-Identifier: Apache-2.0
"""Follows one turn of a stream, and tells how long its parts took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from ivr.stream.clock import MediaClock, Span
from ivr.took import Took


class TurnTimes:
    """The parts of the turn under way. What the caller did is told by the call's own clock, what
    we did by the wall."""

    def __init__(self, clock: MediaClock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._known_s = monotonic()
        self._voice_ms: int | None = None
        self._spoke_ms: int | None = None
        self._first_key_ms: int | None = None
        self._last_key_ms = 0

    def known(self) -> None:
        """What the caller meant is known: the next turn begins."""
        self._known_s = self._monotonic()
        self._voice_ms = self._spoke_ms = self._first_key_ms = None
        self._clock.forget_lag()

    def voiced(self) -> None:
        """The first sound of the answer has gone out."""
        if self._voice_ms is None:
            self._voice_ms = round((self._monotonic() - self._known_s) * 1000)
            self._spoke_ms = self._clock.now_ms

    def key(self) -> None:
        """A key was pressed."""
        self._last_key_ms = self._clock.now_ms
        if self._first_key_ms is None:
            self._first_key_ms = self._clock.now_ms

    @property
    def keys(self) -> Span | None:
        """From the first to the last key of this turn."""
        if self._first_key_ms is None:
            return None
        return Span(self._first_key_ms, self._last_key_ms)

    def took(self, asked_ms: int | None, answer: Span | None, thinking_ms: int = 0) -> Took:
        """The turn that ends with `answer`; `asked_ms` is when the question ended, if it has."""
        asking = Took(
            voice=self._voice_ms,
            question=_from(self._spoke_ms, asked_ms),
            behind=self._clock.lag_ms,
        )
        if answer is None:
            return asking
        return replace(
            asking,
            thought=_from(asked_ms, answer.began_ms),
            answer=answer.ended_ms - answer.began_ms,
            decision=self._clock.now_ms - answer.ended_ms + thinking_ms,
        )


def _from(first_ms: int | None, last_ms: int | None) -> int | None:
    return None if first_ms is None or last_ms is None else last_ms - first_ms
