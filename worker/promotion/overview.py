# SPDX-License-Identifier: Apache-2.0
"""Which models there are, which one serves, and what served when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from worker.promotion import aliases, history
from worker.promotion.bundles import Busy, ModelStore
from worker.promotion.history import Span
from worker.promotion.promoting import served_now
from worker.promotion.registry import (
    PATIENCE_S,
    OpenRegistry,
    Registered,
    Registry,
    Unreachable,
    within,
)
from worker.promotion.verdicts import in_words, verdict_of
from worker.store import Store
from worker.training_records import Promotion


@dataclass(frozen=True, slots=True)
class Known:
    """A version in the registry, as operators see it."""

    version: int
    bundle: str
    aliases: tuple[str, ...]
    verdict: str  # in a few words
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Overview:
    """`away`: why the registry's versions are not known; empty when they are. `refused`: bundles
    that a worker did not take, and why. `served`: oldest first."""

    serving: str
    versions: tuple[Known, ...]
    away: str
    served: tuple[Span, ...]
    refused: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        versions = [{**asdict(one), "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}"} for one in self.versions]
        served = [span.as_dict() for span in self.served]
        return {
            "serving": self.serving,
            "versions": versions,
            "registry": self.away or "reached",
            "served": served,
            "refused": self.refused,
        }


def look(store: Store, open_registry: OpenRegistry) -> Overview:
    """The models, after what a killed or hurried promotion left undone is done.

    Raises `Unusable` when it cannot be told what serves.
    """
    models = ModelStore(store.settings.models())
    promotions, may_mend = _settled(store, models)
    versions, away = _versions(open_registry, promotions if may_mend else [])
    spans = tuple(history.told(store))
    return Overview(served_now(models), versions, away, spans, models.refusals())


def served_during(store: Store, start: datetime, end: datetime) -> list[Span]:
    """What served at some time from `start` to before `end`, UTC. Raises `Unusable`."""
    _settled(store, ModelStore(store.settings.models()))
    return history.during(history.told(store), start, end)


def _settled(store: Store, models: ModelStore) -> tuple[list[Promotion], bool]:
    """The promotions, and whether nobody is promoting just now."""
    try:
        with models.lock():
            history.settle(store, models)
    except Busy:
        return history.rows(store), False
    return history.rows(store), True


def _versions(
    open_registry: OpenRegistry, promotions: list[Promotion]
) -> tuple[tuple[Known, ...], str]:
    def ask() -> tuple[Known, ...]:
        registry = open_registry()
        aliases.mend(registry, promotions)
        return _known(registry)

    try:
        return within(PATIENCE_S, ask), ""
    except Unreachable as error:
        return (), str(error)


def _known(registry: Registry) -> tuple[Known, ...]:
    named = registry.aliases()
    return tuple(_one(version, named) for version in registry.versions())


def _one(version: Registered, named: Mapping[str, int]) -> Known:
    aliases_of = tuple(sorted(name for name, number in named.items() if number == version.number))
    verdict = in_words(verdict_of(version.tags))
    return Known(version.number, version.bundle, aliases_of, verdict, version.at)
