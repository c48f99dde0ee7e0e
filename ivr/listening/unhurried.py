# SPDX-License-Identifier: Apache-2.0
"""A second opinion that the line's time waits for, so that a busy machine measures the same."""

from __future__ import annotations

from collections.abc import Set
from concurrent.futures import Future, wait

from ivr.dialog.types import Heard, Meaning
from ivr.hearing.second import Considered, Second

_LATEST_S = 1.2  # as `Listener` has it; here of a processor's time
_NOTHING = Considered(Heard(Meaning.UNCLEAR, 0.0), 0.0)


class Unhurried:
    """Passes every question on and waits. What takes too much of a processor is still late."""

    def __init__(self, second: Second) -> None:
        self._second = second
        self._took_s = 0.0

    @property
    def languages(self) -> Set[str]:
        return self._second.languages

    def take_time_s(self) -> float:
        """Processor time of the last opinion since this was asked last."""
        took_s, self._took_s = self._took_s, 0.0
        return took_s

    def warm(self) -> list[Future[Considered]]:
        """Begin to load, and wait for it."""
        begun = self._second.warm()
        wait(begun)
        return begun

    def ask(self, language: str, utterance: bytes) -> Future[Considered] | None:
        """As `Second` has it; already done."""
        asked = self._second.ask(language, utterance)
        if asked is None:
            return None
        considered = asked.result()
        self._took_s = considered.took_s
        given: Future[Considered] = Future()
        given.set_result(considered if considered.took_s <= _LATEST_S else _NOTHING)
        return given
