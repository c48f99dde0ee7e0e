# SPDX-License-Identifier: Apache-2.0
"""Whisper, asked only how likely given phrases are: it makes up no words.

Its weights are a folder in CTranslate2's format (`model.bin`, `tokenizer.json`). Slow: a good
part of a second of one core an utterance, so only processes of their own call it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from ivr.audio import PHONE_HZ, Samples, resample, set_level
from ivr.hearing.mel import FRAMES_A_SECOND, MEL_HZ, log_mel

_LEVEL_DBFS = -22.0
_LONGEST_SECONDS = 6.0  # looked at, of Whisper's 30: the rest is five times dearer
_LEAST = 1e-12  # a probability


class Whisper:
    """Scores phrases of one language. Raises `OSError` for a folder without a model.

    It looks at so many `seconds`, or 6 where what was said is longer: in long silence behind an
    answer it may hear what it has read most.
    """

    def __init__(self, folder: Path, language: str, seconds: float = _LONGEST_SECONDS) -> None:
        try:
            self._model = ctranslate2.models.Whisper(
                str(folder), device="cpu", compute_type="int8", intra_threads=1
            )
            self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # neither library raises anything narrower
            raise OSError(f"{folder.name}: not a Whisper model for CTranslate2") from error
        self._start = self._beginning(language)
        self._seconds = seconds

    def scores(self, sound: Samples, phrases: Sequence[str]) -> list[float]:
        """Log probability of each phrase, given sound at 8 kHz."""
        spelled = (f" {phrase.capitalize()}" for phrase in phrases)
        texts = [self._tokens.encode(text, add_special_tokens=False).ids for text in spelled]
        fits = sound.size <= self._seconds * PHONE_HZ
        seconds = self._seconds if fits else _LONGEST_SECONDS
        frames = [round(seconds * FRAMES_A_SECOND)] * len(texts)
        seen = self._seen(sound, seconds, len(texts))
        aligned = self._model.align(seen, self._start, texts, frames)
        return [sum(map(_log, one.text_token_probs)) for one in aligned]

    def _seen(self, sound: Samples, seconds: float, copies: int) -> ctranslate2.StorageView:
        """What the encoder makes of so many seconds of the sound, once for each phrase."""
        wide = resample(set_level(sound, _LEVEL_DBFS), PHONE_HZ, MEL_HZ)
        bands = ctranslate2.StorageView.from_array(log_mel(wide, seconds)[None])
        encoded = np.asarray(self._model.encode(bands, to_cpu=True))
        return ctranslate2.StorageView.from_array(np.repeat(encoded, copies, axis=0))

    def _beginning(self, language: str) -> list[int]:
        """The tokens before the words; models of English alone name no language."""
        task = [f"<|{language}|>", "<|transcribe|>"] if self._model.is_multilingual else []
        names = ["<|startoftranscript|>", *task, "<|notimestamps|>"]
        return [int(self._tokens.token_to_id(name) or 0) for name in names]


def _log(probability: float) -> float:
    return math.log(max(probability, _LEAST))
