# SPDX-License-Identifier: Apache-2.0
"""Which digit is wrong? Of several lines, which line first."""

from __future__ import annotations

from ivr.dialog import correcting, draft, keying, menu
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.DIGITS
HEARS = menu.commands(Screen.PLACE) | {Meaning.POSITION, Meaning.NO}
HOW = ("place_say", "place_say")


def ask(state: State) -> tuple[Say, ...]:
    """Who has rung before hears the question alone; a miss brings the hint."""
    first = (Say("sorry"),) if state.tries == 0 else ()
    how, question = _words(state)
    return (*first, how, question) if state.first_time else (*first, question)


def answer(state: State, reply: Reply) -> State | None:
    """A place, by voice or by its number; any more keys are the digits themselves."""
    if reply.keys == "" or reply.meaning is Meaning.NO:
        return keying.begin(state)
    named = reply.number if reply.meaning is Meaning.POSITION else _pressed(state, reply.keys)
    if named is not None:
        return _go(correcting.answered(state), named) if 1 <= named <= _count(state) else None
    if state.line and reply.keys and len(draft.lines(state.draft)) > 1:
        return correcting.change_line(state, reply.keys) if keying.fits(reply.keys) else None
    return keying.number(state, reply)


def _words(state: State) -> tuple[Say, Say]:
    """How to answer, and the question."""
    if not state.line:
        return Say("place_line_how"), Say("place_line_ask")
    if len(draft.lines(state.draft)) > 1:
        return Say("place_in_line_how"), Say("place_in_line_ask", {"line": state.line})
    return Say("place_how"), Say("place_ask")


def _go(state: State, named: int) -> State:
    return correcting.at_place(state, named) if state.line else correcting.at_line(state, named)


def _count(state: State) -> int:
    """How many lines, or digits of the line, there are to name."""
    lines = draft.lines(state.draft)
    return len(lines[state.line - 1]) if state.line else len(lines)


def _pressed(state: State, keys: str | None) -> int | None:
    """The place that few keys name; as many keys as there are digits are a number."""
    count = _count(state)
    if not keys or keys.startswith("0") or len(keys) > len(str(count)):
        return None
    if state.line and count <= 2:
        return None
    return int(keys) if int(keys) <= count else None
