# SPDX-License-Identifier: Apache-2.0
"""What a caller's words or keys amount to, whichever of the two they used."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.dialog.types import Expect, Heard, Keyed, Meaning

YES_CONFIDENCE = 0.7  # a doubtful "yes" is asked again; a doubtful "no" costs nothing
KEYS = {"1": Meaning.YES, "2": Meaning.NO, "*": Meaning.REPEAT, "0": Meaning.HELP}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `keys` are the digits of a number, "" for `#` alone, else None.

    `number` is the position (from 1) or the digit that was spoken.
    """

    meaning: Meaning
    heard_by: str = "keys"  # voice, keys
    confidence: float = 1.0
    keys: str | None = None
    number: int | None = None


def understand(event: Heard | Keyed, expect: Expect) -> Reply:
    """What `event` means as an answer to a question that expects `expect`."""
    if isinstance(event, Heard):
        return _spoken(event)
    pressed = event.keys.removesuffix("#")
    if expect is not Expect.DIGITS and pressed in KEYS:
        return Reply(KEYS[pressed])
    return _digits(pressed)


def _spoken(event: Heard) -> Reply:
    doubtful = event.meaning is Meaning.YES and event.confidence < YES_CONFIDENCE
    meaning = Meaning.UNCLEAR if doubtful else event.meaning
    return Reply(meaning, heard_by="voice", confidence=event.confidence, number=event.number)


def _digits(pressed: str) -> Reply:
    """A number; `*` drops it and asks to hear it again."""
    if "*" in pressed:
        return Reply(Meaning.REPEAT)
    if pressed and not (pressed.isascii() and pressed.isdigit()):
        return Reply(Meaning.UNCLEAR)
    return Reply(Meaning.UNCLEAR, keys=pressed)
