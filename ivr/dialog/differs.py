# SPDX-License-Identifier: Apache-2.0
"""What was keyed is not what was read, and the caller had said that it is right.

They must not hang up with two numbers: the keyed one is read back and confirmed, or it was a slip,
and the photo is read once more.
"""

from __future__ import annotations

from ivr.dialog import exam, menu
from ivr.dialog.checking import read_back
from ivr.dialog.flow import settle
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State, Verdict
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.DIFFERS)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    return Say("exam_differs"), *read_back(state), Say("checking_ask")


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        return settle(state, Verdict.KEYED, state.candidate, reply)
    if reply.meaning is Meaning.NO:
        return state.to(Screen.READING, denied=(), rounds=0, keyed_lines=())
    return exam.compare(state, reply)
