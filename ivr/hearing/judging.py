# SPDX-License-Identifier: Apache-2.0
"""A judge of yes and no: how likely the phrases are as words, and how well their sounds fit.

A recogniser of words takes noise for the short phrases that it has read most. So a phrase may
count by how much likelier what was said makes it than mere hiss does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Protocol

import numpy as np

from ivr.audio import PHONE_HZ, Samples, decode
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing.sayings import Sayings
from ivr.hearing.sounds import SoundReader
from ivr.hearing.verdict import Verdict

_HISS_S = 1.5
# By its words alone it is also 그래, a yes that no prompt asks for: that was a no by 8.6.
_NOT_BY_WORDS = frozenset({"틀려요"})


class Scorer(Protocol):
    """Says how likely phrases are."""

    def scores(self, sound: Samples, phrases: Sequence[str]) -> list[float]:
        """Log probability of each phrase, given sound at 8 kHz."""


class YesNoJudge:
    """Judges utterances of one language. Commands are never its verdict, but compete."""

    def __init__(
        self, scorer: Scorer, sayings: Sayings, sounds: SoundReader, verdict: Verdict
    ) -> None:
        self._scorer = scorer
        judged = {p: a for p, a in sayings.items() if a.meaning in ANSWERS | COMMANDS}
        self._sayings = {p: a for p, a in judged.items() if p not in _NOT_BY_WORDS}
        self._sounds = sounds
        self._verdict = verdict
        self._in_hiss = [0.0] * len(self._sayings)
        if verdict.over_hiss:
            self._in_hiss = scorer.scores(_hiss(), list(self._sayings))

    def judge(self, utterance: bytes) -> Heard:
        """Whether mu-law at 8 kHz means yes or no; UNCLEAR where neither is likely enough."""
        sound = decode(utterance)
        return self._verdict.on(self._by_words(sound), self._by_sound(sound))

    def _by_words(self, sound: Samples) -> dict[Meaning, float]:
        scores = self._scorer.scores(sound, list(self._sayings))
        words: dict[Meaning, float] = {}
        for answer, score, in_hiss in zip(
            self._sayings.values(), scores, self._in_hiss, strict=True
        ):
            gained = score - in_hiss
            words[answer.meaning] = max(words.get(answer.meaning, -math.inf), gained)
        return words

    def _by_sound(self, sound: Samples) -> dict[Meaning, float]:
        looks = [opinion.by_sound for opinion in self._sounds.opinions(sound)]
        best: dict[Meaning, float] = {}
        for answer in looks[0]:
            mean = fmean(look[answer] for look in looks)
            best[answer.meaning] = max(best.get(answer.meaning, -math.inf), mean)
        return best


def _hiss() -> Samples:
    random = np.random.default_rng(0)  # the same in every process
    return (0.05 * random.standard_normal(round(_HISS_S * PHONE_HZ))).astype(np.float32)
