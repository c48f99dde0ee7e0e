# SPDX-License-Identifier: Apache-2.0
"""Two recognisers of one language: what either is sure of, unless the other speaks against it."""

from __future__ import annotations

import math

from ivr.audio import decode
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.listener import Recogniser
from ivr.hearing.sayings import Answer
from ivr.hearing.sounds import Opinion, SoundReader


class Together:
    """The reader of sounds first: it is quick, and sure of short words. Then the words.

    A long phrase is told better by words, so a clear one counts where the sounds allow it.
    """

    def __init__(self, sounds: SoundReader, words: Recogniser) -> None:
        self._sounds = sounds
        self._words = words

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """Which of `hears` mu-law at 8 kHz means; None when there are no words in it."""
        if not utterance:
            return None
        opinion = self._sounds.opinion(decode(utterance))
        sure = opinion.sure_of(hears)
        if sure is not None:
            return _as_heard(sure, opinion)
        heard = self._words.recognise(utterance, hears)
        if heard is not None and heard.meaning is not Meaning.UNCLEAR:
            allowed = opinion.allows(Answer(heard.meaning, heard.number))
            return heard if allowed else Heard(Meaning.UNCLEAR, 0.0, heard.text)
        likely = opinion.inclines_to(hears)
        return heard if likely is None else _as_heard(likely, opinion)


def _as_heard(answer: Answer, opinion: Opinion) -> Heard:
    confidence = min(1.0, math.exp(opinion.by_sound[answer]))
    return Heard(answer.meaning, confidence, "", answer.number)
