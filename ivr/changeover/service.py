# SPDX-License-Identifier: Apache-2.0
"""The workers of the Procfile, with a broker and a database of their own, reading photos only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ivr.settings import Settings
from ivr.stack.broker import broker
from ivr.stack.plan import make_plan
from ivr.stack.processes import Processes
from worker import Store, open_store, upgrade

WORKER = "celery --app worker.app worker --queues reading --concurrency 2 --loglevel INFO"
QUIET = "--without-gossip --without-mingle"
_OURS = ("SONSORI_MODEL_DIR", "SONSORI_MODELS_DIR", "SONSORI_DATABASE_URL", "SONSORI_OBJECTS_URL")


@contextmanager
def reading_service(data_dir: Path) -> Iterator[tuple[Store, Processes]]:
    """Its store, and its processes, which end with this block."""
    plan = make_plan(data_dir, devphone=False)
    kept = {name: text for name, text in plan.environment.items() if name not in _OURS}
    with broker({}) as queue:
        settings = Settings(
            data_dir=data_dir,
            redis_url=queue.url,
            database_url="",
            objects_url="",
            model_dir=None,
            models_dir=None,
        )
        upgrade(settings)
        environment = kept | {"SONSORI_REDIS_URL": queue.url, "OMP_NUM_THREADS": "1"}
        processes = Processes(plan.log_dir)
        processes.start({"worker": f"{WORKER} {QUIET}"}, environment)
        try:
            with closing(open_store(settings)) as store:
                yield store, processes
        finally:
            processes.stop()
