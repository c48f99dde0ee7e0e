# SPDX-License-Identifier: Apache-2.0
"""A judge of yes and no: how likely the phrases are as words, and how well their sounds fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Protocol

from ivr.audio import Samples, decode
from ivr.dialog.types import ANSWERS, COMMANDS, Heard, Meaning
from ivr.hearing.sayings import Sayings
from ivr.hearing.sounds import SoundReader
from ivr.hearing.verdict import WITH_SOUNDS, WORDS_ALONE


class Scorer(Protocol):
    """Says how likely phrases are."""

    def scores(self, sound: Samples, phrases: Sequence[str]) -> list[float]:
        """Log probability of each phrase, given sound at 8 kHz."""


class YesNoJudge:
    """Judges utterances of one language. Commands are never its verdict, but compete."""

    def __init__(self, scorer: Scorer, sayings: Sayings, sounds: SoundReader | None) -> None:
        self._scorer = scorer
        self._sayings = {p: a for p, a in sayings.items() if a.meaning in ANSWERS | COMMANDS}
        self._sounds = sounds
        self._verdict = WORDS_ALONE if sounds is None else WITH_SOUNDS

    def judge(self, utterance: bytes) -> Heard:
        """Whether mu-law at 8 kHz means yes or no; UNCLEAR where neither is likely enough."""
        sound = decode(utterance)
        words: dict[Meaning, float] = {}
        scores = self._scorer.scores(sound, list(self._sayings))
        for answer, score in zip(self._sayings.values(), scores, strict=True):
            words[answer.meaning] = max(words.get(answer.meaning, -math.inf), score)
        return self._verdict.on(words, self._by_sound(sound))

    def _by_sound(self, sound: Samples) -> dict[Meaning, float]:
        if self._sounds is None:
            return {}
        looks = [opinion.by_sound for opinion in self._sounds.opinions(sound)]
        best: dict[Meaning, float] = {}
        for answer in looks[0]:
            mean = fmean(look[answer] for look in looks)
            best[answer.meaning] = max(best.get(answer.meaning, -math.inf), mean)
        return best
