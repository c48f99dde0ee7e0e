# SPDX-License-Identifier: Apache-2.0
"""A training's pulse: a small file it rewrites, by which others see that it lives, and where."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from training.files import write_whole

EVERY_S = 2.0  # often enough to watch, too seldom to cost anything


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a training is: `done` of `total` steps of `job`; `at` is Unix time in seconds."""

    step: str  # of the flow
    job: str  # within it, "tuned: epoch 2" for example
    done: int
    total: int
    eta_s: float | None
    at: float


class Pulse:
    """A `ProgressBar` that writes `path` every `EVERY_S` at most, and when there is something to
    note, or no longer. A full disk stops nothing."""

    def __init__(self, path: Path, step: str) -> None:
        self._path = path
        self._step = step
        self._job, self._total, self._done, self._began_at = "", 0, 0, time.monotonic()
        self._note = ""
        self._written_at = float("-inf")
        self._write()

    def begin(self, name: str, total: int) -> None:
        self._job, self._total, self._done, self._began_at = name, total, 0, time.monotonic()
        self._note = ""
        self._write()

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._done += steps
        begins_or_ends = bool(note) != bool(self._note)
        self._note = note
        if begins_or_ends or time.monotonic() - self._written_at >= EVERY_S:
            self._write()

    def _write(self) -> None:
        self._written_at = time.monotonic()
        gone_s = self._written_at - self._began_at
        left = gone_s / self._done * (self._total - self._done) if self._done else None
        job = f"{self._job} ({self._note})" if self._note else self._job
        beat = Beat(self._step, job, self._done, self._total, left, time.time())
        try:
            write_whole(self._path, json.dumps(asdict(beat)).encode())
        except OSError:
            return


def read_beat(path: Path) -> Beat | None:
    """The last beat; None before the first."""
    try:
        return Beat(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
