# SPDX-License-Identifier: Apache-2.0
"""Help in keeping with the question that is open: what may be said and pressed there.

A menu: here a key is a command, which at a question about a number would be a digit. It is told
in pages of at most four, and leads back to the question, at the latest by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.dialog import menu
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import COMMANDS, Expect, Meaning, Say

EXPECT = Expect.KEY
HEARS = COMMANDS | {Meaning.NO, *menu.KEYS.values()}
HOW = ("help_how", "help_how")
A_PAGE = 4
_ANSWERS = ("help_yes_no",)
_FIRST: Mapping[Screen, tuple[str, ...]] = {
    Screen.READING: ("help_yes_no", "help_position"),
    Screen.KEYING: ("help_number",),
    Screen.PROBLEM: ("help_waiting",),
    Screen.WAITING: ("help_waiting",),
}


def ask(state: State) -> tuple[Say, ...]:
    entries = menu.entries(state.asked)
    here = entries[A_PAGE * state.page :][:A_PAGE]
    first = _FIRST.get(state.asked, _ANSWERS) if state.page == 0 else ()
    more = len(entries) > A_PAGE * (state.page + 1)
    prompts = (
        *first,
        *(f"help_{meaning}" for meaning in here),
        "help_more" if more else "help_back",
    )
    return tuple(Say(prompt) for prompt in prompts)


def next_page(state: State) -> State:
    """The page after this one, and after the last the first."""
    pages = -(-len(menu.entries(state.asked)) // A_PAGE)
    return state.to(Screen.HELP, back=state.back, page=(state.page + 1) % max(1, pages))


def answer(state: State, reply: Reply) -> State | None:
    """ "No" or a `#`: nothing of it is wanted. Commands are not for a screen to take."""
    declined = reply.meaning is Meaning.NO or reply.keys == ""
    return state.returned() if declined else None
