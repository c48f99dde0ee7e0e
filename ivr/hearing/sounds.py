# SPDX-License-Identifier: Apache-2.0
"""A reader of speech sounds of our own: how well each phrase fits an utterance.

Small networks (`training/speech`), made for phone lines, name the sounds of a language frame by
frame. They tell short words apart that a recogniser of wide-band speech does not. Where a language
has several, trained on other sayings, their fits are averaged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from ivr.audio import Samples, resample, set_level
from ivr.dialog.types import ANSWERS, Meaning
from ivr.hearing.alignment import fit
from ivr.hearing.sayings import Answer, Sayings
from ivr.hearing.verdict import OPPOSITE
from training.speech.features import features
from training.speech.languages import LANGUAGES

_LEVEL_DBFS = -22.0
# How well the best phrase must fit, and how much better than all that mean something else.
_ANSWERED = ((-1.0, 1.5), (-4.0, 3.0))
_COMMANDED = ((0.0, 3.0),)  # 다시 sounds like the end of 맞습니다
_LIKELY, _LIKELY_APART = -1.3, 3.0  # a sound; and the whole from all others
PLAUSIBLE = -1.9  # a sound of the phrase
_NEAR = 1.0  # a sound: how much worse than its opposite a phrase may fit that is heard elsewhere
_DISPUTED = 5.0  # how much better another answer may fit at another speed
_LENGTHS_PERCENT = (100, 93, 97, 104, 108)  # docs/design-notes.md, Hearing
_ANSWERS = ANSWERS | {Meaning.POSITION, Meaning.DIGIT}
_OPPOSITE = {Answer(meaning): Answer(other) for meaning, other in OPPOSITE.items()}

SHIPPED = {
    language: tuple(sorted(Path(__file__).parent.glob(f"sounds_{language}*.onnx")))
    for language in LANGUAGES
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """How well each answer's best phrase fits: as a whole, and by its sounds (0 is perfect).

    `phrases` are those phrases. `speech` is whether there are any sounds of speech at all.
    """

    whole: Mapping[Answer, float]
    by_sound: Mapping[Answer, float]
    phrases: Mapping[Answer, str]
    speech: bool = True

    def sure_of(self, hears: frozenset[Meaning]) -> Answer | None:
        """The answer of `hears` that fits well and alone; what is not in `hears` competes."""
        best, apart = self._foremost()
        rules = _ANSWERED if best.meaning in _ANSWERS else _COMMANDED
        fits = any(self.whole[best] >= least and apart >= gap for least, gap in rules)
        return best if best.meaning in hears and fits else None

    def inclines_to(self, hears: frozenset[Meaning]) -> Answer | None:
        """The yes, no or number of `hears` that is likely, unless words say something else."""
        best, apart = self._foremost()
        likely = self.by_sound[best] >= _LIKELY and apart >= _LIKELY_APART
        return best if likely and best.meaning in hears & _ANSWERS else None

    def far_ahead(self, hears: frozenset[Meaning]) -> Answer | None:
        """The yes or no of `hears` that fits best by far, however well."""
        best, apart = self._foremost()
        return best if apart >= _LIKELY_APART and best.meaning in hears & ANSWERS else None

    def _foremost(self) -> tuple[Answer, float]:
        """The answer that fits best, and by how much."""
        best, *others = sorted(self.whole, key=lambda answer: -self.whole[answer])
        apart = min((self.whole[best] - self.whole[other] for other in others), default=np.inf)
        return best, float(apart)

    def disputes(self, answer: Answer) -> bool:
        """Whether the opposite fits better than `answer`, or anything else much better."""
        fits = self.whole[answer]
        against = _against(self.whole, answer)
        return against > fits or max(self.whole.values()) > fits + _DISPUTED

    def confidence_in(self, answer: Answer) -> float:
        """0 to 1, by how well a sound fits."""
        return min(1.0, math.exp(self.by_sound[answer]))

    def allows(self, answer: Answer) -> bool:
        """Whether what another recogniser heard may be, by its sounds."""
        if answer not in self.by_sound:
            return False
        fits = self.by_sound[answer]
        return fits >= PLAUSIBLE and fits >= _against(self.by_sound, answer) - _NEAR


def _against(fits: Mapping[Answer, float], answer: Answer) -> float:
    """How well the opposite of `answer` fits; endlessly badly where there is none."""
    opposite = _OPPOSITE.get(answer)
    return -math.inf if opposite is None else fits.get(opposite, -math.inf)


class SoundReader:
    """Reads the sounds of one language. Safe to share between threads; always the same answer."""

    def __init__(self, language: str, sayings: Sayings) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._networks = [
            onnxruntime.InferenceSession(network, options) for network in SHIPPED[language]
        ]
        speech = LANGUAGES[language]
        self._phrases = [phrase for phrase in sayings for _ in speech.ways(phrase)]
        spoken = [(a, way) for phrase, a in sayings.items() for way in speech.ways(phrase)]
        self._answers = [_safely(answer, way, spoken) for answer, way in spoken]
        self._phones = [speech.phones.numbers(way) for _, way in spoken]
        self._lengths = np.array([len(phones) for phones in self._phones])

    def opinions(self, sound: Samples) -> tuple[Opinion, ...]:
        """What it makes of one utterance at 8 kHz: as it was said first, then quicker and slower.

        Voices differ as if one sound ran at several speeds: a smaller head has a higher voice.
        """
        return tuple(self.opinion(resample(sound, 100, length)) for length in _LENGTHS_PERCENT)

    def opinion(self, sound: Samples) -> Opinion:
        """What it makes of one utterance at 8 kHz."""
        bands = features(set_level(sound, _LEVEL_DBFS)).T[None]
        seen = [network.run(None, {"bands": bands})[0][0].T for network in self._networks]
        whole = np.mean([fit(phones, self._phones) for phones in seen], axis=0)
        best, by_sound = self._best(whole), self._best(whole / self._lengths)
        return Opinion(
            {answer: float(whole[way]) for answer, way in best.items()},
            {answer: float(whole[way] / self._lengths[way]) for answer, way in by_sound.items()},
            {answer: self._phrases[way] for answer, way in best.items()},
            any(phones.argmax(axis=1).any() for phones in seen),
        )

    def _best(self, fits: np.ndarray) -> dict[Answer, int]:
        """Each answer's way of saying it that fits best."""
        return {self._answers[way]: way for way in np.argsort(fits, kind="stable").tolist()}


def _safely(answer: Answer, way: str, spoken: Sequence[tuple[Answer, str]]) -> Answer:
    """`answer`, or nothing clear where a lost beginning would have made it of its opposite, as
    "correct" of "incorrect"."""
    opposite = _OPPOSITE.get(answer)
    lost = any(other == opposite and longer.endswith(way) for other, longer in spoken)
    return Answer(Meaning.UNCLEAR) if lost else answer
