# SPDX-License-Identifier: Apache-2.0
"""The recognisers of all languages, each loaded once, in the background."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from pathlib import Path
from threading import Lock

import structlog

from ivr.catalogue import load
from ivr.dialog.types import ANSWERS, Meaning
from ivr.hearing.listener import Recogniser
from ivr.hearing.models import find_model, prepare_model
from ivr.hearing.sayings import Sayings, sayings_of
from ivr.hearing.second import Considered, Second

_LOADING_TIMEOUT_S = 3.0  # longer silence would unsettle a caller; the next answer is heard

log = structlog.get_logger(__name__)


class Hearing:
    """Gives each language's recogniser, or None where there is none: then keys are the way.

    `models` is a folder with one Vosk model folder a language, before those found elsewhere.
    `second` is asked about what they find unclear.
    """

    def __init__(
        self, data_dir: Path, models: Path | None = None, second: Second | None = None
    ) -> None:
        self._data_dir = data_dir
        self._models = models
        self._second = second
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

    def ask_again(
        self, language: str, utterance: bytes, hears: frozenset[Meaning]
    ) -> Future[Considered] | None:
        """A second opinion on what was unclear, where yes or no was asked for; else None."""
        if self._second is None or not (self._is_heard_twice(language) and hears >= ANSWERS):
            return None
        return self._second.ask(language, utterance)

    def engine(self, language: str) -> str:
        """The name of what hears a language, for people."""
        from ivr.hearing.together import Alone, Together

        recogniser = self.warm(language).result()
        if recogniser is None:
            return "none, keys only"
        names = {Together: "our reader of sounds, and Vosk", Alone: "our reader of sounds"}
        first = names.get(type(recogniser), "Vosk")
        return f"{first}, then Whisper" if self._is_heard_twice(language) else first

    def _is_heard_twice(self, language: str) -> bool:
        return self._second is not None and language in self._second.languages

    def _load(self, language: str) -> Recogniser | None:
        if self._second is not None and self._is_heard_twice(language):
            self._second.warm()
        catalogue = load(language)
        sayings = sayings_of(catalogue)
        words = self._words(language, sayings, catalogue.fillers)
        recogniser = _with_sounds(language, sayings, words)
        if recogniser is None:
            log.warning("hearing_off", language=language, hint="no Vosk model: keys only")
        else:
            log.info("hearing_ready", language=language)
        return recogniser

    def _words(
        self, language: str, sayings: Sayings, fillers: tuple[str, ...]
    ) -> Recogniser | None:
        """Vosk, where it has a model of the language that can be loaded."""
        folder = find_model(language, self._folders())
        if folder is None:
            return None
        from ivr.hearing.vosk_engine import VoskRecogniser  # half a second, in no one's way here

        try:
            prepared = prepare_model(folder, language, self._data_dir)
            return VoskRecogniser(prepared, sayings, fillers)
        except OSError as error:
            log.error("words_off", language=language, hint=str(error))
            return None

    def _folders(self) -> Mapping[str, Path]:
        if self._models is None:
            return {}
        return {folder.name: folder for folder in self._models.iterdir() if folder.is_dir()}


def _with_sounds(language: str, sayings: Sayings, words: Recogniser | None) -> Recogniser | None:
    """Where we have a reader of the language's sounds, it and the words, if there are any."""
    from ivr.hearing.sounds import SHIPPED, SoundReader
    from ivr.hearing.together import Alone, Together

    if language not in SHIPPED:
        return words
    sounds = SoundReader(language, sayings)
    return Alone(sounds) if words is None else Together(sounds, words)
