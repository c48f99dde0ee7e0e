# SPDX-License-Identifier: Apache-2.0
"""Data folders of services: copied, begun anew, and the training data that all of them share."""

from __future__ import annotations

import shutil
from pathlib import Path

from ivr.learning.bench import Bench


def copy_tree(source: Path, target: Path) -> None:
    """Make `target` a copy of `source`; links stay links."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def share_data(bench: Bench) -> None:
    """Have the service find fonts and MNIST where they were fetched before, if they were."""
    link = bench.service / "data"
    if bench.data.is_dir() and not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(bench.data.resolve(), target_is_directory=True)


def as_called(bench: Bench) -> None:
    """Put the service back to where it was after the calls, if it was rung."""
    if bench.called.exists():
        copy_tree(bench.called, bench.service)
