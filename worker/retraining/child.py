# SPDX-License-Identifier: Apache-2.0
"""The process that trains: in a process group of its own, which never outlives us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from worker.keeper import Keeper

PATIENCE_S = 2.0  # from asking it to end to ending it: what it keeps, it keeps whole
_LOG_LINES = 15
# Metaflow's, before each line: time, task and process.
_PREFIX = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ (\[\S+ \(pid \d+\)\] )?")
_NICENESS = 10  # callers come first on the same cores
# Waits for a line, so that the keeper watches before anything is begun, then becomes the command.
_GATE = 'read -r _ && exec nice -n "$@" </dev/null'


class Child:
    """A command whose output is added to `log`. `end` it in any case.

    When this process is killed, all of the group is killed by a keeper.
    """

    def __init__(self, args: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Raises OSError when it cannot be started or the log not be opened."""
        self._log = log
        with log.open("ab") as output:
            self._begins_at = output.tell()
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _GATE, "gate", str(_NICENESS), *args],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._keeper = Keeper(-self._process.pid, number=signal.SIGKILL)
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as gate:
            gate.write(b"go\n")

    def poll(self) -> int | None:
        """The exit status, below 0 for a signal; None while it runs."""
        return self._process.poll()

    def end(self) -> None:
        """Ask the whole group to end, wait, kill what is left. Harmless when repeated."""
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE_S)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._keeper.dismiss()

    def said(self) -> str:
        """All that this command has printed."""
        with self._log.open("rb") as log:
            log.seek(self._begins_at)
            return log.read().decode(errors="replace")

    def last_words(self) -> str:
        """The end of it, without its digits: they may be a caller's."""
        lines = (_PREFIX.sub("", line) for line in self.said().splitlines())
        told = [line for line in lines if line.strip(" ^")]
        return without_digits("\n".join(told[-_LOG_LINES:]))

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def without_digits(text: str) -> str:
    return re.sub(r"\d", "#", text)
