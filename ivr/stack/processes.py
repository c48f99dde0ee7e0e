# SPDX-License-Identifier: Apache-2.0
"""Processes that start together and end together, each in a process group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from worker.keeper import Keeper

_PATIENCE_S = 6.0  # a worker finishes what it is doing; after that it is killed
_LOG_LINES = 15


class StackError(Exception):
    """A process did not start or has ended; the message holds the end of its log."""


class Processes:
    """Named shell commands whose output goes to `<log_dir>/<name>.log`.

    The groups matter: a worker's children end with it, and Ctrl-C reaches us alone, so that
    everything is ended once and in order. Should we be killed, a keeper ends them.
    """

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._keeper: Keeper | None = None

    def start(
        self, commands: Mapping[str, str], environment: Mapping[str, str], *also_end: int
    ) -> None:
        """Start all; `also_end` are processes started elsewhere that must not outlive us."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        for name, command in commands.items():
            with self._log(name).open("ab") as log:
                self._running[name] = subprocess.Popen(
                    ["/bin/sh", "-c", f"exec {command}"],
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        groups = [-process.pid for process in self._running.values()]
        self._keeper = Keeper(*groups, *also_end)

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def check(self) -> None:
        """Raises `StackError` when one of them has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise StackError(
                    f"the {name} process ended with status {process.returncode}; "
                    f"the end of {self._log(name)}:\n{self._tail(name)}"
                )

    def stop(self) -> None:
        """Ask all to end, wait, kill what is left. Harmless when repeated."""
        if self._keeper is not None:
            self._keeper.dismiss()
        self._signal(signal.SIGTERM)
        give_up_at = time.monotonic() + _PATIENCE_S
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, give_up_at - time.monotonic()))
        self._signal(signal.SIGKILL)
        for process in self._running.values():
            process.wait()

    def _signal(self, number: signal.Signals) -> None:
        """To every group, also where its leader has ended and left children behind."""
        for process in self._running.values():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)

    def _log(self, name: str) -> Path:
        return self._log_dir / f"{name}.log"

    def _tail(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join(lines[-_LOG_LINES:])
