# SPDX-License-Identifier: Apache-2.0
"""What sounds and words say together, and what sounds say where nobody knows the words."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from ivr.audio import decode
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.listener import Recogniser
from ivr.hearing.sayings import Answer
from ivr.hearing.sounds import PLAUSIBLE, Opinion, SoundReader


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
        opinions = self._sounds.opinions(decode(utterance))
        return _surely(opinions, hears) or self._by_words(utterance, hears, opinions)

    def _by_words(
        self, utterance: bytes, hears: frozenset[Meaning], opinions: Sequence[Opinion]
    ) -> Heard | None:
        """A clear word that the sounds allow; where no word is clear, what the sounds are like."""
        heard = self._words.recognise(utterance, hears)
        if heard is None or heard.meaning is Meaning.UNCLEAR:
            return _likely(opinions, hears) or heard
        answer = Answer(heard.meaning, heard.number)
        allowed = any(opinion.allows(answer) for opinion in opinions)
        return heard if allowed else Heard(Meaning.UNCLEAR, 0.0, heard.text)


class Alone:
    """The reader of sounds, in a language for which there is no recogniser of words."""

    def __init__(self, sounds: SoundReader) -> None:
        self._sounds = sounds

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """Which of `hears` mu-law at 8 kHz means; None when there is no speech in it."""
        if not utterance:
            return None
        opinions = self._sounds.opinions(decode(utterance))
        if not any(opinion.speech for opinion in opinions):
            return None
        heard = _surely(opinions, hears) or _likely(opinions, hears)
        return heard or _at_every_speed(opinions, hears) or Heard(Meaning.UNCLEAR, 0.0)


def _surely(opinions: Sequence[Opinion], hears: frozenset[Meaning]) -> Heard | None:
    return _undisputed([one.sure_of(hears) for one in opinions], opinions)


def _likely(opinions: Sequence[Opinion], hears: frozenset[Meaning]) -> Heard | None:
    """What the sounds, as they came, are like."""
    return _undisputed([opinions[0].inclines_to(hears)], opinions)


def _at_every_speed(opinions: Sequence[Opinion], hears: frozenset[Meaning]) -> Heard | None:
    """The yes or no that is far ahead at every speed and fits fairly in the mean of all: said by a
    voice unlike those that the reader learnt."""
    ahead = [one.far_ahead(hears) for one in opinions]
    fits = [one.by_sound[answer] for one, answer in zip(opinions, ahead, strict=True) if answer]
    fairly = len(fits) == len(opinions) and fmean(fits) >= PLAUSIBLE
    return _undisputed(ahead, opinions) if fairly else None


def _undisputed(answers: list[Answer | None], opinions: Sequence[Opinion]) -> Heard | None:
    """The one answer among `answers`, one an opinion, if no opinion disputes it."""
    found = [(answer, one) for answer, one in zip(answers, opinions, strict=False) if answer]
    if len({answer for answer, _ in found}) != 1:
        return None
    answer, opinion = found[0]
    if any(one.disputes(answer) for one in opinions):
        return None
    text = opinion.phrases[answer]
    return Heard(answer.meaning, opinion.confidence_in(answer), text, answer.number)
