# SPDX-License-Identifier: Apache-2.0
"""The web process of the Procfile, alone, bound to one processor core."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.settings import Settings
from ivr.stack.plan import make_plan
from ivr.stack.processes import Processes
from worker import Store, open_store, upgrade

_READY = "hearing_ready"
_START_S = 120.0  # a speech model takes seconds, on a busy machine many
_NO_BROKER = "redis://127.0.0.1:1/0"  # refused at once: what is queued lies in the database
_BIND = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execvp('sh', sys.argv[2:])"


@dataclass(frozen=True, slots=True)
class Web:
    """A running web process: where it listens, its database, and who it is."""

    settings: Settings
    store: Store
    pid: int

    @property
    def stream_url(self) -> str:
        return self.settings.stream_url()

    def cpu_s(self) -> float:
        """Seconds of processor time so far, of it and all its children, the voice included."""
        ticks = sum(_ticks(pid) for pid in _family(self.pid))
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def web_on_core(core: int, data_dir: Path) -> Iterator[Web]:
    """Start it on `core` with its data in `data_dir`, wait until it can hear, end it after.

    Linux only. Raises `StackError` when it does not start.
    """
    plan = make_plan(data_dir, devphone=False)
    token = secrets.token_hex(16)
    settings = Settings(
        data_dir=data_dir,
        redis_url=_NO_BROKER,
        public_url=plan.web_url,
        twilio_auth_tokens=token,
    )
    upgrade(settings)
    store = open_store(settings)
    environment = dict(plan.environment) | {
        "SONSORI_REDIS_URL": _NO_BROKER,
        "SONSORI_PUBLIC_URL": plan.web_url,
        "SONSORI_TWILIO_AUTH_TOKENS": token,
        "OMP_NUM_THREADS": "1",
    }
    processes = Processes(plan.log_dir)
    bound = f"{sys.executable} -c \"{_BIND}\" {core} sh -c 'exec {plan.commands['web']}'"
    processes.start({"web": bound}, environment)
    try:
        _wait_until_it_hears(processes, plan.log_dir / "web.log")
        yield Web(settings, store, processes.pids["web"])
    finally:
        processes.stop()
        store.close()


def _wait_until_it_hears(processes: Processes, log: Path) -> None:
    give_up_at = time.monotonic() + _START_S
    while _READY not in log.read_text(errors="replace"):
        processes.check()
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"the web process cannot hear after {_START_S:.0f} s: see {log}")
        time.sleep(0.1)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in _children(task).split():
            yield from _family(int(child))


def _ticks(pid: int) -> int:
    """User and system time of /proc/PID/stat; the name before them may hold spaces."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(task: Path) -> str:
    """The processes that a thread started; none when it ended since it was listed."""
    try:
        return (task / "children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
