# SPDX-License-Identifier: Apache-2.0
"""What going on with a killed retraining reuses: a line a step, before anything is done."""

from __future__ import annotations

import sys
from typing import Any

STEPS = ("start", "snapshot", "candidates", "train", "evaluate", "gate", "register", "end")


def say_what_is_reused(flow: str) -> None:
    """Print it when this process was told to resume a run of `flow`; nothing otherwise."""
    args = sys.argv
    if "resume" not in args or "--origin-run-id" not in args:
        return
    for line in what_is_reused(flow, args[args.index("--origin-run-id") + 1]):
        print(line, flush=True)


def what_is_reused(flow: str, run: str) -> list[str]:
    """A sentence for each step of the flow, in order."""
    done = _done(flow, run)
    return [f"resume: {_sentence(name, done.get(name), run)}" for name in STEPS]


def _sentence(name: str, done: tuple[int, int] | None, run: str) -> str:
    if done is None:
        return f"{name} is done: run {run} did not come to it"
    finished, begun = done
    if finished == begun:
        return f"{name} is reused: run {run} finished it ({finished} of {begun} tasks)"
    if finished:
        return f"{name} is reused in part: run {run} finished {finished} of {begun} tasks"
    return f"{name} is done again: run {run} began it and did not finish it"


def _done(flow: str, run: str) -> dict[str, tuple[int, int]]:
    """How many tasks of each step were finished, of how many that were begun."""
    from metaflow import Run, namespace
    from metaflow.exception import MetaflowNotFound

    namespace(None)
    try:
        return {step.id: _count(step) for step in Run(f"{flow}/{run}")}
    except MetaflowNotFound:
        return {}


def _count(step: Any) -> tuple[int, int]:
    tasks = [task.successful for task in step]
    return sum(tasks), len(tasks)
