# SPDX-License-Identifier: Apache-2.0
"""One digit by its key, once its place is known and the reader has no better idea."""

from __future__ import annotations

from ivr.dialog import correcting, draft, keying, menu, rivals
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.DIGITS
HEARS = menu.commands(Screen.DIGIT) | {Meaning.DIGIT, Meaning.NO}
HOW = ("keying_how", "keying_how")


def ask(state: State) -> tuple[Say, ...]:
    slots: dict[str, str | int] = {"position": state.place}
    if len(draft.lines(state.draft)) == 1:
        return (Say("digit_key", slots),)
    return (Say("digit_key_line", slots | {"line": state.line}),)


def answer(state: State, reply: Reply) -> State | None:
    """One key is the digit, none but `#` says that there is none, more are the number."""
    if reply.meaning is Meaning.NO:
        return keying.begin(state)
    if reply.meaning is Meaning.DIGIT:
        return _spoken(state, reply)
    if reply.keys is not None and len(reply.keys) <= 1:
        return correcting.change(correcting.answered(state), reply.keys)
    return keying.number(state, reply)


def _spoken(state: State, reply: Reply) -> State | None:
    """A digit heard is believed only where the reader thinks of it too, and then read back."""
    cell, value = draft.cell_at(state.draft, state.line, state.place), str(reply.number)
    if not rivals.is_likely(state.photo.reading, cell, value, state.denied):
        return None
    return correcting.change(correcting.answered(state), value)
