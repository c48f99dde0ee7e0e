# SPDX-License-Identifier: Apache-2.0
"""The voice of this installation."""

from __future__ import annotations

from pathlib import Path

from ivr.catalogue import languages, load
from ivr.voice.espeak import EspeakEngine
from ivr.voice.recorded import RecordedEngine
from ivr.voice.voice import Engine, Voice


def open_voice(clips: Path | None = None) -> Voice:
    """Recorded clips of the folder `clips` where there are any, espeak-ng for all else."""
    engine: Engine = EspeakEngine()
    if clips is not None:
        engine = RecordedEngine(clips, engine)
    digits = {language: frozenset(load(language).words.digits) for language in languages()}
    return Voice(engine, common=digits)
