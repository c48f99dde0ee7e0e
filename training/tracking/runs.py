# SPDX-License-Identifier: Apache-2.0
"""Runs: one for each retraining, and under it one for each candidate."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT, MLFLOW_PARENT_RUN_ID

from training.tracking import machine
from training.tracking.store import Store

KEY = "sonsori.key"  # names a run for us, before MLflow has
DATA = "sonsori.data"  # digest of what it learnt from
ENDING = "sonsori.ending"  # passed, refused or nothing_new
KILLED = "sonsori.killed"  # why it was, for the last time
LONGEST_PARAMETER = 6000  # characters, as MLflow's next one
LONGEST_DIGEST = 36
SOURCE_TYPE = "code"  # MLflow's word for data that is no file it could open
MANY = 1000


@dataclass(frozen=True, slots=True)
class Running:
    """A run that has not ended. `key` begins with that of its retraining."""

    id: str
    name: str
    key: str
    since: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Finished:
    """A retraining that came to a verdict. `data` is the digest of its snapshot."""

    id: str
    name: str
    data: str
    ending: str


class Runs(Store):
    """Every write names its run."""

    def begin(
        self,
        key: str,
        name: str,
        *,
        parent: str = "",
        parameters: Mapping[str, object] | None = None,
    ) -> str:
        """The id of the run called `key`: found, and running again, or made."""
        tags = {KEY: key, **({MLFLOW_PARENT_RUN_ID: parent} if parent else {})}

        def found_or_made(client: MlflowClient) -> str:
            run = self._by_key(client, key)
            if run is None:
                run = client.create_run(self._experiment, tags=tags, run_name=name)
            else:
                client.update_run(run.info.run_id, status="RUNNING")
            client.log_batch(run.info.run_id, params=_params(parameters or {}, run))
            return str(run.info.run_id)

        return self._ask(found_or_made)

    def go_on(self, run: str) -> None:
        """A run that was killed, or failed, runs again."""
        self._ask(lambda client: client.update_run(run, status="RUNNING"))

    def epoch(self, run: str, epoch: int, metrics: Mapping[str, float]) -> None:
        """One point of each curve, and how hard the machine works; an epoch is written once."""
        values = {**metrics, **machine.look(self._artifacts)}

        def write(client: MlflowClient) -> None:
            known = client.get_metric_history(run, next(iter(values)))
            if epoch not in {point.step for point in known}:
                client.log_batch(run, metrics=_points(values, epoch))

        self._ask(write)

    def metrics(self, run: str, metrics: Mapping[str, float]) -> None:
        self._ask(lambda client: client.log_batch(run, metrics=_points(metrics, 0)))

    def curves(self, run: str) -> dict[str, list[tuple[int, float]]]:
        """(epoch, value) of each metric, without those of the machine."""

        def read(client: MlflowClient) -> dict[str, list[tuple[int, float]]]:
            names = [name for name in client.get_run(run).data.metrics if "/" not in name]
            return {name: _curve(client.get_metric_history(run, name)) for name in names}

        return self._ask(read)

    def tag(self, run: str, tags: Mapping[str, str]) -> None:
        pairs = [RunTag(key, value) for key, value in tags.items()]
        self._ask(lambda client: client.log_batch(run, tags=pairs))

    def dataset(self, run: str, digest: str, manifest: Mapping[str, Any] | None = None) -> None:
        """What the run learns from: the digest as a dataset, the manifest as a file."""
        data = DatasetInput(_dataset(digest), [InputTag(MLFLOW_DATASET_CONTEXT, "training")])

        def write(client: MlflowClient) -> None:
            client.log_inputs(run, [data])
            client.set_tag(run, DATA, digest)
            if manifest is not None:
                client.log_text(run, json.dumps(manifest, indent=2, default=str), "manifest.json")

        self._ask(write)

    def artifacts(self, run: str, folder: Path, to: str) -> None:
        """Copy the files of `folder` into the run's folder `to`, over those of the same name."""
        self._ask(lambda client: client.log_artifacts(run, str(folder), to))

    def finish(self, run: str, ending: str = "") -> None:
        if ending:
            self.tag(run, {ENDING: ending})
        self._ask(lambda client: client.set_terminated(run, "FINISHED"))

    def kill(self, run_ids: Iterable[str], reason: str) -> list[str]:
        """Mark those that still run as killed; returns them. Others are left as they are."""
        given = list(run_ids)
        return self._ask(lambda client: [run for run in given if _kill(client, run, reason)])

    def running(self, key: str = "") -> list[Running]:
        """All runs that have not ended; with `key`, those of that retraining."""
        mine = f" and tags.`{KEY}` LIKE '{key}%'" if key else ""
        found = self._ask(lambda client: self._search(client, "status = 'RUNNING'" + mine))
        return [_running(run) for run in found]

    def finished(self, but: str = "") -> list[Finished]:
        """Retrainings that came to a verdict, the last first, without the one called `but`."""
        condition = f"tags.`{ENDING}` != 'nothing_new' and status = 'FINISHED'"
        found = self._ask(lambda client: self._search(client, condition))
        return [_finished(run) for run in found if run.data.tags[KEY] != but]

    def _by_key(self, client: MlflowClient, key: str) -> Run | None:
        found = self._search(client, f"tags.`{KEY}` = '{key}'")
        return found[0] if found else None

    def _search(self, client: MlflowClient, condition: str) -> list[Run]:
        return list(client.search_runs([self._experiment], condition, max_results=MANY))


def _dataset(digest: str) -> Dataset:
    """MLflow's database has 36 characters for a digest; the source and the run's tag hold all."""
    source = CodeDatasetSource({"snapshot": digest})
    return Dataset("snapshot", digest[:LONGEST_DIGEST], SOURCE_TYPE, source.to_json())


def _params(parameters: Mapping[str, object], run: Run | None) -> list[Param]:
    """Those the run does not have yet: MLflow refuses to change one."""
    known = run.data.params if run else {}
    return [
        Param(key, str(value)[:LONGEST_PARAMETER])
        for key, value in parameters.items()
        if key not in known
    ]


def _points(metrics: Mapping[str, float], epoch: int) -> list[Metric]:
    now_ms = int(time.time() * 1000)
    return [Metric(key, float(value), now_ms, epoch) for key, value in metrics.items()]


def _curve(history: list[Metric]) -> list[tuple[int, float]]:
    return sorted((point.step, point.value) for point in history)


def _kill(client: MlflowClient, run: str, reason: str) -> bool:
    if client.get_run(run).info.status != "RUNNING":
        return False
    client.set_tag(run, KILLED, reason)
    client.set_terminated(run, "KILLED")
    return True


def _running(run: Run) -> Running:
    since = datetime.fromtimestamp(run.info.start_time / 1000, UTC)
    return Running(run.info.run_id, run.info.run_name, run.data.tags.get(KEY, ""), since)


def _finished(run: Run) -> Finished:
    tags = run.data.tags
    return Finished(run.info.run_id, run.info.run_name, tags.get(DATA, ""), tags[ENDING])
