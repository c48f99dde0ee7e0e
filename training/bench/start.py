# SPDX-License-Identifier: Apache-2.0
"""From starting a command to its answer: what one photo costs somebody who types it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from training.bench.process import run

PHOTOS = {"text message": 1.92, "phone camera": 12.0}  # megapixels
DIGITS = 6
RUNS = 5


@dataclass(frozen=True, slots=True)
class Start:
    """Median wall time and highest peak memory of a command over one photo."""

    photo: str
    megapixels: float
    wall_s: float
    peak_rss_mb: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_starts(command: Sequence[str], runs: int = RUNS) -> tuple[Start, ...]:
    """Runs `command PHOTO` for each of `PHOTOS`, on one thread.

    Raises `ProcessFailed` when the command does.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        return tuple(
            _measure(command, path, name, megapixels, runs) for name, megapixels in PHOTOS.items()
        )


def _measure(command: Sequence[str], path: Path, name: str, megapixels: float, runs: int) -> Start:
    # Drawn by another process: this one must stay smaller than what it measures.
    draw = [sys.executable, "-m", "training.bench.cost_photos"]
    run([*draw, str(path), str(megapixels), str(DIGITS)], _ignore)
    spent = [run([*command, str(path)], _ignore) for _ in range(runs)]
    return Start(
        photo=name,
        megapixels=megapixels,
        wall_s=round(median(one.wall_s for one in spent), 3),
        peak_rss_mb=round(max(one.peak_rss_mb for one in spent), 1),
    )


def _ignore(line: str) -> None:
    """What the command says is not measured."""
