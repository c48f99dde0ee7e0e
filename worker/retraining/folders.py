# SPDX-License-Identifier: Apache-2.0
"""Where retrainings lie on disk: `data_dir/training`, which only its owner can open.

`runs/<id>` is one run's own: plan, take-out (`input`), beat, log, result and what the flow keeps.
`snapshots` and `frozen` outlive it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worker.settings import Settings

PRIVATE = 0o700


def root(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "training"


def frozen(settings: Settings) -> Path:
    """The photos that every new model is tried on."""
    return root(settings) / "frozen"


def of_run(settings: Settings, run_id: int) -> Path:
    return root(settings) / "runs" / str(run_id)


def make_private(folder: Path) -> None:
    """The folder, and those above it that are missing. Raises OSError, as for a full disk."""
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=PRIVATE, exist_ok=True)


def plan_path(settings: Settings, run_id: int) -> Path:
    return of_run(settings, run_id) / "plan.json"


def log_path(settings: Settings, run_id: int) -> Path:
    return of_run(settings, run_id) / "flow.log"


def inputs(settings: Settings) -> Iterator[tuple[int, Path]]:
    """Every run's take-out that lies there, whole or begun, next to the run's id."""
    for folder in sorted((root(settings) / "runs").glob("*/input*")):
        if folder.parent.name.isdecimal() and folder.is_dir():
            yield int(folder.parent.name), folder
