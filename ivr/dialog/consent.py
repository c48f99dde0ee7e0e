# SPDX-License-Identifier: Apache-2.0
"""May the digits be kept to learn from? Asked once a caller, after they have their answer."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialog import menu
from ivr.dialog.flow import finish
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.CONSENT)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    return (Say("consent_ask"),)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning in (Meaning.YES, Meaning.NO):
        return finish(replace(state, consent=reply.meaning is Meaning.YES))
    return None
