# SPDX-License-Identifier: Apache-2.0
"""Sayings of a language, said by nobody: drawn in parts, by as many processes as there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from training.pool import mapped
from training.speech.features import Floats
from training.speech.languages import LANGUAGES
from training.speech.voices import Kokoro

_PART = 10  # sayings
_ENDINGS = (".", "?", "!", "")


@dataclass(frozen=True, slots=True)
class Saying:
    """One saying: 8 kHz sound in -1..1, and the numbers of its phones."""

    sound: Floats
    phones: tuple[int, ...]


def draw_sayings(
    language: str, count: int, seed: int, voices: Path, processes: int
) -> Iterator[Saying]:
    """`count` sayings, the same for any number of processes; about 0.6 s of a core's time each."""
    starts = range(0, count, _PART)
    draw = partial(_draw_part, language, seed, voices)
    with mapped(processes) as over:
        for start, part in zip(starts, over(draw, starts), strict=True):
            yield from part[: count - start]


def _draw_part(language: str, seed: int, voices: Path, start: int) -> list[Saying]:
    random = np.random.default_rng([seed, start])
    return [_draw(language, voices, random) for _ in range(_PART)]


def _draw(language: str, voices: Path, random: np.random.Generator) -> Saying:
    speech = LANGUAGES[language]
    spoken = speech.draw(random)
    sound = _kokoro(voices, speech.accents).say(spoken + str(random.choice(_ENDINGS)), random)
    return Saying(sound, speech.phones.numbers(spoken))


@lru_cache(maxsize=1)
def _kokoro(voices: Path, accents: str) -> Kokoro:
    """One a process: it takes a second to open and 300 MB."""
    return Kokoro(voices, accents)
