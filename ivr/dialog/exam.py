# SPDX-License-Identifier: Apache-2.0
"""The number by keys, from a chosen caller who said "yes": so that the reader can be examined.

A "yes" is weak evidence. Who does not want to passes by it: by `#` alone, "no", or silence.
"""

from __future__ import annotations

from ivr.dialog import menu
from ivr.dialog.flow import finish, settle
from ivr.dialog.keying import fits
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State, Verdict
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.DIGITS
HEARS = menu.commands(Screen.EXAM) | {Meaning.NO}
HOW = ("exam_skip", "exam_skip")


def ask(state: State) -> tuple[Say, ...]:
    return Say("exam_skip"), Say("exam")


def answer(state: State, reply: Reply) -> State | None:
    if reply.keys == "" or reply.meaning is Meaning.NO:
        return finish(state)
    return compare(state, reply)


def compare(state: State, reply: Reply) -> State | None:
    """The keys that were read are the number; others are read back, since fingers slip too.

    All lines are keyed in one go: what is compared is the digits.
    """
    if not reply.keys or not fits(reply.keys):
        return None
    read = state.photo.reading.text
    if reply.keys == read.replace("|", ""):
        return settle(state, Verdict.KEYED, read, reply)
    return state.to(Screen.DIFFERS, candidate=reply.keys, keyed=True)
