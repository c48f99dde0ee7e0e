# SPDX-License-Identifier: Apache-2.0
"""The service that is rung: all its processes, in a data folder of its own, and its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.devphone.remote import RemotePhone
from ivr.stack import Stack, make_plan, running
from worker.store import Store, open_store


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
def service(data_dir: Path, test_share: float) -> Iterator[Service]:
    """Start it, with nothing but its own settings, and end it after this block.

    Raises `StackError` when a process does not start.
    """
    with _no_settings():
        plan = make_plan(data_dir, devphone=True)
        own = {"SONSORI_TEST_SHARE": str(test_share), "OMP_NUM_THREADS": "1"}
        assert plan.phone_url is not None
        with running(replace(plan, environment={**plan.environment, **own})) as stack:
            store = open_store(stack.settings)
            try:
                yield Service(stack, store, plan.phone_url)
            finally:
                store.close()


@contextmanager
def _no_settings() -> Iterator[None]:
    """A database or a bucket that the surroundings name is not what a bench may write to."""
    kept = {name: os.environ.pop(name) for name in [*os.environ] if name.startswith("SONSORI_")}
    try:
        yield
    finally:
        os.environ.update(kept)
