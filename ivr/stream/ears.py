# SPDX-License-Identifier: Apache-2.0
"""Both ears of a call: one for answers, after the question; one for commands, over our voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.dialog.types import Heard, Meaning
from ivr.hearing import Ask, Listener, Recogniser
from ivr.stream.clock import MediaClock, Span
from ivr.stream.noting import Noting
from ivr.stream.overhear import Overhearing


@dataclass(frozen=True, slots=True)
class Words:
    """What was heard, when it was spoken, and how long it took to make sense of it."""

    heard: Heard
    span: Span
    thinking_ms: int
    over_voice: bool = False


class Ears:
    """Takes every frame, whatever is wanted: where words begin and what is noise is learned from
    all of them."""

    def __init__(
        self,
        recogniser: Callable[[], Recogniser | None],
        clock: MediaClock,
        played: Callable[[Span], bytes],
        second: Ask,
    ) -> None:
        self._notes = Noting(recogniser, clock)
        self._answers = Listener(lambda: self._notes, second)
        self._commands = Overhearing(recogniser, clock, played)

    @property
    def open_for_answers(self) -> bool:
        return self._answers.is_open

    @property
    def busy(self) -> bool:
        """Whether somebody is speaking, or has said what may yet be completed."""
        return self._answers.busy

    def voice_begins(self, hears: frozenset[Meaning]) -> None:
        """From now on, commands of `hears`."""
        self._answers.close()
        self._commands.open(hears)

    def voice_ended(self, hears: frozenset[Meaning]) -> None:
        """The question has been asked: from now on, `hears`."""
        self._answers.open(hears)

    def close(self) -> None:
        """Nothing that is being said is wanted."""
        self._answers.close()
        self._commands.close()

    def feed(self, frame: bytes) -> Words | None:
        """Take 20 ms of mu-law; give what was said when it is complete.

        A word that began over our voice may end after it: both ears get every frame.
        """
        answer, command = self._answers.feed(frame), self._commands.feed(frame)
        if answer is not None:
            return self._words(answer, self._notes)
        if command is not None:
            return self._words(command, self._commands.notes, over_voice=True)
        if self._answers.is_open and not self._commands.busy:
            self._commands.close()
        return None

    def flush(self) -> Words | None:
        """The frames have stopped: what was said so far is all there will be."""
        answer = self._answers.flush()
        return None if answer is None else self._words(answer, self._notes)

    def _words(self, heard: Heard, notes: Noting, *, over_voice: bool = False) -> Words:
        return Words(heard, notes.span, notes.thinking_ms, over_voice)
