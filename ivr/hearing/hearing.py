# SPDX-License-Identifier: Apache-2.0
"""The recognisers of all languages, each loaded once, in the background."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from pathlib import Path
from threading import Lock

import structlog

from ivr.catalogue import load
from ivr.hearing.listener import Recogniser
from ivr.hearing.models import find_model, prepare_model
from ivr.hearing.sayings import Sayings, sayings_of

_LOADING_TIMEOUT_S = 3.0  # longer silence would unsettle a caller; the next answer is heard

log = structlog.get_logger(__name__)


class Hearing:
    """Gives each language's recogniser, or None where there is none: then keys are the way.

    `models` is a folder with one Vosk model folder a language, before those found elsewhere.
    """

    def __init__(self, data_dir: Path, models: Path | None = None) -> None:
        self._data_dir = data_dir
        self._models = models
        self._lock = Lock()
        self._loading: dict[str, Future[Recogniser | None]] = {}

    def warm(self, language: str) -> Future[Recogniser | None]:
        """Begin to load a language's recogniser, unless that has begun already."""
        with self._lock:
            if language not in self._loading:
                executor = ThreadPoolExecutor(1, thread_name_prefix=f"load-{language}")
                self._loading[language] = executor.submit(self._load, language)
                executor.shutdown(wait=False)
            return self._loading[language]

    def recogniser(self, language: str) -> Recogniser | None:
        """The language's recogniser, waited for while it loads; None if it cannot be had."""
        try:
            return self.warm(language).result(_LOADING_TIMEOUT_S)
        except TimeoutError:
            log.warning("hearing_slow", language=language)
            return None

    def engine(self, language: str) -> str:
        """The name of what hears a language, for people."""
        if self.warm(language).result() is None:
            return "none, keys only"
        from ivr.hearing.sounds import SHIPPED

        return "our reader of sounds, and Vosk" if language in SHIPPED else "Vosk"

    def _load(self, language: str) -> Recogniser | None:
        folder = find_model(language, self._folders())
        if folder is None:
            log.warning("hearing_off", language=language, hint="no Vosk model: keys only")
            return None
        from ivr.hearing.vosk_engine import VoskRecogniser  # half a second, in no one's way here

        catalogue = load(language)
        try:
            prepared = prepare_model(folder, language, self._data_dir)
            sayings = sayings_of(catalogue)
            words = VoskRecogniser(prepared, sayings, catalogue.fillers)
            recogniser = _with_sounds(language, sayings, words)
        except OSError as error:
            log.error("hearing_off", language=language, hint=str(error))
            return None
        log.info("hearing_ready", language=language)
        return recogniser

    def _folders(self) -> Mapping[str, Path]:
        if self._models is None:
            return {}
        return {folder.name: folder for folder in self._models.iterdir() if folder.is_dir()}


def _with_sounds(language: str, sayings: Sayings, words: Recogniser) -> Recogniser:
    """Where we have a reader of the language's sounds, both together."""
    from ivr.hearing.sounds import SHIPPED, SoundReader
    from ivr.hearing.together import Together

    if language not in SHIPPED:
        return words
    return Together(SoundReader(SHIPPED[language], sayings), words)
