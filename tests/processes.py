# SPDX-License-Identifier: Apache-2.0
"""Looking at processes from outside: whose children live, what a program prints."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

PATIENCE_S = 60.0


def lines_until(process: subprocess.Popen[str], word: str) -> str:
    """What the process prints, up to the line that holds `word`."""
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if word in line:
            return read
    raise AssertionError(f"ended without {word!r}: {read}")


def descendants(pid: int) -> set[int]:
    """All processes below `pid`."""
    parent = {int(child): int(above) for child, above in _table("pid=,ppid=")}

    def is_below(process: int) -> bool:
        return process in parent and (parent[process] == pid or is_below(parent[process]))

    return {process for process in parent if is_below(process)}


def alive(pids: set[int]) -> set[int]:
    """Those that are running still; one that only waits to be reaped is not."""
    return pids & {int(pid) for pid, state in _table("pid=,stat=") if not state.startswith("Z")}


def command_line(pid: int) -> str:
    row = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(row, capture_output=True, text=True).stdout


def wait_until(
    condition: Callable[[], bool], told: Callable[[], str] = str, patience_s: float = PATIENCE_S
) -> None:
    """Look again and again; `told` says in the end what was there instead."""
    give_up_at = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < give_up_at, f"waited in vain; {told()}"
        time.sleep(0.05)


def _table(columns: str) -> list[tuple[str, str]]:
    listed = subprocess.run(["ps", "-eo", columns], capture_output=True, text=True, check=True)
    rows = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [(first, second.strip()) for first, second in rows]
