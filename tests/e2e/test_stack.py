# SPDX-License-Identifier: Apache-2.0
"""The stack as a command: it starts, serves, and leaves no process behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from ivr.stack import Stack, StackError, make_plan, running

SONSORI = Path(sys.executable).with_name("sonsori")
PATIENCE_S = 60.0


@pytest.fixture
def up(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`sonsori up`, in a process group of its own as in a shell."""
    environment = os.environ | {"SONSORI_DATA_DIR": str(tmp_path / "var"), "TERM": "dumb"}
    process = subprocess.Popen(
        [SONSORI, "up"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    process.terminate()
    process.communicate(timeout=PATIENCE_S)


def lines_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if word in line:
            return read
    raise AssertionError(f"ended without {word!r}: {read}")


def descendants(pid: int) -> set[int]:
    """All processes below `pid`, from the process table."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    parent = {int(child): int(above) for child, above in map(str.split, table.stdout.splitlines())}

    def is_below(process: int) -> bool:
        return process in parent and (parent[process] == pid or is_below(parent[process]))

    return {process for process in parent if is_below(process)}


def alive(pids: set[int]) -> set[int]:
    table = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in table.stdout.splitlines())
    return pids & {int(pid) for pid, state in rows if not state.startswith("Z")}


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_everything_that_up_started_ends_with_it(
    up: subprocess.Popen[str], number: signal.Signals
) -> None:
    printed = lines_until(up, "Ctrl-C")
    page = re.search(r"http://127\.0\.0\.1:\d+/devphone", printed)
    assert page is not None and requests.get(page[0] + "/health", timeout=5).ok
    started = descendants(up.pid)
    assert len(started) >= 5, "broker, web, worker, dev phone, and their children"
    up.send_signal(number)
    up.wait(PATIENCE_S)
    wait_until(lambda: not alive(started))


def test_up_ends_with_a_clear_message_when_a_process_ends(up: subprocess.Popen[str]) -> None:
    lines_until(up, "Ctrl-C")
    started = descendants(up.pid)
    phone = next(pid for pid in started if "ivr.devphone" in command_line(pid))
    os.kill(phone, signal.SIGKILL)
    printed = lines_until(up, "ended with status")
    assert "phone process ended" in printed
    assert up.wait(PATIENCE_S) == 1
    wait_until(lambda: not alive(started))


def command_line(pid: int) -> str:
    row = ["ps", "-o", "args=", "-p", str(pid)]
    return subprocess.run(row, capture_output=True, text=True).stdout


def test_nothing_is_left_when_what_runs_beside_it_fails(tmp_path: Path) -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError), running(make_plan(tmp_path, devphone=True)) as stack:
        seen += stack.pids.values()
        raise ZeroDivisionError
    assert alive(set(seen)) == set()


def test_a_process_that_cannot_start_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, devphone=False)
    broken = type(plan)(
        tmp_path, {"web": "echo no such luck; exit 3"}, plan.environment, plan.web_url, None
    )
    with pytest.raises(StackError, match="no such luck"), running(broken):
        pass


def test_the_stack_sees_only_settings(stack: Stack) -> None:
    names = {name for name in stack.plan.environment if "DEVPHONE" in name}
    assert names == {"SONSORI_DEVPHONE_PORT", "SONSORI_DEVPHONE_DISORDER"}
