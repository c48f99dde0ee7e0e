# SPDX-License-Identifier: Apache-2.0
"""What `celery -A worker.app worker` starts: the outermost layer, which reads the environment."""

from __future__ import annotations

from typing import Any

from celery.signals import (
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)

from worker.logs import configure_logs
from worker.settings import Settings
from worker.workplace import WorkerApp

celery = WorkerApp(Settings())


@setup_logging.connect
def _configure_logs(**_: Any) -> None:
    configure_logs()


@worker_process_init.connect
def _open_workplace(**_: Any) -> None:
    """In each child, after the fork, so that its first photo is read as fast as the others."""
    celery.workplace  # noqa: B018


@worker_process_shutdown.connect
def _close_workplace(**_: Any) -> None:
    celery.workplace.close()


@worker_shutting_down.connect
def _stop_training(**_: Any) -> None:
    """A trainer's task runs in a thread of this process, and is not waited for for hours."""
    celery.stopping.set()
