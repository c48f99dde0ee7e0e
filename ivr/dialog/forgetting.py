# SPDX-License-Identifier: Apache-2.0
""" "Forget me": what would be deleted, asked once more, since it cannot be taken back."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import menu
from ivr.dialog.replies import Reply
from ivr.dialog.state import Ending, Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.FORGETTING)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    return (Say("forget_ask"),)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        return replace(state.end(Ending.FORGOTTEN), forget=True)
    return state.returned() if reply.meaning is Meaning.NO else None
