# SPDX-License-Identifier: Apache-2.0
"""The way to MLflow's store: one client, made when it is first needed, and no fluent calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from filelock import FileLock
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from training.tracking.away import MemoryAway, NotMigrated, Patience, waiting

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nothing is told to anybody
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")  # what goes wrong is raised
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INTERNAL_ERROR, TEMPORARILY_UNAVAILABLE, ErrorCode

if TYPE_CHECKING:
    from mlflow.entities import Experiment

AWAY = frozenset(ErrorCode.Name(code) for code in (TEMPORARILY_UNAVAILABLE, INTERNAL_ERROR))
CONNECT_S = 5

Answer = TypeVar("Answer")


class Store:
    """`tracking_url` is a SQLAlchemy URL, `artifacts` a folder every process sees under the same
    name, `model_name` the name of both experiment and registered model."""

    def __init__(
        self,
        tracking_url: str,
        artifacts: Path,
        model_name: str,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._url = tracking_url
        self._artifacts = artifacts
        self._name = model_name
        self._patience = patience or Patience()

    def migrate(self) -> None:
        """Make the store, or bring it up to this MLflow. One process does it, others wait.

        Raises `MemoryAway`. MLflow's own first use is a race that all lose, so this is done by
        `sonsori db upgrade`, before any worker starts.
        """
        with _reaching(self._shown):
            self._artifacts.mkdir(parents=True, exist_ok=True)
            with FileLock(self._artifacts / ".migrate.lock"):
                _upgrade(self._url)
                self._make_names(_client(self._url))

    def check(self) -> None:
        """Raises `MemoryAway`, or `NotMigrated` for a store that `migrate` has not seen."""
        self._ask(lambda client: client.get_experiment_by_name(self._name))

    def _ask(self, call: Callable[[MlflowClient], Answer]) -> Answer:
        """`call(client)`; raises `MemoryAway`. Called again, it must find what it made before."""

        def once() -> Answer:
            with _reaching(self._shown):
                _must_be_there(self._url)
                return call(self._client)

        return waiting(once, self._patience)

    @cached_property
    def _client(self) -> MlflowClient:
        _must_have_tables(self._url)
        return _client(self._url)

    @cached_property
    def _experiment(self) -> str:
        found: Experiment | None = self._client.get_experiment_by_name(self._name)
        if found is None:
            raise NotMigrated(f"MLflow knows no {self._name}; run `sonsori db upgrade`")
        return str(found.experiment_id)

    @property
    def _shown(self) -> str:
        """The URL without its password."""
        return make_url(self._url).render_as_string(hide_password=True)

    def _make_names(self, client: MlflowClient) -> None:
        if client.get_experiment_by_name(self._name) is None:
            client.create_experiment(self._name, artifact_location=str(self._artifacts))
        if not client.search_registered_models(f"name = '{self._name}'"):
            client.create_registered_model(self._name)


@contextmanager
def _reaching(shown: str) -> Iterator[None]:
    try:
        yield
    except MlflowException as error:
        if error.error_code not in AWAY:
            raise
        raise MemoryAway(f"MLflow at {shown} does not answer: {error.message}") from error
    except (OSError, SQLAlchemyError) as error:
        raise MemoryAway(f"MLflow at {shown} cannot be reached: {error}") from error


def _client(url: str) -> MlflowClient:
    return MlflowClient(tracking_uri=url, registry_uri=url)


def _upgrade(url: str) -> None:
    """An empty database is filled by MLflow's first client."""
    from mlflow.db import upgrade

    if _has_tables(url):
        upgrade.main(args=[url], standalone_mode=False)


def _must_be_there(url: str) -> None:
    """SQLite would make a new, empty file in place of one that is away for a moment."""
    path = make_url(url).database
    if url.startswith("sqlite") and path and not Path(path).exists():
        raise MemoryAway(f"{path} is not there; if it never was, run `sonsori db upgrade`")


def _must_have_tables(url: str) -> None:
    if not _has_tables(url):
        raise NotMigrated("MLflow's store has no tables; run `sonsori db upgrade`")


def _has_tables(url: str) -> bool:
    """Asked once, and not ten times over two minutes, as MLflow does."""
    engine = _engine(url)
    try:
        return inspect(engine).has_table("experiments")
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    make_url(url)
    if url.startswith("sqlite"):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        return create_engine(url)
    return create_engine(url, connect_args={"connect_timeout": CONNECT_S})
