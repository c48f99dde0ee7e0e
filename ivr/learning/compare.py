# SPDX-License-Identifier: Apache-2.0
"""The same photos before and after: what rose, what fell, and whether it is what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ivr.learning.phases import Found
from ivr.learning.reading import PHOTOS, Row
from ivr.learning.rendered import OLD, UNSEEN
from training.loop import Ending

LEAST_RISE = 8.0  # points of exact on the unseen strings
MOST_FALL = {OLD: 0.3, PHOTOS: 0.0}  # points that may be lost elsewhere

_ENDINGS = {
    "retrain": Ending.PASSED,
    "again": Ending.NOTHING_NEW,
    "random": Ending.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One set read twice. `won` were wrong and are exact now, `lost` the other way round."""

    name: str
    photos: int
    exact: tuple[int, int]
    sure: tuple[int, int]
    silent: tuple[int, int]
    won: int
    lost: int

    @property
    def points(self) -> float:
        """How much exact rose, in percent of the photos."""
        return 100 * (self.exact[1] - self.exact[0]) / max(self.photos, 1)

    @property
    def as_wanted(self) -> bool:
        if self.name == UNSEEN:
            return self.points >= LEAST_RISE
        fall = MOST_FALL[self.name]
        return self.points > -fall if fall else self.points >= 0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "points": round(self.points, 2), "as_wanted": self.as_wanted}


def compare(before: Found, after: Found) -> tuple[Compared, ...]:
    """Each set of the two findings of `read_sets`."""
    return tuple(_compare(name, rows, after["sets"][name]) for name, rows in before["sets"].items())


def shortcomings(found: Mapping[str, Found]) -> list[str]:
    """What did not come out as it should, in sentences."""
    missed = []
    for one in compare(found["before"], found["after"]):
        if not one.as_wanted:
            missed.append(f"{one.name}: {one.points:+.2f} points of exact.")
    if not found["promote"]["promoted"]:
        missed.append("What the callers taught was not promoted.")
    for phase, ending in _ENDINGS.items():
        if found[phase]["state"] != ending:
            missed.append(f"{phase}: the retraining ended as {found[phase]['state']}.")
    return missed


def _compare(name: str, before: Sequence[Row], after: Sequence[Row]) -> Compared:
    pairs = list(zip(before, after, strict=True))
    return Compared(
        name,
        len(pairs),
        _count(before, after, "exact"),
        _count(before, after, "sure"),
        _count(before, after, "silent"),
        won=sum(new["exact"] and not old["exact"] for old, new in pairs),
        lost=sum(old["exact"] and not new["exact"] for old, new in pairs),
    )


def _count(before: Sequence[Row], after: Sequence[Row], name: str) -> tuple[int, int]:
    return sum(bool(row[name]) for row in before), sum(bool(row[name]) for row in after)
