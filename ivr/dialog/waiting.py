# SPDX-License-Identifier: Apache-2.0
"""The line is held open for a photo; nothing is asked, and "no" ends it.

Every ten seconds a word says that somebody is there. Before the line is given up the caller is
told, and may have as long again.
"""

from __future__ import annotations

from ivr.dialog import menu
from ivr.dialog.flow import finish
from ivr.dialog.replies import SURE_CONFIDENCE, Reply
from ivr.dialog.state import Ending, Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.PHOTO
HEARS = menu.commands(Screen.WAITING) | {Meaning.NO}  # no "yes": a room says that by itself
HOW = ("waiting_still", "waiting_still")
MOST_WAITS = 18  # of 10 s: three minutes to take and send a photo without sight
KEYS_EVERY = 3  # words; the keys each time would be a litany


def ask(state: State) -> tuple[Say, ...]:
    if state.waits >= MOST_WAITS:
        return (Say("waiting_last"),)
    if state.waits:
        keys = (Say("waiting_keys"),) if state.waits % KEYS_EVERY == 0 else ()
        return (Say("waiting_still"), *keys)
    how = (Say("waiting_how"),) if state.first_time else ()
    return (Say("waiting_again" if state.photos else "waiting_first"), *how)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        return state.to(Screen.WAITING, waits=1)
    if reply.meaning is Meaning.NO and reply.confidence >= SURE_CONFIDENCE:
        return finish(state) if state.outcomes else state.end(Ending.STOPPED)
    return None
