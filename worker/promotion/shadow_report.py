# SPDX-License-Identifier: Apache-2.0
"""How a challenger in shadow does beside what is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from worker.promotion.reading_along import CHALLENGER, CHAMPION, NONE
from worker.store import Store
from worker.training_records import ShadowReading


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of readings. `wins`, `losses`, `neither`: who was right where the two differ and the
    caller said what it is. `would_mislead`: wrong readings that the challenger was sure of;
    `misled`: those the champion was sure of. `more_sure`, `less_sure`: where they
    agree on the digits."""

    challenger: str
    readings: int
    differ: int
    wins: int
    losses: int
    neither: int
    would_mislead: int
    misled: int
    more_sure: int
    less_sure: int

    @property
    def share(self) -> float:
        """Of readings on which the two differ, 0 to 1."""
        return self.differ / self.readings if self.readings else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "share": round(self.share, 4)}


def report(store: Store, challenger: str) -> Report:
    """What was counted for the bundle so far."""
    its_rows = select(ShadowReading).where(ShadowReading.challenger == challenger)
    with store.snapshot() as session:
        return _counted(challenger, session.scalars(its_rows).all())


def _counted(challenger: str, rows: Sequence[ShadowReading]) -> Report:
    differ = [row for row in rows if row.differs]
    agree = [row for row in rows if not row.differs]
    wins = [row for row in differ if row.right == CHALLENGER]
    losses = [row for row in differ if row.right == CHAMPION]
    wrong = [row for row in differ if row.right in (CHAMPION, NONE)]
    return Report(
        challenger,
        readings=len(rows),
        differ=len(differ),
        wins=len(wins),
        losses=len(losses),
        neither=sum(row.right == NONE for row in differ),
        would_mislead=sum(row.challenger_sure for row in wrong),
        misled=sum(row.champion_sure for row in differ if row.right in (CHALLENGER, NONE)),
        more_sure=sum(row.challenger_sure and not row.champion_sure for row in agree),
        less_sure=sum(row.champion_sure and not row.challenger_sure for row in agree),
    )
