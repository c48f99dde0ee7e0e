# SPDX-License-Identifier: Apache-2.0
"""The last step: what came of it is written down for whoever started the retraining."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.loop import Ending, Result
from training.steps.desk import Desk


def end(desk: Desk, run: str, found: Mapping[str, Any]) -> str:
    """The ending. `found` holds what the steps before left: `data`, and `best`, `verdict` and
    `version` where it came to that."""
    desk.progress.begin("writing the result", 1)
    result = _result(run, found)
    desk.memory.finish(run, result.ending.value)
    result.save(desk.plan.result)
    desk.progress.advance()
    return result.ending.value


def _result(run: str, found: Mapping[str, Any]) -> Result:
    data = found["data"]
    if not data["new"]:
        return Result(Ending.NOTHING_NEW, (data["reason"],), data["digest"], run)
    best, verdict = found["best"], found["verdict"]
    ending = Ending.PASSED if verdict["passed"] else Ending.REFUSED
    return Result(
        ending,
        tuple(verdict["reasons"]),
        data["digest"],
        run,
        best["candidate"],
        best["bundle"],
        found["version"],
    )
