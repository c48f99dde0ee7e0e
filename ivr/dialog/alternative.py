# SPDX-License-Identifier: Apache-2.0
"""What a digit may be instead, as one question that yes or no answers."""

from __future__ import annotations

from ivr.dialog import correcting, draft, keying, menu
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.ALTERNATIVE)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    question = _question(state)
    return (Say("sorry"), question) if state.tries == 0 else (question,)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.NO:
        return correcting.refused(correcting.answered(state))
    if reply.meaning is Meaning.YES:
        return correcting.change(correcting.answered(state), state.value)
    if reply.keys is not None and len(reply.keys) == 1:
        return correcting.change(state, reply.keys)
    return keying.number(state, reply)


def _question(state: State) -> Say:
    lines = draft.lines(state.draft)
    slots: dict[str, str | int] = {}
    prompt = _prompt(several=len(lines) > 1, dropped=not state.value)
    if state.value:
        slots["value"] = state.value
        if _is_next(state):
            return Say("alternative_next", slots, secret=True)
    slots |= {"position": state.place, "read": lines[state.line - 1][state.place - 1]}
    if len(lines) > 1:
        slots["line"] = state.line
    return Say(prompt, slots, secret=True)


def _is_next(state: State) -> bool:
    """Whether another value of the same digit has just been refused: its place is known."""
    cell = draft.cell_at(state.draft, state.line, state.place)
    return state.named and any(
        key.startswith(f"{cell.line}.{cell.column}.") for key in state.denied[-1:]
    )


def _prompt(*, several: bool, dropped: bool) -> str:
    if dropped:
        return "alternative_none_line" if several else "alternative_none"
    return "alternative_line" if several else "alternative_one"
