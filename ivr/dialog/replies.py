# SPDX-License-Identifier: Apache-2.0
"""What a caller's words or keys amount to, whichever of the two they used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.dialog import menu
from ivr.dialog.types import Expect, Heard, Keyed, Meaning

SURE_CONFIDENCE = 0.7
# A mishearing of these costs something. No "yes" or "no": when one counts is the recogniser's to
# say, by rules that are measured (`sonsori bench speech`); a second limit would undo them.
DEAR = frozenset({Meaning.STOP, Meaning.LANGUAGE, Meaning.LINK})
KEYS = {"1": Meaning.YES, "2": Meaning.NO, "*": Meaning.REPEAT, "0": Meaning.HELP}
PLACE = re.compile(r"[1-9][0-9]?\*")  # "3*": the third alone


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `keys` are the digits of a number, "" for `#` alone, else None.

    `number` is the position or the digit that was said (`Heard.number`).
    """

    meaning: Meaning
    heard_by: str = "keys"  # voice, keys
    confidence: float = 1.0
    keys: str | None = None
    number: int | None = None


def understand(event: Heard | Keyed, expect: Expect, hears: frozenset[Meaning]) -> Reply:
    """What `event` means as an answer to a question that expects `expect` and `hears` words.

    Words that mean anything else are unclear: the recogniser may have been asked an earlier
    question than the caller.
    """
    if isinstance(event, Heard):
        return _spoken(event, hears)
    pressed = event.keys.removesuffix("#")
    if expect is Expect.DIGITS:
        return _digits(pressed)
    if pressed in KEYS:
        return Reply(KEYS[pressed])
    if Meaning.POSITION in hears and PLACE.fullmatch(pressed):
        return Reply(Meaning.POSITION, number=int(pressed.removesuffix("*")))
    if expect is Expect.KEY and menu.KEYS.get(pressed) in hears:
        return Reply(menu.KEYS[pressed])
    return _digits(pressed)


def _spoken(event: Heard, hears: frozenset[Meaning]) -> Reply:
    doubtful = event.meaning in DEAR and event.confidence < SURE_CONFIDENCE
    meaning = event.meaning if event.meaning in hears and not doubtful else Meaning.UNCLEAR
    return Reply(meaning, "voice", event.confidence, number=event.number)


def _digits(pressed: str) -> Reply:
    """A number; `*` drops it and asks to hear it again."""
    if "*" in pressed:
        return Reply(Meaning.REPEAT)
    if pressed and not (pressed.isascii() and pressed.isdigit()):
        return Reply(Meaning.UNCLEAR)
    return Reply(Meaning.UNCLEAR, keys=pressed)
