# SPDX-License-Identifier: Apache-2.0
"""Vosk: one model a language, shared by all calls; one recogniser an utterance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import vosk

from ivr.audio import decode
from ivr.dialog.types import Heard, Meaning
from ivr.hearing.frontend import RECOGNISER_HZ, prepare
from ivr.hearing.grammar import Word, build_grammar


class VoskRecogniser:
    """Hears the phrases of one grammar. Safe to share between threads.

    Loading takes two seconds and half a gigabyte. Raises `OSError` for a broken model folder.
    The same sound always gives the same words, whatever else is being heard at the time.
    """

    def __init__(
        self, folder: Path, hearing: Mapping[Meaning, Iterable[str]], fillers: Iterable[str]
    ) -> None:
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # Vosk raises nothing narrower
            raise OSError(f"{folder.name}: not a Vosk model") from error
        self.grammar = build_grammar(hearing, fillers, self._knows)
        self._grammar_json = self.grammar.as_json()

    def recognise(self, utterance: bytes, hears: frozenset[Meaning]) -> Heard | None:
        """What one utterance (mu-law at 8 kHz) means; None when there are no words in it."""
        recogniser = vosk.KaldiRecognizer(self._model, RECOGNISER_HZ, self._grammar_json)
        recogniser.SetWords(True)
        recogniser.AcceptWaveform(prepare(decode(utterance)))
        found = json.loads(recogniser.FinalResult()).get("result", ())
        heard = self.grammar.judge([Word(word["word"], word["conf"]) for word in found])
        if heard is None or heard.meaning in hears:
            return heard
        return Heard(Meaning.UNCLEAR, 0.0, heard.text)

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)
