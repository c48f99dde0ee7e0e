# SPDX-License-Identifier: Apache-2.0
"""The third step, once for each candidate: it is trained, its curves are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.steps.desk import Desk


def train(desk: Desk, candidate: str, parent: str, data: Mapping[str, Any]) -> dict[str, str]:
    """`candidate`, its `bundle` folder and its `run` in the memory, a child of `parent`."""
    parameters = {"candidate": candidate, "seed": desk.plan.seed}
    run = desk.memory.begin(
        f"{desk.key}/{candidate}", candidate, parent=parent, parameters=parameters
    )
    desk.memory.dataset(run, data["digest"])

    def on_epoch(epoch: int, metrics: Mapping[str, float]) -> None:
        desk.memory.epoch(run, epoch, metrics)

    frozen = desk.parts.open(Path(data["folder"]))
    out = desk.bundle(candidate)
    bundle = desk.parts.train(candidate, frozen, desk.plan, out, desk.progress, on_epoch)
    desk.memory.curves(run)
    return {"candidate": candidate, "bundle": str(bundle), "run": run}
