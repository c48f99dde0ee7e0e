# SPDX-License-Identifier: Apache-2.0
"""Is a person there? Nothing of the photo is told before a "yes": voicemail never says yes."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import menu
from ivr.dialog.flow import advance
from ivr.dialog.replies import Reply
from ivr.dialog.state import Ending, Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.GREETING)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    """Who has rung before knows how to answer: the long form is for the first call."""
    question = "greeting_ask" if state.first_time else "greeting_short_ask"
    return (Say("greeting_arrived" if state.arrived else "greeting"), Say(question))


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        return advance(replace(state, person=True))
    return state.end(Ending.LATER) if reply.meaning is Meaning.NO else None
