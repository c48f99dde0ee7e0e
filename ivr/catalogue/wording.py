# SPDX-License-Identifier: Apache-2.0
"""Numbers as words: digits, counts with their counters, positions, alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words for numbers; lists run on to the longest count that has a word.

    `counters` maps a counted thing to its singular and plural, `{number}` standing for the word.
    `placed` says a digit with its position, `choice` stands between alternatives.
    """

    digits: tuple[str, ...]
    numbers: tuple[str, ...]
    ordinals: tuple[str, ...]
    counters: Mapping[str, tuple[str, str]]
    placed: str
    choice: str

    def word(self, spec: str, value: str | int) -> str:
        """`value` as the slot `{name:spec}` of a prompt wants it.

        `digit`: one digit; `choice`: each digit of a string as an alternative; `ordinal`: a
        position from 1; `count.THING`: that many of a thing.
        """
        kind, _, thing = spec.partition(".")
        match kind:
            case "digit":
                return self.digits[int(value)]
            case "choice":
                return self.choice.join(self.digits[int(digit)] for digit in str(value))
            case "ordinal":
                return self.ordinal(int(value))
            case "count":
                return self.count(int(value), thing)
        raise ValueError(f"no such slot kind: {spec!r}")

    def ordinal(self, position: int) -> str:
        return _or_figure(self.ordinals, position)

    def count(self, number: int, thing: str) -> str:
        one, many = self.counters[thing]
        return (one if number == 1 else many).format(number=_or_figure(self.numbers, number))

    def place(self, position: int, digit: str) -> str:
        """One digit with its position: "third, seven"."""
        return self.placed.format(ordinal=self.ordinal(position), digit=self.digits[int(digit)])


def _or_figure(words: tuple[str, ...], number: int) -> str:
    return words[number - 1] if 1 <= number <= len(words) else str(number)
