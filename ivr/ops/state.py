# SPDX-License-Identifier: Apache-2.0
"""The state of the whole service at one moment, for the overview page and `sonsori ops status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from ivr.ops import tables
from ivr.ops.concerns import concerns
from ivr.ops.tables import Table
from ivr.ops.words import interval, share
from worker import broker, overview, retraining
from worker.drift import Drift, drift
from worker.failures import failures
from worker.overview import Numbers
from worker.promotion import ModelStore, Unusable
from worker.queue import Queue
from worker.retraining import RunView
from worker.settings import Settings
from worker.store import Store


@dataclass(frozen=True, slots=True)
class State:
    """`queues` is None when the broker is away. `served` names the bundle that workers are
    to serve; `refused` is why one does not, empty otherwise."""

    numbers: Numbers
    queues: Mapping[Queue, int] | None
    workers: Mapping[str, tuple[str, ...]]
    runs: tuple[RunView, ...]
    drift: Drift
    failed: int
    served: str
    refused: str

    @classmethod
    def of(cls, store: Store) -> Self:
        """Asks database, broker and workers; takes most of a second, which the workers may take."""
        queues = broker.queue_lengths(store.celery)
        return cls(
            overview.numbers(store),
            queues,
            {} if queues is None else broker.workers(store.celery),
            tuple(retraining.overview(store)),
            drift(store, weeks=1),
            len(failures(store)),
            *_served(store.settings),
        )

    def concerns(self) -> list[str]:
        found = concerns(self.numbers, self.queues, self.workers, self.drift.alarms, self.failed)
        refused = f"Workers do not take the model {self.served}: {self.refused}"
        return [refused, *found] if self.refused else found

    def tables(self) -> tuple[Table, ...]:
        numbers, queues = tables.now(self.numbers), tables.queues(self.queues)
        return numbers, queues, tables.workers(self.workers)

    def lines(self) -> tuple[str, ...]:
        """Sentences that stand below the tables."""
        agreed = self.drift.weeks[0].agreed
        said = f"Answers of the last seven days that agree: {share(agreed)}"
        bounds = f", 95 % interval {interval(agreed)}." if agreed.whole else "."
        return tables.current_run(self.runs), f"Model that serves: {self.served}.", said + bounds

    def as_dict(self) -> dict[str, Any]:
        """For programs; times are UTC in ISO 8601."""
        current = next((run for run in self.runs if not run.over), None)
        return {
            "concerns": self.concerns(),
            **self.numbers.as_dict(),
            "queues": None if self.queues is None else dict(self.queues),
            "workers": {name: list(served) for name, served in self.workers.items()},
            "training": None if current is None else _plain(asdict(current)),
            "served": self.served,
            "refused": self.refused,
            "drift": self.drift.as_dict(),
            "failed": self.failed,
        }


def _served(settings: Settings) -> tuple[str, str]:
    """What an operator fixed goes first, then what was promoted, then what ships; and why workers
    do not take it, empty when they do."""
    if settings.model_dir is not None:
        return f"the bundle in {settings.model_dir}", ""
    models = ModelStore(settings.models())
    try:
        served = models.current()
    except Unusable as error:
        return "unknown", str(error)
    if served is None:
        return "the one that ships with the program", ""
    return served.bundle, models.refusals().get(served.bundle, "")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }
