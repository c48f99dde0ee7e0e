# SPDX-License-Identifier: Apache-2.0
"""`sonsori up`: every process serves, and none is left when it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.processes import PATIENCE_S, alive, command_line, descendants, lines_until, wait_until

SONSORI = Path(sys.executable).with_name("sonsori")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process group of its own as in a shell."""
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


def test_everything_that_up_started_ends_with_ctrl_c(up: subprocess.Popen[str]) -> None:
    printed = lines_until(up, "Ctrl-C")
    page = re.search(r"http://127\.0\.0\.1:\d+/devphone", printed)
    assert page is not None and requests.get(page[0], timeout=5).ok
    started = descendants(up.pid)
    assert len(started) >= 5, "broker, web, worker, dev phone, and their children"
    up.send_signal(signal.SIGINT)
    assert up.wait(PATIENCE_S) == 0
    wait_until(lambda: not alive(started))


def test_up_ends_with_a_clear_message_when_a_process_ends(up: subprocess.Popen[str]) -> None:
    lines_until(up, "Ctrl-C")
    started = descendants(up.pid)
    phone = next(pid for pid in started if "ivr.devphone" in command_line(pid))
    os.kill(phone, signal.SIGKILL)
    assert "phone process ended" in lines_until(up, "ended with status")
    assert up.wait(PATIENCE_S) == 1
    wait_until(lambda: not alive(started))
