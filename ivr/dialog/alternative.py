# SPDX-License-Identifier: Apache-2.0
"""After a "no": the reader's next best guess, as one question that yes or no answers."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ivr.dialog import keying, menu
from ivr.dialog.flow import settle
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State, Verdict
from ivr.dialog.types import Expect, Meaning, Say

EXPECT = Expect.YES_NO
HEARS = menu.yes_no(Screen.ALTERNATIVE)
HOW = ("yes_no_1", "yes_no_2")
MOST_OFFERS = 2


class Change(NamedTuple):
    """One digit that differs: its line and position, from 1, as read, and its value instead."""

    line: int
    position: int
    read: str
    value: str


def offer(state: State, denied: str) -> State:
    """Offer the next guess after the caller said no to `denied`; without one, ask for keys."""
    state = replace(state, denied=(*state.denied, denied))
    best = state.photo.reading.next_best(frozenset(state.denied))
    if best is None or len(state.denied) > MOST_OFFERS:
        return keying.begin(state)
    return state.to(Screen.ALTERNATIVE, candidate=best)


def ask(state: State) -> tuple[Say, ...]:
    question = _question(state)
    return (Say("sorry"), question) if len(state.denied) == 1 else (question,)


def answer(state: State, reply: Reply) -> State | None:
    if reply.meaning is Meaning.NO:
        return offer(state, state.candidate)
    if reply.meaning is not Meaning.YES:
        return keying.number(state, reply)
    if _question(state).prompt == "alternative_whole":
        return settle(state, Verdict.ACCEPTED, state.candidate, reply)
    # A yes to one digit says nothing of the others: the whole number is read once more.
    return state.to(Screen.CHECKING, keyed=False)


def _question(state: State) -> Say:
    read = state.photo.reading.text
    changes = changed(read, state.candidate)
    if len(changes) == 1:
        return _one(changes[0], several_lines="|" in read)
    return Say("alternative_whole", {"digits": state.candidate}, secret=True)


def _one(change: Change, *, several_lines: bool) -> Say:
    slots: dict[str, str | int] = {
        "position": change.position,
        "read": change.read,
        "value": change.value,
    }
    if several_lines:
        return Say("alternative_line", slots | {"line": change.line}, secret=True)
    return Say("alternative_one", slots, secret=True)


def changed(read: str, candidate: str) -> tuple[Change, ...]:
    """Where two texts of the same shape differ; nothing when their shapes do."""
    old, new = read.split("|"), candidate.split("|")
    if [len(line) for line in old] != [len(line) for line in new]:
        return ()
    return tuple(
        Change(line, position, before[position - 1], digit)
        for line, (before, after) in enumerate(zip(old, new, strict=True), start=1)
        for position, digit in enumerate(after, start=1)
        if before[position - 1] != digit
    )
