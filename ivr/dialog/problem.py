# SPDX-License-Identifier: Apache-2.0
"""A photo that could not be read: what was wrong with it, and the one thing to change.

From the second on, a way to hold the telephone that needs no eyes.
"""

from __future__ import annotations

from ivr.dialog import waiting
from ivr.dialog.replies import Reply
from ivr.dialog.state import State
from ivr.dialog.types import Expect, Say
from vision.reading import Problem

EXPECT = Expect.PHOTO
HEARS = waiting.HEARS
HOW = waiting.HOW


def ask(state: State) -> tuple[Say, ...]:
    how = (Say("waiting_how"),) if state.first_time else ()
    again = (Say("problem_again"),) if state.bad_photos > 1 and state.at >= 0 else ()
    return (Say(f"problem_{_problem(state)}"), *again, Say("waiting_again"), *how)


def _problem(state: State) -> str:
    if state.at < 0:
        return "lost"
    problems = state.photo.reading.problems
    return min(problems, key=list(Problem).index) if problems else Problem.NO_DIGITS


def answer(state: State, reply: Reply) -> State | None:
    return waiting.answer(state, reply)
