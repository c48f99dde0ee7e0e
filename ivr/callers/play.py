# SPDX-License-Identifier: Apache-2.0
"""One call of a simulated caller, from the greeting to the label."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from ivr.callers.ears import Ears
from ivr.callers.mind import Mind
from ivr.callers.misread import Misread
from ivr.dialog.machine import step
from ivr.dialog.state import Photo, Screen, State
from ivr.dialog.types import Action, Answered, Heard, Keyed, Listen, Say, Store
from training.scoring import only_digits
from worker.records import Label

_MOST_STEPS = 100  # beyond all limits of the conversation
_VOUCHED = (Label.KEYED, Label.SPOKEN, Label.CONFIRMED)


class By(StrEnum):
    """How the right number was reached, or that it was not."""

    VOICE = "voice"  # no digit was keyed
    DIGIT = "digit"  # one wrong digit was keyed
    LINE = "line"  # one wrong line was keyed
    NUMBER = "number"  # all of it was keyed
    MISHEARD = "misheard"  # the very first "no" was taken for a yes
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Played:
    """How a call went. `turns` are the caller's answers after the first "no", all of them.

    `wrong_label` is True when digits that are not the number were kept as those of somebody who
    knows it, `wrong_unverified` when they were kept as those of somebody who may not.
    """

    by: By
    turns: int
    same_shape: bool
    wrong_label: bool
    wrong_unverified: bool


def play(misread: Misread, ears: Ears, slips: float) -> Played:
    """One call; a number is keyed wrongly with the probability `slips`."""
    call = _Call(misread, ears, slips)
    call.go_on()
    return call.played()


class _Call:
    def __init__(self, misread: Misread, ears: Ears, slips: float) -> None:
        self._misread, self._ears, self._slips = misread, ears, slips
        self._mind = Mind(misread.truth)
        photo = Photo(1, misread.reading)
        self._state = State("ko", first_time=False, consent=True, photos=(photo,))
        self._stored: list[Store] = []
        self._by = By.VOICE
        self._turns = 0
        self._denied = False

    def go_on(self) -> None:
        """Up to the end of the call. Raises RuntimeError when none comes."""
        actions = self._step(Answered())
        for _ in range(_MOST_STEPS):
            listen = next((one for one in actions if isinstance(one, Listen)), None)
            if listen is None:
                return
            says = [one for one in actions if isinstance(one, Say)]
            actions = self._step(self._transmit(self._mind.answer(says), listen))
        raise RuntimeError("a call that does not end")

    def played(self) -> Played:
        wrong = [
            one for one in self._stored if one.label != Label.DENIED and not self._is_true(one)
        ]
        vouched = any(one.label in _VOUCHED for one in wrong)
        return Played(self._how(), self._turns, self._misread.same_shape, vouched, bool(wrong))

    def _how(self) -> By:
        if not self._denied:
            return By.MISHEARD if self._stored else By.NOTHING
        kept = [one for one in self._stored if one.label != Label.DENIED]
        return self._by if kept and all(map(self._is_true, kept)) else By.NOTHING

    def _is_true(self, store: Store) -> bool:
        return only_digits(store.digits) == "".join(self._misread.truth)

    def _step(self, event: Answered | Heard | Keyed) -> tuple[Action, ...]:
        before = self._state
        self._state, actions = step(before, event)
        self._stored += [one for one in actions if isinstance(one, Store)]
        self._count(before, event)
        return actions

    def _count(self, before: State, event: Answered | Heard | Keyed) -> None:
        """What happened between the first "no" and the number that was kept."""
        if before.screen is Screen.READING:
            self._denied = self._state.screen not in (Screen.READING, Screen.KNOWS, Screen.GOODBYE)
        elif self._denied and before.screen not in (Screen.KNOWS, Screen.GOODBYE):
            self._turns += 1
            if isinstance(event, Keyed) and self._state.screen is not before.screen:
                self._note_keys(before)

    def _note_keys(self, before: State) -> None:
        """The most that was keyed counts, but a key for yes or no does not."""
        if self._state.keyed or self._state.screen is Screen.KEYING:
            self._by = By.NUMBER
        elif before.screen is Screen.PLACE:
            self._by = By.LINE
        elif before.screen is Screen.DIGIT and self._by is By.VOICE:
            self._by = By.DIGIT

    def _transmit(self, meant: Heard | Keyed, listen: Listen) -> Heard | Keyed:
        if isinstance(meant, Heard):
            return self._ears.hear(meant, listen.hears)
        if len(meant.keys) > 2 and self._ears.random.random() < self._slips:
            return Keyed(_slipped(meant.keys, self._ears.random))
        return meant


def _slipped(keys: str, random: Random) -> str:
    """One key beside the right one."""
    at = random.randrange(len(keys) - 1)
    return f"{keys[:at]}{(int(keys[at]) + random.randint(1, 9)) % 10}{keys[at + 1 :]}"
