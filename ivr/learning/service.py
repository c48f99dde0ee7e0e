# SPDX-License-Identifier: Apache-2.0
"""The service that is rung: all its processes, in a data folder of its own, and its settings."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr

from ivr.devphone.remote import RemotePhone
from ivr.learning.bench import Bench
from ivr.stack import Stack, make_plan, running
from worker.settings import Settings
from worker.store import Store, open_store

_LEAST_LABELS = 200  # as by default; of a bench of few calls, fewer


@dataclass(frozen=True, slots=True)
class Service:
    """It runs; `phone_url` is where its callers' telephones are."""

    stack: Stack
    store: Store
    phone_url: str

    def phone(self) -> RemotePhone:
        """One hand on the dev phone, for one thread."""
        return RemotePhone(self.phone_url)


@contextmanager
def service(bench: Bench, data_dir: Path, *, trains: bool, **changed: object) -> Iterator[Service]:
    """Start it, with or without its trainer, and end it after this block. It has no settings but
    its own, of which some are `changed`.

    Raises `StackError` when a process does not start.
    """
    own = {
        "least_new_labels": min(_LEAST_LABELS, bench.calls),
        "secret_key": _key(bench.seed),
        "test_share": bench.test_share,
        "training_threads": bench.processes,
        **changed,
    }
    with _no_settings():
        plan = make_plan(data_dir, devphone=True, trainer=trains)
        environment = {**plan.environment, "OMP_NUM_THREADS": "1", **_variables(own)}
        assert plan.phone_url is not None
        with running(replace(plan, environment=environment)) as stack:
            store = open_store(stack.settings)
            try:
                yield Service(stack, store, plan.phone_url)
            finally:
                store.close()


def _variables(settings: Mapping[str, object]) -> dict[str, str]:
    """As the environment has them: what is no text is JSON."""
    return {
        f"SONSORI_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.items()
    }


def settings_of(bench: Bench, data_dir: Path) -> Settings:
    """To open the database of a service that does not run."""
    with _no_settings():
        return Settings(data_dir=data_dir, secret_key=SecretStr(_key(bench.seed)))


def _key(seed: int) -> str:
    """Whom the service chooses for tests hangs on its key."""
    return urlsafe_b64encode(hashlib.sha256(f"bench {seed}".encode()).digest()).decode()


@contextmanager
def _no_settings() -> Iterator[None]:
    """A database or a bucket that the surroundings name is not what a bench may write to."""
    kept = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith("SONSORI_")}
    try:
        yield
    finally:
        os.environ.update(kept)
