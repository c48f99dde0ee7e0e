# SPDX-License-Identifier: Apache-2.0
"""Ending processes that must not outlive us, also when we are killed and can end nothing."""

from __future__ import annotations

import signal
import subprocess

# Waits until its input is closed, which the system does when we die, then ends the rest.
_KEEPER = 'signal=$1; shift; cat >/dev/null; kill -s "$signal" -- "$@"'


class Keeper:
    """Sends `number` to `targets` when this process dies. A negative target is a process group."""

    def __init__(self, *targets: int, number: signal.Signals = signal.SIGTERM) -> None:
        name = number.name.removeprefix("SIG")
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "keeper", name, *map(str, targets)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """The targets are left alone from now on. Harmless when repeated."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
