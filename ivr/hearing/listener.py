# SPDX-License-Identifier: Apache-2.0
"""One call's ear: frames in, answers out, only while an answer is wanted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from ivr.dialog.types import Heard, Meaning
from ivr.hearing.endpoint import FRAME_BYTES, FRAME_MS, Endpointer
from ivr.hearing.second import Considered

_EARLY_MS = 300  # people answer just before the question has ended
QUIET_MS = 600  # before a word over our voice: in the middle of other speech it is not said to us
_SECOND_THOUGHT_MS = 600  # "아니요 … 틀렸습니다": an unclear part may be completed
_SECOND_OPINION_MS = 1200  # a caller waits no longer for a better answer than "again"
_LONGEST_BYTES = 8 * 6000

Ask = Callable[[bytes, frozenset[Meaning]], Future[Considered] | None]
"""Asks for a second opinion on an utterance; None when nobody is there to give one."""


def nobody(utterance: bytes, hears: frozenset[Meaning]) -> None:
    """There is no second opinion."""


class Recogniser(Protocol):
    """Makes meaning of one utterance."""

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """What mu-law at 8 kHz means, of `hears`; None when there are no words in it."""


class Listener:
    """Cuts utterances out of all frames, and has them recognised while it is open.

    `recogniser` is asked for when the first utterance has ended: it may take time to load.
    None means that this language cannot be heard. What it finds unclear, `second` is asked
    about; meanwhile the caller may go on, and what comes too late does not count.
    """

    def __init__(self, recogniser: Callable[[], Recogniser | None], second: Ask = nobody) -> None:
        self._recogniser = recogniser
        self._second = second
        self._opinion: Future[Considered] | None = None
        self._endpointer = Endpointer()
        self._frame = 0
        self._last_speech_at = -QUIET_MS // FRAME_MS
        self._opened_at: int | None = None
        self._hears: frozenset[Meaning] = frozenset()
        self._unclear: Heard | None = None
        self._unclear_sound = b""
        self._unclear_at = 0

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None

    @property
    def busy(self) -> bool:
        """Whether somebody is speaking, or has said what may yet be completed."""
        return self._endpointer.speaking or self._unclear is not None

    def open(self, hears: frozenset[Meaning]) -> None:
        """The question has been asked: what is said from now on means one of `hears`."""
        self._opened_at = self._frame
        self._hears = hears

    def close(self) -> None:
        """No answer is wanted: what is being said is not one."""
        self._opened_at = None
        self._forget()

    def feed(self, frame: bytes) -> Heard | None:
        """Take 20 ms of mu-law; give an answer when one is complete."""
        self._frame += 1
        ended = self._endpointer.feed(frame, wanted=self.is_open)
        if ended is not None:
            heard = self._hear(ended)
            self._last_speech_at = self._frame - self._endpointer.patience.hangover // FRAME_MS
            return heard
        if self._unclear is None or self._endpointer.speaking:
            return None
        waited_ms = (self._frame - self._unclear_at) * FRAME_MS
        patience_ms = _SECOND_THOUGHT_MS if self._opinion is None else _SECOND_OPINION_MS
        return self._clearer() or (self._give_up() if waited_ms >= patience_ms else None)

    def flush(self) -> Heard | None:
        """The frames have stopped: what was said so far is all there will be."""
        ended = self._endpointer.flush()
        heard = self._hear(ended) if ended is not None else None
        return heard or self._clearer() or self._give_up()

    def _hear(self, utterance: bytes) -> Heard | None:
        if not self._is_an_answer(utterance):
            return None
        recogniser = self._recogniser()
        if recogniser is None:
            return None
        together = self._unclear_sound + utterance
        self._opinion = None
        heard = recogniser.recognise(together, self._hears)
        if heard is None or heard.meaning is not Meaning.UNCLEAR:
            return heard
        self._unclear, self._unclear_sound, self._unclear_at = heard, together, self._frame
        self._opinion = self._second(together, self._hears)
        return self._give_up() if len(together) >= _LONGEST_BYTES else None

    def _is_an_answer(self, utterance: bytes) -> bool:
        """Whether it began after the question, or at its very end, as a beginning."""
        if self._opened_at is None:
            return False
        before_ms = self._endpointer.patience.before
        began_at = self._frame - len(utterance) // FRAME_BYTES + before_ms // FRAME_MS
        if began_at >= self._opened_at:
            return True
        early = began_at >= self._opened_at - _EARLY_MS // FRAME_MS
        return early and began_at - self._last_speech_at >= QUIET_MS // FRAME_MS

    def _give_up(self) -> Heard | None:
        heard = self._unclear
        self._forget()
        return heard

    def _clearer(self) -> Heard | None:
        """What the second opinion makes of it, once it is there and clear."""
        if self._opinion is None or not self._opinion.done():
            return None
        opinion, self._opinion = self._opinion, None
        if opinion.exception() is not None:
            return None
        heard = opinion.result().heard
        if heard.meaning is Meaning.UNCLEAR:
            return None
        self._forget()
        return heard

    def _forget(self) -> None:
        self._unclear, self._unclear_sound, self._opinion = None, b"", None
