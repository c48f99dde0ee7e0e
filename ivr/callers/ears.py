# SPDX-License-Identifier: Apache-2.0
"""A recogniser that hears as well and as badly as it is told to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType

from ivr.dialog.types import Heard, Meaning

_FURTHEST = 12  # positions a misheard one may be taken for
_SURELY, _HARDLY = 0.95, 0.4  # confidence of what is heard, and of what is not


@dataclass(frozen=True, slots=True)
class Rates:
    """How often an answer is heard as it was said, and as another one; else it is asked again."""

    right: float
    wrong: float

    def __post_init__(self) -> None:
        if min(self.right, self.wrong) < 0 or self.right + self.wrong > 1:
            raise ValueError(f"no shares of one: right {self.right}, wrong {self.wrong}")


# Cautious figures for Korean over a clear line, until `sonsori bench speech` has measured better:
# yes and no with a grammar of fillers, and positions as words of the same kind.
ASSUMED: Mapping[Meaning, Rates] = MappingProxyType(
    {
        Meaning.YES: Rates(0.795, 0.005),
        Meaning.NO: Rates(0.795, 0.005),
        Meaning.POSITION: Rates(0.6, 0.05),
    }
)


def rates_from(file: Path) -> Mapping[Meaning, Rates]:
    """Rates out of a TOML file: `[yes]` with `right` and `wrong`, and so on for each kind.

    What the file does not name stays as in `ASSUMED`. Raises ValueError for anything else.
    """
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        given = {Meaning(kind): Rates(**shares) for kind, shares in tables.items()}
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"no table of rates: {wrong}") from None
    unknown = set(given) - set(ASSUMED)
    if unknown:
        raise ValueError(f"no rates are needed for {', '.join(sorted(unknown))}")
    return {**ASSUMED, **given}


@dataclass(frozen=True, slots=True)
class Ears:
    """Hears by `rates`, with the luck of `random`."""

    rates: Mapping[Meaning, Rates]
    random: Random

    def hear(self, said: Heard, hears: frozenset[Meaning]) -> Heard:
        """`said` as it arrives; what the grammar does not hold is not heard as anything."""
        rates, luck = self.rates[said.meaning], self.random.random()
        if luck < rates.right:
            heard = said
        elif luck < rates.right + rates.wrong:
            heard = self._mistaken(said)
        else:
            return Heard(Meaning.UNCLEAR, _HARDLY)
        return heard if heard.meaning in hears else Heard(Meaning.UNCLEAR, _HARDLY)

    def _mistaken(self, said: Heard) -> Heard:
        match said.meaning:
            case Meaning.YES:
                return say(Meaning.NO)
            case Meaning.NO:
                return say(Meaning.YES)
        others = [number for number in range(1, _FURTHEST + 1) if number != said.number]
        return say(said.meaning, self.random.choice(others))


def say(meaning: Meaning, number: int | None = None) -> Heard:
    """An answer as the caller means it."""
    return Heard(meaning, _SURELY, number=number)
