# SPDX-License-Identifier: Apache-2.0
"""A phone line with people talking in the background."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.audio import PHONE_HZ, Samples, encode, set_level
from ivr.listening.clips import Clip

_FLOOR_DBFS = -62.0  # the line's own hiss
_TALKERS = 7
QUESTION_MS = 2500
"""How long the question takes; what is behind the caller is on the line meanwhile."""

_WORD_BEGINS_MS = QUESTION_MS + 500
_AFTER_S = 2.0
_LOUD_DB = 25.0  # frames this far below the loudest are no longer the word
_FRAME = PHONE_HZ // 50
_SPEECH_DBFS = -22.0


@dataclass(frozen=True, slots=True)
class Said:
    """Mu-law at 8 kHz, and when in it (ms) the last loud 20 ms of the clip end."""

    sound: bytes
    word_ends_ms: int


def say(clip: Clip, noise_db: float | None, talkers: Sequence[Clip], draw: int = 0) -> Said:
    """`clip` on the line, `noise_db` above a babble of seven other clips; None: only hiss.

    Seeded by the clip's name and the number of the `draw`: it sounds the same in every run.
    """
    seed = zlib.crc32(clip.name.encode())
    random = np.random.default_rng([seed, draw] if draw else seed)
    before, after = _WORD_BEGINS_MS * PHONE_HZ // 1000, int(PHONE_HZ * _AFTER_S)
    line = np.pad(clip.sound, (before, after))
    hiss = random.standard_normal(line.size) * 10 ** (_FLOOR_DBFS / 20)
    sound = line + hiss.astype(np.float32)
    if noise_db is not None:
        others = [other.sound for other in talkers if other.name != clip.name]
        sound = sound + _babble(others, line.size, random, _SPEECH_DBFS - noise_db)
    ends_ms = _WORD_BEGINS_MS + _last_loud_ms(clip.sound)
    return Said(encode(sound.astype(np.float32)), ends_ms)


def _babble(
    others: Sequence[Samples], size: int, random: np.random.Generator, dbfs: float
) -> Samples:
    """Several people speaking at once, each one clip after another."""
    mixed = np.zeros(size, dtype=np.float32)
    for _ in range(_TALKERS):
        speech = np.zeros(0, dtype=np.float32)
        while speech.size < 2 * size:
            speech = np.concatenate([speech, others[int(random.integers(len(others)))]])
        start = int(random.integers(size))
        mixed += speech[start : start + size]
    return set_level(mixed, dbfs)


def _last_loud_ms(sound: Samples) -> int:
    frames = sound[: sound.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.square(frames, dtype=np.float64).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-_LOUD_DB / 10))
    return (int(loud[-1]) + 1) * 20
