# SPDX-License-Identifier: Apache-2.0
"""Help in keeping with the question that is open: what may be said and pressed there.

A menu: here a key is a command, which at a question about a number would be a digit. It is told
in short pages, and leads back to the question, at the latest by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.dialog import menu
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import COMMANDS, Expect, Meaning, Say

EXPECT = Expect.KEY
HEARS = COMMANDS | {Meaning.NO, *menu.ORDER}
HOW = ("help_how", "help_how")
A_PAGE = 3
_FIRST: Mapping[Screen, str] = {
    Screen.PLACE: "help_number",
    Screen.DIGIT: "help_number",
    Screen.KEYING: "help_number",
    Screen.EXAM: "help_number",
    Screen.PROBLEM: "help_waiting",
    Screen.WAITING: "help_waiting",
}


def ask(state: State) -> tuple[Say, ...]:
    entries = menu.entries(state.asked)
    here = entries[A_PAGE * state.page :][:A_PAGE]
    first = (_FIRST.get(state.asked, "help_yes_no"),) if state.page == 0 else ()
    told = tuple(f"help_{meaning}" for meaning in here)
    more = len(entries) > A_PAGE * (state.page + 1)
    prompts = (*first, *told, "help_more" if more else "help_back")
    return tuple(Say(prompt) for prompt in prompts)


def next_page(state: State) -> State:
    """The page after this one, and after the last the first."""
    pages = -(-len(menu.entries(state.asked)) // A_PAGE)
    return state.to(Screen.HELP, back=state.back, page=(state.page + 1) % max(1, pages))


def answer(state: State, reply: Reply) -> State | None:
    """One position is read at the question; "no" or a `#`: nothing of all this is wanted."""
    if reply.meaning is Meaning.POSITION and reply.number:
        return replace(state.returned(), only=reply.number)
    declined = reply.meaning is Meaning.NO or reply.keys == ""
    return state.returned() if declined else None
