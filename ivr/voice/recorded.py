# SPDX-License-Identifier: Apache-2.0
"""Clips a person recorded, text by text; what was not recorded, another engine speaks."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from ivr.audio import PHONE_HZ, encode, read_wav, resample, set_level
from ivr.voice.voice import Engine

_LEVEL_DBFS = -20.0


class RecordedEngine:
    """Looks for `<folder>/<language>/<name>.wav`; the name is the text or `clip_name(text)`.

    A recording is spoken as it is at every pace: only the pauses around it change.
    """

    def __init__(self, folder: Path, otherwise: Engine) -> None:
        self._folder = folder
        self._otherwise = otherwise

    def speak(self, text: str, language: str, pace: float) -> bytes:
        recording = self._find(text, language)
        if recording is None:
            return self._otherwise.speak(text, language, pace)
        return _load(recording)

    def _find(self, text: str, language: str) -> Path | None:
        folder = self._folder / language
        names = (
            [clip_name(text)] if "/" in text or text.startswith(".") else [text, clip_name(text)]
        )
        return next((p for name in names if (p := folder / f"{name}.wav").is_file()), None)


def clip_name(text: str) -> str:
    """A file name for any text: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=512)
def _load(recording: Path) -> bytes:
    samples, rate_hz = read_wav(recording)
    return encode(set_level(resample(samples, rate_hz, PHONE_HZ), _LEVEL_DBFS))
