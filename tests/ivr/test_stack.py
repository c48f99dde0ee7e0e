# SPDX-License-Identifier: Apache-2.0
"""The stack with small processes: what it starts, what it tells, and that nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.stack import Plan, StackError, make_plan, running
from tests.processes import alive, descendants, lines_until, wait_until

WEB = """
import http.server, os
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Healthy).serve_forever()
"""
RUN = """
import signal, sys
from pathlib import Path
from tests.ivr.test_stack import small_plan
from ivr.stack import running
with running(small_plan(Path(sys.argv[1]))):
    print("ready", flush=True)
    signal.pause()
"""


def small_plan(folder: Path) -> Plan:
    """A web process that is healthy, and a worker that starts another process and sleeps."""
    folder.mkdir(exist_ok=True)
    (folder / "web.py").write_text(WEB)
    commands = {"web": f"{sys.executable} {folder / 'web.py'}", "worker": "sh -c 'sleep 600; :'"}
    return replace(make_plan(folder, devphone=False), commands=commands)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that runs the small stack until it is ended."""
    program = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "var")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )
    yield program
    program.terminate()
    program.communicate(timeout=60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_the_program_ends(
    beside: subprocess.Popen[str], number: signal.Signals
) -> None:
    lines_until(beside, "ready")
    started = descendants(beside.pid)
    assert len(started) >= 4, "broker, web, worker, and the worker's child"
    beside.send_signal(number)
    beside.wait(60)
    wait_until(lambda: not alive(started))


def test_nothing_is_left_when_what_runs_beside_it_fails(tmp_path: Path) -> None:
    seen: set[int] = set()
    before = descendants(os.getpid())  # what other tests keep running
    with pytest.raises(ZeroDivisionError), running(small_plan(tmp_path)):
        seen |= descendants(os.getpid()) - before
        raise ZeroDivisionError
    assert seen
    wait_until(lambda: not alive(seen))


def test_a_process_that_ends_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    commands = {**plan.commands, "worker": "sh -c 'echo no such luck; exit 3'"}
    told = pytest.raises(StackError, match=r"worker process ended with status 3[\s\S]*no such luck")
    with told, running(replace(plan, commands=commands)) as stack:
        wait_until(lambda: stack.check() is not None)


def test_a_configured_broker_is_used_and_not_started(tmp_path: Path, redis_url: str) -> None:
    plan = small_plan(tmp_path)
    environment = {**plan.environment, "SONSORI_REDIS_URL": redis_url}
    with running(replace(plan, environment=environment)) as stack:
        assert stack.settings.redis_url == redis_url


def test_the_product_is_told_of_the_dev_phone_by_addresses_and_keys_alone(tmp_path: Path) -> None:
    plain = make_plan(tmp_path, devphone=False).environment
    phoned = make_plan(tmp_path, devphone=True).environment
    added = set(phoned) - set(plain)
    assert added == {
        "SONSORI_DEVPHONE_PORT",
        "SONSORI_MEDIA_HOSTS",
        "SONSORI_PUBLIC_URL",
        "SONSORI_TWILIO_ACCOUNT_SID",
        "SONSORI_TWILIO_API_KEY",
        "SONSORI_TWILIO_API_URL",
        "SONSORI_TWILIO_AUTH_TOKENS",
        "SONSORI_TWILIO_NUMBER",
    }


def test_the_dev_phone_and_the_trainer_are_started_where_they_are_wanted(tmp_path: Path) -> None:
    def names(**wanted: bool) -> set[str]:
        return set(make_plan(tmp_path, **wanted).commands)

    assert names(devphone=False) == {"web", "worker"}
    assert names(devphone=True) == {"web", "worker", "phone"}
    assert names(devphone=True, trainer=True) == {"web", "worker", "phone", "trainer"}


def test_callers_are_served_when_mlflow_is_away(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    (tmp_path / "file").touch()
    away = {**plan.environment, "SONSORI_TRACKING_URL": f"sqlite:///{tmp_path / 'file' / 'db'}"}
    commands = {**plan.commands, "trainer": "sleep 600"}
    with running(replace(plan, commands=commands, environment=away)) as stack:
        assert stack.warning.startswith("MLflow's tables were not brought up to date.")
