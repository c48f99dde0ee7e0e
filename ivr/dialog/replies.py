# SPDX-License-Identifier: Apache-2.0
"""What a caller's words or keys amount to, whichever of the two they used."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.dialog.types import Expect, Heard, Keyed, Meaning

YES_CONFIDENCE = 0.7  # a doubtful "yes" is asked again; a doubtful "no" costs nothing
KEYS = {"1": Meaning.YES, "2": Meaning.NO, "*": Meaning.REPEAT, "0": Meaning.HELP}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `keys` is what was pressed where digits were asked for, else None."""

    meaning: Meaning
    heard_by: str = "keys"  # voice, keys
    confidence: float = 1.0
    keys: str | None = None


def understand(event: Heard | Keyed, expect: Expect) -> Reply:
    """What `event` means as an answer to a question that expects `expect`."""
    if isinstance(event, Heard):
        return _spoken(event)
    if expect is Expect.DIGITS:
        return _digits(event.keys)
    return Reply(KEYS.get(event.keys, Meaning.UNCLEAR))


def _spoken(event: Heard) -> Reply:
    doubtful = event.meaning is Meaning.YES and event.confidence < YES_CONFIDENCE
    meaning = Meaning.UNCLEAR if doubtful else event.meaning
    return Reply(meaning, heard_by="voice", confidence=event.confidence)


def _digits(keys: str) -> Reply:
    """Digits, with or without the closing `#`; `*` drops them and asks to hear it again."""
    pressed = keys.removesuffix("#")
    if "*" in pressed:
        return Reply(Meaning.REPEAT)
    if pressed and not (pressed.isascii() and pressed.isdigit()):
        return Reply(Meaning.UNCLEAR)
    return Reply(Meaning.UNCLEAR, keys=pressed)
