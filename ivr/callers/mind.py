# SPDX-License-Identifier: Apache-2.0
"""What a truthful caller answers who knows the number on the photo, and cannot see the photo.

They know only what was said to them: the number as it was last read out, and the question. They
press `1` or `2` when asked to, name a digit or line that is wrong where that is all that is wrong
with it, and key what a position cannot tell: missing digits, or more than two that are wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.callers.ears import say
from ivr.dialog.types import Heard, Keyed, Meaning, Say
from training.alignment import align, distance

_MOST_WRONG = 2  # digits that a caller would name one after the other
_BY_KEY = {Meaning.YES: "1", Meaning.NO: "2"}
_POUND = Keyed("#")


@dataclass(slots=True)
class Mind:
    """One caller: the lines that are written, and those that were last read out."""

    truth: tuple[str, ...]
    told: list[str] = field(default_factory=list)
    line: int = 1
    place: int = 1

    def answer(self, says: Sequence[Say]) -> Heard | Keyed:
        """What the caller says or keys after all of `says`."""
        self._listen(says)
        question = says[-1]
        if question.prompt.startswith("greeting"):
            return Keyed("1")  # what is measured begins with the number
        meant = self._meant(question)
        by_key = any(one.prompt == "yes_no_2" for one in says)
        if by_key and isinstance(meant, Heard) and meant.meaning in _BY_KEY:
            return Keyed(_BY_KEY[meant.meaning])
        return meant

    def _listen(self, says: Sequence[Say]) -> None:
        """Numbers that were read out take the place of the last one."""
        read = [str(one.slots["digits"]) for one in says if "digits" in one.slots]
        if read:
            self.told = "|".join(read).split("|")
        slots = says[-1].slots
        self.line = int(slots.get("line", self.line if "position" not in slots else 1))
        self.place = int(slots.get("position", self.place))

    def _meant(self, question: Say) -> Heard | Keyed:
        match question.prompt:
            case "place_line_ask":
                return self._wrong_line()
            case "place_ask":
                return self._wrong_place(0, "".join(self.truth))
            case "place_in_line_ask":
                return self._wrong_place(self.line - 1, self._true_line())
            case "digit_key" | "digit_key_line":
                return self._one_key()
            case "keying":
                return Keyed("".join(self.truth) + "#")
            case "keying_line":
                return self._key_line()
            case "keying_more":
                self.line += 1
                return self._key_line()
        return say(Meaning.YES if self._agrees(question) else Meaning.NO)

    def _agrees(self, question: Say) -> bool:
        """Whether the answer to a yes-or-no question is yes."""
        if question.prompt.startswith("alternative"):
            return self._mends(str(question.slots.get("value", "")))
        return "".join(self.told) == "".join(self.truth)

    def _mends(self, value: str) -> bool:
        """Whether `value`, or nothing, for the digit asked about leaves less that is wrong."""
        row = self.told[self.line - 1]
        changed = [*self.told]
        changed[self.line - 1] = row[: self.place - 1] + value + row[self.place :]
        return self._wrong(changed) < self._wrong(self.told)

    def _wrong(self, lines: Sequence[str]) -> int:
        return distance("".join(self.truth), "".join(lines))

    def _wrong_line(self) -> Heard | Keyed:
        """The one line that is wrong; else it is all keyed."""
        if len(self.told) != len(self.truth):
            return _POUND
        pairs = enumerate(zip(self.truth, self.told, strict=True), start=1)
        wrong = [line for line, (true, told) in pairs if true != told]
        return say(Meaning.POSITION, wrong[0]) if len(wrong) == 1 else _POUND

    def _wrong_place(self, line: int, true: str) -> Heard | Keyed:
        """The first wrong digit of a line; what is no digit of it is keyed."""
        places: list[int] = []
        told = 0
        for truth, read in align(true, self.told[line]):
            told += read is not None
            if read is None:
                return Keyed(true + "#")
            if truth != read:
                places.append(told)
        if not places:
            return say(Meaning.NO)
        return say(Meaning.POSITION, places[0]) if len(places) <= _MOST_WRONG else Keyed(true + "#")

    def _one_key(self) -> Heard | Keyed:
        """The digit of the place asked about, if that is where something is wrong."""
        for value in ("", *"0123456789"):
            if self._mends(value):
                return Keyed(value + "#")
        return say(Meaning.NO)

    def _key_line(self) -> Keyed:
        return Keyed(self._true_line() + "#") if self.line <= len(self.truth) else _POUND

    def _true_line(self) -> str:
        return self.truth[self.line - 1]
