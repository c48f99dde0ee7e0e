# SPDX-License-Identifier: Apache-2.0
"""Who calls: a number, a language, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.devphone.handset import Answer, Press, Speak

# 010-0000-xxxx and 555-01xx are given to nobody.
NUMBERS: Mapping[str, str] = {"ko": "+821000000117", "en": "+12025550117"}
_YES: Mapping[str, str] = {"ko": "네", "en": "yes"}
_YES_KEY = "1"


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller; the last answer is given again until the call ends."""

    number: str
    language: str
    script: tuple[Answer, ...]


def caller_for(
    language: str, *, words: Sequence[str] = (), keys: Sequence[str] | None = None
) -> Caller:
    """A caller who says `words`, or presses `keys`; without either says or presses yes.

    `keys` is None for a caller who speaks; each item may hold several answers, by spaces.
    Raises `ValueError` for a language nobody here speaks.
    """
    if language not in NUMBERS:
        raise ValueError(f"no caller speaks {language!r}; there are {', '.join(NUMBERS)}")
    script: tuple[Answer, ...]
    if keys is None:
        script = tuple(Speak(text) for text in words or [_YES[language]])
    else:
        script = tuple(Press(key) for item in keys for key in item.split()) or (Press(_YES_KEY),)
    return Caller(NUMBERS[language], language, script)
