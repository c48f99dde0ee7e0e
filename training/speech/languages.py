# SPDX-License-Identifier: Apache-2.0
"""The languages whose sounds are read: how each is spelled out, and what is drawn to learn it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.speech import english, english_texts, korean, korean_texts
from training.speech.phones import Phones


@dataclass(frozen=True, slots=True)
class Speech:
    """`ways` are the sounds of a phrase, `draw` something to say, both as Kokoro's symbols.

    `accents` are the voices that it is mostly said by, as in `Kokoro`.
    """

    phones: Phones
    ways: Callable[[str], tuple[str, ...]]
    draw: Callable[[np.random.Generator], str]
    accents: str


LANGUAGES = {
    "ko": Speech(korean.PHONES, korean.ways, korean_texts.draw_spoken, "abefhijpz"),
    "en": Speech(english.PHONES, english.ways, english_texts.draw_spoken, "ab"),
}
