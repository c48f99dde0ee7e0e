# SPDX-License-Identifier: Apache-2.0
"""What happens when a model speaks plainly: how often it does, and how often it is then wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.confidence_fit import upper_bound
from training.gate.readings import Pair
from training.scoring import Outcome, only_digits


@dataclass(frozen=True, slots=True)
class Risk:
    """Of `photos`, how many are `exact`, `sure`, and `silent`ly wrong. `bound`: the highest share
    of silent errors among the sure that is likely (95 %, Clopper and Pearson)."""

    photos: int
    exact: int
    sure: int
    silent: int
    bound: float

    @property
    def coverage(self) -> float:
        """Share of photos that are spoken plainly."""
        return self.sure / max(self.photos, 1)

    @property
    def share(self) -> float:
        """Share of those that are wrong."""
        return self.silent / max(self.sure, 1)


@dataclass(frozen=True, slots=True)
class Selective:
    """Both models' risk, and the photos on which one is silently wrong and the other is not.
    `spoken_where_none`: photos without digits on which digits are spoken plainly."""

    champion: Risk
    challenger: Risk
    new: int
    mended: int
    spoken_where_none: tuple[int, int]  # champion, challenger


def selective(pairs: Sequence[Pair]) -> Selective:
    before, after = [pair.champion for pair in pairs], [pair.challenger for pair in pairs]
    both = list(zip(before, after, strict=True))
    return Selective(
        champion=_risk(before),
        challenger=_risk(after),
        new=sum(now.silent_error and not then.silent_error for then, now in both),
        mended=sum(then.silent_error and not now.silent_error for then, now in both),
        spoken_where_none=(_where_none(before), _where_none(after)),
    )


def _risk(outcomes: Sequence[Outcome]) -> Risk:
    sure = sum(outcome.sure for outcome in outcomes)
    silent = sum(outcome.silent_error for outcome in outcomes)
    exact = sum(outcome.exact for outcome in outcomes)
    return Risk(len(outcomes), exact, sure, silent, upper_bound(silent, sure) if sure else 1.0)


def _where_none(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.silent_error for outcome in outcomes if not only_digits(outcome.label))
