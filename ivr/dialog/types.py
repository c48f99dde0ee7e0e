# SPDX-License-Identifier: Apache-2.0
"""The words of the conversation machine: what may happen, and what it asks to be done.

`ivr.dialog.machine.step(state, event) -> (state, actions)` is pure: it knows no clock, no
network, no Flask and no Twilio. A transport (the media stream, or TwiML by keypad) turns what
happens on the line into events and carries the actions out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Meaning(StrEnum):
    """What a caller can mean by speaking."""

    YES = "yes"
    NO = "no"
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    SINGLY = "singly"  # one by one, each with its place
    BACKWARDS = "backwards"
    POSITION = "position"  # "the third": `Heard.number` says which, from 1
    DIGIT = "digit"  # "seven": `Heard.number` says which, 0 to 9
    LANGUAGE = "language"  # go on in the other language, whose own name was said
    LINK = "link"  # text me the camera page
    FORGET = "forget"  # delete what is kept about me
    HELP = "help"
    STOP = "stop"
    UNCLEAR = "unclear"  # speech, but none of the above surely enough


# What may be said at any time, whatever has been asked.
COMMANDS = frozenset({Meaning.REPEAT, Meaning.SLOWER, Meaning.HELP, Meaning.STOP})
ANSWERS = frozenset({Meaning.YES, Meaning.NO})


class Expect(StrEnum):
    """What the service listens for after it has spoken."""

    YES_NO = "yes_no"  # one word, or one key; several keys are a number all the same
    DIGITS = "digits"  # keys until `#` or a pause; speech is still heard for commands
    PHOTO = "photo"  # the line is held open until a photo has been read
    KEY = "key"  # one key, at once, or one word: a menu


# ---- events -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """The line is open: somebody or something picked up, or a caller rang in."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The recogniser heard an answer. `confidence` is 0 to 1, `text` the words as recognised, or
    the phrase that the sounds fit best.

    `number` belongs to POSITION and DIGIT.
    """

    meaning: Meaning
    confidence: float
    text: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys were pressed: all up to a pause, or to the `#` that may stand behind them."""

    keys: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was said or pressed before `Listen.timeout_s` ran out."""


@dataclass(frozen=True, slots=True)
class PhotoRead:
    """The photo this call waited for has been read; `reading` is `vision.Reading.as_dict()`."""

    reading_id: int
    reading: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HungUp:
    """The line is gone. Nothing can be said any more; what is known is kept."""


Event = Answered | Heard | Keyed | Silence | PhotoRead | HungUp


# ---- actions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Speak prompt `prompt` of the catalogue with `slots` filled in.

    `slots` hold what the catalogue words itself: counts, positions, digit strings. `secret`
    is set when they hold digits of the reading: such words are kept encrypted only. `pace` is
    the speed relative to normal (0.5 to 1.5).
    """

    prompt: str
    slots: Mapping[str, str | int] = field(default_factory=dict)
    secret: bool = False
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Listen:
    """Then wait for an answer; `Silence` after `timeout_s` without one.

    `hears` are the meanings that words may have now: the fewer, the surer they are told apart.
    """

    expect: Expect
    timeout_s: float
    hears: frozenset[Meaning] = ANSWERS | COMMANDS


@dataclass(frozen=True, slots=True)
class Store:
    """Keep what the caller said the reading is (`label` is a `worker.records.Label` value)."""

    reading_id: int
    label: str
    digits: str
    heard_by: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep a choice of the caller's beyond this call.

    `consent` and `test_consent` are yes or no, `language` a code, `slowness` the steps slower than
    normal.
    """

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text the caller prompt `prompt` of the catalogue, once a call."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete all that is kept about the caller once the call is over."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call once everything has been spoken."""


Action = Say | Listen | Store | Remember | Text | Forget | HangUp
