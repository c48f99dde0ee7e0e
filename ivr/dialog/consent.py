# SPDX-License-Identifier: Apache-2.0
"""May the digits be kept to learn from? Asked once a caller, after they have their answer.

Callers who were chosen for it are asked for their whole photos instead, to try new models on.
"""

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
    if state.chosen:
        return Say("test_consent_how"), Say("test_consent_ask")
    return (Say("consent_ask"),)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning not in (Meaning.YES, Meaning.NO):
        return None
    agreed = reply.meaning is Meaning.YES
    asked = replace(state, test_consent=agreed) if state.chosen else replace(state, consent=agreed)
    return finish(asked)
