# SPDX-License-Identifier: Apache-2.0
"""Every screen of the conversation, with the module that holds its words and answers."""

from __future__ import annotations

from typing import Protocol

from ivr.dialog import (
    alternative,
    checking,
    consent,
    differs,
    digit,
    exam,
    forgetting,
    goodbye,
    greeting,
    helping,
    keying,
    knows,
    place,
    problem,
    reading,
    waiting,
)
from ivr.dialog.replies import Reply
from ivr.dialog.state import Screen, State
from ivr.dialog.types import Expect, Meaning, Say


class ScreenModule(Protocol):
    """What a screen's module offers.

    `HEARS` is what words may mean there, `HOW` the hints before the second and third asking.
    """

    @property
    def EXPECT(self) -> Expect: ...

    @property
    def HEARS(self) -> frozenset[Meaning]: ...

    @property
    def HOW(self) -> tuple[str, str]: ...

    def ask(self, state: State, /) -> tuple[Say, ...]:
        """Everything to be said on coming here; the last is the question alone."""

    def answer(self, state: State, reply: Reply, /) -> State | None:
        """Where `reply` leads, or None when it answers nothing."""


SCREENS: dict[Screen, ScreenModule] = {
    Screen.GREETING: greeting,
    Screen.READING: reading,
    Screen.ALTERNATIVE: alternative,
    Screen.PLACE: place,
    Screen.DIGIT: digit,
    Screen.KEYING: keying,
    Screen.CHECKING: checking,
    Screen.CONSENT: consent,
    Screen.KNOWS: knows,
    Screen.EXAM: exam,
    Screen.DIFFERS: differs,
    Screen.PROBLEM: problem,
    Screen.WAITING: waiting,
    Screen.HELP: helping,
    Screen.FORGETTING: forgetting,
    Screen.GOODBYE: goodbye,
}
