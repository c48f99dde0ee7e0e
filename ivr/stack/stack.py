# SPDX-License-Identifier: Apache-2.0
"""Starts a plan, waits until it answers, and ends all of it whatever happens in between."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, get_origin

import requests
from pydantic.fields import FieldInfo

from ivr.settings import Settings
from ivr.stack.broker import broker
from ivr.stack.plan import TRAINER, Plan
from ivr.stack.processes import Processes, StackError
from worker.migrations import upgrade
from worker.retraining.memory import MemoryNotUpgraded, upgrade_memory

_START_S = 60.0
_POLL_S = 0.05
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class Stack:
    """A running plan. `warning`: what an operator has to know, nothing when all is well."""

    def __init__(
        self, plan: Plan, settings: Settings, processes: Processes, warning: str = ""
    ) -> None:
        self.plan = plan
        self.settings = settings
        self.warning = warning
        self._processes = processes

    @property
    def pids(self) -> dict[str, int]:
        return self._processes.pids

    def check(self) -> None:
        """Raises `StackError` when a process has ended."""
        self._processes.check()

    def wait_until_ready(self) -> None:
        """Until web process and dev phone answer; the worker takes up what waits for it."""
        give_up_at = time.monotonic() + _START_S
        waiting = [f"{self.plan.web_url}/healthz"]
        if self.plan.phone_url:
            waiting.append(f"{self.plan.phone_url}/devphone/health")
        while waiting:
            self.check()
            waiting = [url for url in waiting if not _answers(url)]
            if time.monotonic() > give_up_at:
                raise StackError(f"no answer from {waiting}; see {self.plan.log_dir}")
            time.sleep(_POLL_S)


@contextmanager
def running(plan: Plan) -> Iterator[Stack]:
    """The plan's processes, ready; all of them end with this block, however it is left."""
    with ExitStack() as ending:
        ending.enter_context(_ended_by_signals())
        queue = ending.enter_context(broker(plan.environment))
        environment = {**plan.environment, "SONSORI_REDIS_URL": queue.url}
        settings = _settings(environment)
        processes = Processes(plan.log_dir)
        ending.callback(processes.stop)
        upgrade(settings)
        warning = _upgrade_memory(settings) if TRAINER in plan.commands else ""
        processes.start(plan.commands, environment, *([queue.pid] if queue.pid else []))
        stack = Stack(plan, settings, processes, warning)
        stack.wait_until_ready()
        yield stack


def _upgrade_memory(settings: Settings) -> str:
    """What went wrong: callers are served without MLflow, and a training waits for it."""
    try:
        upgrade_memory(settings)
    except MemoryNotUpgraded as error:
        return str(error)
    return ""


def _settings(environment: dict[str, str]) -> Settings:
    """The settings that the processes will read from their environment."""
    given = {
        name: _parsed(field, environment[variable])
        for name, field in Settings.model_fields.items()
        if (variable := f"SONSORI_{name.upper()}") in environment
    }
    return Settings(**given)


def _parsed(field: FieldInfo, text: str) -> Any:
    """What is no single value is JSON in the environment."""
    return json.loads(text) if get_origin(field.annotation) is dict else text


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn a `kill` or a closed terminal into an exception: they leave nothing behind either."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.signal(number, _leave) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _answers(url: str) -> bool:
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, timeout=2).ok
    except requests.RequestException:
        return False
