# SPDX-License-Identifier: Apache-2.0
"""The second opinion of an installation: Whisper, where its weights and packages are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import structlog

from ivr.catalogue import load
from ivr.hearing.sayings import sayings_of
from ivr.hearing.second import Judge, JudgePool
from ivr.hearing.verdict import SHIPS

_PACKAGES = ("ctranslate2", "tokenizers")
_WEIGHTS = "model.bin"

log = structlog.get_logger(__name__)


def open_second_opinion(
    models: Path | None, processes: int, packages: tuple[str, ...] = _PACKAGES
) -> JudgePool | None:
    """A pool for the languages that there is a verdict for, and a folder of weights in `models`;
    None where it is off.

    Nothing is loaded yet. Weights that turn out broken end the pool when it is first used.
    """
    if models is None:
        return None
    found = {name: models / name for name in SHIPS if (models / name / _WEIGHTS).is_file()}
    missing = [package for package in packages if find_spec(package) is None]
    if missing or not found:
        hint = f"not installed: {', '.join(missing)}" if missing else "no folder has weights"
        log.warning("second_opinion_off", hint=hint)
        return None
    return JudgePool(partial(whisper_judges, found), found.keys(), processes)


def whisper_judges(folders: Mapping[str, Path]) -> dict[str, Judge]:
    """One judge a language. Raises `OSError` for a broken folder."""
    return {language: _judge(folder, language) for language, folder in folders.items()}


def _judge(folder: Path, language: str) -> Judge:
    from ivr.hearing.judging import YesNoJudge
    from ivr.hearing.sounds import SoundReader
    from ivr.hearing.whisper import Whisper

    sayings, verdict = sayings_of(load(language)), SHIPS[language]
    whisper = Whisper(folder, language, verdict.seconds)
    return YesNoJudge(whisper, sayings, SoundReader(language, sayings), verdict)
