# SPDX-License-Identifier: Apache-2.0
"""Vosk: one model a language, shared by all calls; one recogniser an utterance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import vosk

from ivr.audio import decode
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.frontend import RECOGNISER_HZ, prepare
from ivr.hearing.grammar import Grammar, Word, build_grammar
from ivr.hearing.sayings import Sayings


class VoskRecogniser:
    """Hears the phrases of one language. Safe to share between threads.

    Loading takes two seconds and half a gigabyte. Raises `OSError` for a broken model folder.
    The same sound always gives the same words, whatever else is being heard at the time.
    """

    def __init__(self, folder: Path, sayings: Sayings, fillers: Iterable[str]) -> None:
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # Vosk raises nothing narrower
            raise OSError(f"{folder.name}: not a Vosk model") from error
        self._sayings = sayings
        self._fillers = tuple(fillers)
        self._grammars: dict[frozenset[Meaning], Grammar] = {}

    def grammar(self, hears: frozenset[Meaning]) -> Grammar:
        """The grammar of what may be meant now; built once for each set of meanings."""
        if hears not in self._grammars:
            self._grammars[hears] = build_grammar(self._sayings, hears, self._fillers, self._knows)
        return self._grammars[hears]

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """What one utterance (mu-law at 8 kHz) means; None when there are no words in it."""
        grammar = self.grammar(hears)
        recogniser = vosk.KaldiRecognizer(self._model, RECOGNISER_HZ, grammar.as_json())
        recogniser.SetWords(True)
        recogniser.AcceptWaveform(prepare(decode(utterance)))
        found = json.loads(recogniser.FinalResult()).get("result", ())
        return grammar.judge([Word(word["word"], word["conf"]) for word in found])

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)
