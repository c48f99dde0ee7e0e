# SPDX-License-Identifier: Apache-2.0
"""Runs a command on one thread and tells what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

# OpenCV has a thread pool of its own, which OpenMP's settings do not reach.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes that `ru_maxrss` counts in
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall time from start to end, and the most memory the process held at once: its own or, if
    that is more, a child's. On Linux a process cannot show less than the one that started it, so
    start it from a small one."""

    wall_s: float
    peak_rss_mb: float


class ProcessFailed(RuntimeError):
    """A measured command ended with an error; what it had to say stands on standard error."""


def run(command: Sequence[str], on_line: Callable[[str], None]) -> Spent:
    """Runs `command` to its end; `on_line` gets each line of its output as it comes.

    Raises `ProcessFailed` when it ends with another status than 0.
    """
    started = perf_counter()
    environment = {**os.environ, **ONE_THREAD}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            on_line(line)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ProcessFailed(f"{command[0]} ended with status {process.returncode}")
    return Spent(perf_counter() - started, usage.ru_maxrss * RSS_UNIT / MEGABYTE)
