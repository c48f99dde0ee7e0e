# SPDX-License-Identifier: Apache-2.0
"""The line is held open for a photo; nothing is asked, and "no" ends it."""

from __future__ import annotations

from ivr.dialog.flow import finish
from ivr.dialog.replies import Reply
from ivr.dialog.state import Ending, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.PHOTO
HOW = ("waiting_still", "waiting_still")


def ask(state: State) -> tuple[Say, ...]:
    if state.waits:
        return (Say("waiting_still"),)
    return (Say("waiting_again" if state.photos else "waiting_first"), Say("waiting_how"))


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.NO:
        return finish(state) if state.outcomes else state.end(Ending.STOPPED)
    return None
