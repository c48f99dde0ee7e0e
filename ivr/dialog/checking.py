# SPDX-License-Identifier: Apache-2.0
"""The corrected number read back whole, so that what is kept is what the caller meant."""

from __future__ import annotations

from ivr.dialog import keying
from ivr.dialog.flow import settle
from ivr.dialog.replies import Reply
from ivr.dialog.state import State, Verdict
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    return (Say(_prompt(state), {"digits": state.candidate}, secret=True), Say("checking_ask"))


def _prompt(state: State) -> str:
    if state.repeats > 1:
        return "checking_singly"
    return "checking_keys" if state.keyed else "checking_corrected"


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        verdict = Verdict.KEYED if state.keyed else Verdict.ACCEPTED
        return settle(state, verdict, state.candidate, reply)
    return keying.begin(state) if reply.meaning is Meaning.NO else None
