# SPDX-License-Identifier: Apache-2.0
"""The last words, by the reason the call ends."""

from __future__ import annotations

from ivr.dialog.replies import Reply
from ivr.dialog.state import State
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS: frozenset[Meaning] = frozenset()
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    return (Say(f"goodbye_{state.ending}"),)


def answer(state: State, reply: Reply) -> State | None:
    return state
