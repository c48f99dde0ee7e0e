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
MOST_LINES = 20


def begin(state: State) -> State:
    """Ask for the number, or give up after three rounds that came to nothing."""
    if state.rounds >= MOST_ROUNDS:
        return give_up(state)
    return state.to(Screen.KEYING, keyed_lines=(), rounds=state.rounds + 1)


def ask(state: State) -> tuple[Say, ...]:
    """Of several lines one after the other; whether there are more than were read is asked too."""
    read, line = len(state.photo.reading.lines), len(state.keyed_lines) + 1
    if read == 1:
        return (Say("keying"),)
    if line > read:
        return (Say("keying_more"),)
    return (Say("keying_line", {"line": line}),)


def answer(state: State, reply: Reply) -> State | None:
    """Digits go on to be read back. `#` alone or "no" ends the lines; before the first, the
    caller does not know them."""
    if reply.keys == "" or reply.meaning is Meaning.NO:
        return _read_back(state) if state.keyed_lines else give_up(state)
    return _take(state, reply)


def number(state: State, reply: Reply) -> State | None:
    """Digits keyed straight at a question: the number, or its first line."""
    return _take(replace(state, keyed_lines=()), reply) if reply.keys else None


def fits(keys: str) -> bool:
    """Whether keys may be a line of digits."""
    return len(keys) <= LONGEST


def _take(state: State, reply: Reply) -> State | None:
    if reply.keys is None or not fits(reply.keys):
        return None
    state = replace(state, keyed_lines=(*state.keyed_lines, reply.keys))
    several = len(state.photo.reading.lines) > 1
    if several and len(state.keyed_lines) < MOST_LINES:
        return state.to(Screen.KEYING)
    return _read_back(state)


def _read_back(state: State) -> State:
    return state.to(Screen.CHECKING, candidate="|".join(state.keyed_lines), keyed=True)
