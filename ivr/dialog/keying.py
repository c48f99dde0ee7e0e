# SPDX-License-Identifier: Apache-2.0
"""The whole number by keys, line by line where the photo had several.

It is asked for here, and taken wherever a question about the number is on.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import menu
from ivr.dialog.flow import give_up
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.DIGITS
HEARS = menu.commands(Screen.KEYING) | {Meaning.NO}
HOW = ("keying_how", "keying_how")
MOST_ROUNDS = 3
LONGEST = 40  # digits of one line; more is a key stuck down


def begin(state: State) -> State:
    """Ask for the number, or give up after three rounds that came to nothing."""
    if state.rounds >= MOST_ROUNDS:
        return give_up(state)
    return state.to(Screen.KEYING, keyed_lines=(), rounds=state.rounds + 1)


def ask(state: State) -> tuple[Say, ...]:
    if len(state.photo.reading.lines) == 1:
        return (Say("keying"),)
    return (Say("keying_line", {"line": len(state.keyed_lines) + 1}),)


def answer(state: State, reply: Reply) -> State | None:
    """Digits go on to be read back; `#` alone or "no": the caller does not know them."""
    if reply.keys == "" or reply.meaning is Meaning.NO:
        return give_up(state)
    return _take(state, reply)


def number(state: State, reply: Reply) -> State | None:
    """Digits keyed straight at a question: the number, or its first line."""
    return _take(replace(state, keyed_lines=()), reply) if reply.keys else None


def _take(state: State, reply: Reply) -> State | None:
    if reply.keys is None or len(reply.keys) > LONGEST:
        return None
    keyed = (*state.keyed_lines, reply.keys)
    if len(keyed) < len(state.photo.reading.lines):
        return state.to(Screen.KEYING, keyed_lines=keyed)
    return state.to(Screen.CHECKING, candidate="|".join(keyed), keyed=True)
