# SPDX-License-Identifier: Apache-2.0
"""What callers take their number to be: most know it, some do not and say that they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    KNOWS = "knows"
    MISTAKEN = "mistaken"  # has one digit wrong in mind, and stands by it
    AGREES = "agrees"  # says yes to whatever is read


@dataclass(frozen=True, slots=True)
class Belief:
    """One caller: `number` is what they would key, digits only."""

    kind: Kind
    number: str


def beliefs(numbers: Sequence[str], mistaken: float, seed: int) -> tuple[Belief, ...]:
    """A caller for each of `numbers`, the share `mistaken` of them wrong: half of these have
    another digit in mind, half agree with anything. The same for the same seed."""
    random = Random(f"beliefs {seed}")
    wrong = random.sample(range(len(numbers)), round(mistaken * len(numbers)))
    agreeing = set(wrong[::2])
    found = [Belief(Kind.KNOWS, number) for number in numbers]
    for index in sorted(wrong):
        number = numbers[index]
        agrees = index in agreeing
        believed = Belief(Kind.AGREES, number) if agrees else _mistaken(number, random)
        found[index] = believed
    return tuple(found)


def _mistaken(number: str, random: Random) -> Belief:
    at = random.randrange(len(number))
    digit = (int(number[at]) + random.randint(1, 9)) % 10
    return Belief(Kind.MISTAKEN, f"{number[:at]}{digit}{number[at + 1 :]}")
