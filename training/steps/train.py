# SPDX-License-Identifier: Apache-2.0
"""The third step, once for each candidate: it is trained, its curves are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.flow_command import threads_each
from training.steps.curves import draw_curves
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
    plan = replace(desk.plan, threads=threads_each(desk.plan))
    bundle = desk.parts.train(candidate, frozen, plan, out, desk.progress, on_epoch)
    plots = desk.plan.work / "plots" / candidate
    if draw_curves(desk.memory.curves(run), plots / "learning-curves.png"):
        desk.memory.artifacts(run, plots, "plots")
    return {"candidate": candidate, "bundle": str(bundle), "run": run}
