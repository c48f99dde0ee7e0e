# SPDX-License-Identifier: Apache-2.0
"""What English voices are made to say: answers, and words out of misaki's dictionaries.

misaki (Apache-2.0) holds 90,000 American and 87,000 British words as Kokoro's voices take them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ANSWERS = (
    "yes", "yes", "yes it is", "yes please", "that is right", "yes that is right", "that's right",
    "yes that's right", "correct", "that is correct", "yes that is correct", "yeah", "yep", "yup",
    "sure", "exactly", "right", "yes yes", "yeah that's right", "yeah yeah",
    "no", "no", "no it is not", "no thank you", "that is wrong", "no that is wrong", "wrong",
    "that's wrong", "incorrect", "nope", "no no", "not right", "no it isn't", "that's not right",
    "repeat", "again", "say that again", "repeat please", "slower", "slower please", "slow down",
    "faster", "faster please", "speed up", "one by one", "digit by digit", "backwards",
    "in reverse", "help", "help me", "stop", "goodbye", "cancel", "link", "send me the link",
    "forget me", "delete my data", "first", "second", "third", "the fourth", "the fifth", "sixth",
    "seventh", "the eighth", "ninth", "tenth", "zero", "oh", "one", "two", "three", "four", "five",
    "six", "seven", "eight", "nine",
    "hello", "what", "what did you say", "i don't know", "i do not know", "hold on", "wait",
    "hold on a second", "maybe", "okay", "oh no i know", "go", "now", "so", "guess", "less", "yet",
    "hmm", "who is it", "can you hear me", "thank you", "go back", "let me see", "i think so",
)  # fmt: skip
_SHORT = 5  # letters: half of the other words are no longer, as answers are not
_MISSING = {"that's": "ðˈæts", "backwards": "bˈækwəɹdz"}  # from one of the two dictionaries
_ACCENTS = ("us_gold.json", "gb_gold.json")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One accent: `said` of each word, and the words, all of them and the short ones."""

    said: Mapping[str, str]
    words: tuple[str, ...]
    short: tuple[str, ...]

    def say(self, text: str) -> str:
        """Each word as written or with a capital; raises `KeyError` for one that is not there."""
        return " ".join(self.said.get(word) or self.said[word.title()] for word in text.split())


def draw_spoken(random: np.random.Generator) -> str:
    """Kokoro's symbols for an answer, a third of the time, or for one to five words."""
    dictionary = dictionary_of(_ACCENTS[int(random.integers(len(_ACCENTS)))])
    kind = random.random()
    if kind < 1 / 3:
        return dictionary.say(_any(ANSWERS, random))
    count = 1 if kind < 1 / 2 else int(random.integers(1, 6))
    return " ".join(dictionary.said[_word(dictionary, random)] for _ in range(count))


def _word(dictionary: Dictionary, random: np.random.Generator) -> str:
    return _any(dictionary.short if random.random() < 0.5 else dictionary.words, random)


def _any(words: Sequence[str], random: np.random.Generator) -> str:
    return words[int(random.integers(len(words)))]


@lru_cache(maxsize=len(_ACCENTS))
def dictionary_of(accent: str) -> Dictionary:
    """One of misaki's files. Raises `ModuleNotFoundError` without the extra `speech-training`."""
    spec = find_spec("misaki")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("misaki is missing: pip install 'sonsori[speech-training]'")
    entries = json.loads((Path(spec.origin).parent / "data" / accent).read_text("utf-8"))
    usual = {word: _usual(spoken) for word, spoken in entries.items() if _usual(spoken)}
    said = _MISSING | usual
    words = tuple(said)
    return Dictionary(said, words, tuple(word for word in words if len(word) <= _SHORT))


def _usual(spoken: str | Mapping[str, str | None]) -> str:
    """What is said where grammar does not decide it otherwise."""
    return spoken if isinstance(spoken, str) else spoken.get("DEFAULT") or ""
