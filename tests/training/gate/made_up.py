# SPDX-License-Identifier: Apache-2.0
"""Pairs of readings that nobody made, to try rules on."""

from __future__ import annotations

from itertools import count

from training.frozen import Condition, FrozenPhoto, Kind
from training.gate.readings import Pair
from training.scoring import Outcome

_names = count()


def photo(
    text: str = "482915",
    *,
    kind: Kind = Kind.RENDERED,
    writer: str = "rendered",
    misled: bool = False,
    conditions: tuple[Condition, ...] = (),
) -> FrozenPhoto:
    name = f"photo {next(_names)}"
    return FrozenPhoto(name, name, text, kind, writer, misled, "", conditions)


def pair(
    before: bool,
    after: bool,
    of: FrozenPhoto | None = None,
    *,
    sure: tuple[bool, bool] = (False, False),
) -> Pair:
    """`of` as champion and challenger read it: right or not, sure or not."""
    of = of or photo()
    return Pair(of, _outcome(of, before, sure[0]), _outcome(of, after, sure[1]))


def pairs(
    wins: int = 0, losses: int = 0, both: int = 0, neither: int = 0, of: FrozenPhoto | None = None
) -> list[Pair]:
    """So many pairs of each kind."""
    kinds = {(False, True): wins, (True, False): losses, (True, True): both}
    kinds[(False, False)] = neither
    return [pair(*kind, of) for kind, many in kinds.items() for _ in range(many)]


def _outcome(of: FrozenPhoto, right: bool, sure: bool) -> Outcome:
    text = of.text if right else "".join(str(9 - int(digit)) for digit in of.text) or "1"
    return Outcome(of.name, of.kind, of.text, text, sure, 0.9, (), 100.0)
