# SPDX-License-Identifier: Apache-2.0
"""The corrected number read back whole, so that what is kept is what the caller meant."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.dialog import correcting, keying, menu
from ivr.dialog.checks import misses
from ivr.dialog.flow import settle
from ivr.dialog.reading import digits
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State, Verdict
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.CHECKING)
HOW = ("yes_no_1", "yes_no_2")


def ask(state: State) -> tuple[Say, ...]:
    kind = next(filter(None, map(misses, state.candidate.split("|"))), None)
    doubt = () if kind is None else (Say(f"caution_{kind}"),)
    return (*read_back(state), *doubt, Say("checking_ask"))


def read_back(state: State) -> Iterator[Say]:
    """A caller who keyed more or fewer digits than were read hears that before the digits."""
    read, keyed = (_count(text) for text in (state.photo.reading.text, state.candidate))
    differ = state.keyed and keyed != read
    if differ:
        yield Say("checking_counts", {"read": read, "keyed": keyed})
    if differ or not state.grouped:
        yield digits(state.candidate, state)
    else:
        prompt = "checking_keys" if state.keyed else "checking_corrected"
        yield Say(prompt, {"digits": state.candidate}, secret=True)


def _count(text: str) -> int:
    return len(text.replace("|", ""))


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.YES:
        verdict = Verdict.KEYED if state.keyed else Verdict.SPOKEN
        return settle(state, verdict, state.candidate, reply)
    if reply.meaning is Meaning.NO:
        return keying.begin(state) if state.keyed else correcting.again(state)
    return keying.number(state, reply)
