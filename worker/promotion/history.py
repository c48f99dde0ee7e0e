# SPDX-License-Identifier: Apache-2.0
"""What served when: read from the promotion rows, which are only ever added.

Each row follows from the pointer: a promotion that was killed between the two is written down by
the next command that looks (`settle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from vision import SHIPPED
from worker.promotion.bundles import ModelStore
from worker.promotion.checks import card_of
from worker.promotion.pointer import Kind, Served
from worker.store import Store
from worker.training_records import Promotion


@dataclass(frozen=True, slots=True)
class Span:
    """A bundle's time in service, UTC. `since` None: from the beginning; `until` None: still."""

    bundle: str
    version: int | None
    since: datetime | None
    until: datetime | None
    kind: str
    actor: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        times = {"since": self.since, "until": self.until}
        said = {name: at and f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items()}
        rest = {"kind": self.kind, "actor": self.actor, "reason": self.reason}
        return {"bundle": self.bundle, "version": self.version, **said, **rest}


def settle(store: Store, models: ModelStore) -> bool:
    """Add the row of the newest change if its writer was killed before. True: it was missing.

    Needs the lock of the model store.
    """
    served = models.current()
    if served is None:
        return False
    its_row = select(Promotion.id).where(
        Promotion.at == served.at, Promotion.bundle == served.bundle
    )
    with store.session() as session:
        if session.scalar(its_row) is not None:
            return False
        session.add(_row(served))
    return True


def rows(store: Store) -> list[Promotion]:
    """All promotions and roll-backs, oldest first."""
    with store.snapshot() as session:
        return list(session.scalars(select(Promotion).order_by(Promotion.at, Promotion.id)))


def told(store: Store) -> list[Span]:
    """What served when, with the shipped bundle as all there ever was before any promotion."""
    return spans(rows(store)) or [
        Span(str(card_of(SHIPPED)["version"]), None, None, None, "shipped", "", "")
    ]


def spans(promotions: Sequence[Promotion]) -> list[Span]:
    """What served when, oldest first; before the first promotion it was the shipped bundle."""
    if not promotions:
        return []
    first = promotions[0]
    ends: list[datetime | None] = [*(row.at for row in promotions[1:]), None]
    found = [Span(first.replaced, None, None, first.at, "shipped", "", "")]
    for row, until in zip(promotions, ends, strict=True):
        found.append(Span(row.bundle, row.version, row.at, until, row.kind, row.actor, row.reason))
    return found


def during(all_spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """Those that served at some time from `start` to before `end`, UTC."""
    return [
        span
        for span in all_spans
        if (span.since is None or span.since < end) and (span.until is None or span.until > start)
    ]


def before(promotions: Sequence[Promotion]) -> list[str]:
    """The bundles to go back to, nearest first: a roll-back goes on where the last one ended."""
    stack = [promotions[0].replaced] if promotions else []
    for row in promotions:
        if row.kind == Kind.ROLLBACK and row.bundle in stack:
            del stack[len(stack) - stack[::-1].index(row.bundle) :]
        else:
            stack.append(row.bundle)
    served = stack.pop() if stack else ""
    return [bundle for bundle in dict.fromkeys(reversed(stack)) if bundle != served]


def version_of_bundle(promotions: Sequence[Promotion], bundle: str) -> int | None:
    """The number in the registry that `bundle` was last promoted by."""
    known = (row.version for row in reversed(promotions) if row.bundle == bundle)
    return next((version for version in known if version is not None), None)


def _row(served: Served) -> Promotion:
    return Promotion(
        at=served.at,
        kind=served.kind,
        bundle=served.bundle,
        version=served.version,
        replaced=served.replaced,
        actor=served.actor,
        reason=served.reason,
        verdict=served.verdict,
    )
