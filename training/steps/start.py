# SPDX-License-Identifier: Apache-2.0
"""The first step: whatever could stop the retraining later stops it here, in seconds."""

from __future__ import annotations

import shutil

from training.loop import Plan, TakeOut
from training.loop.plan import CANDIDATES
from training.steps.desk import Desk
from training.steps.provenance import provenance
from vision import load_model

LEAST_FREE_BYTES = 2_000_000_000  # a snapshot, three candidates' checkpoints and their bundles


def start(desk: Desk) -> str:
    """The retraining's run in the memory, begun. Raises `ValueError` with what is wrong,
    `training.tracking.MemoryAway` when the memory stays away."""
    desk.progress.begin("looking", 5)
    for look in (_work_folder, _disk, _champion, _takeout):
        look(desk.plan)
        desk.progress.advance()
    desk.memory.check()
    desk.progress.advance()
    name = f"retraining {desk.plan.work.name}"
    return desk.memory.begin(desk.key, name, parameters=_parameters(desk.plan))


def _work_folder(plan: Plan) -> None:
    strange = set(plan.candidates) - set(CANDIDATES)
    if not plan.candidates or strange:
        raise ValueError(f"there are candidates {', '.join(CANDIDATES)}, not {sorted(strange)}")
    if plan.threads < 1:
        raise ValueError(f"a training needs a thread, not {plan.threads}")


def _disk(plan: Plan) -> None:
    for folder in (plan.work, plan.snapshots, plan.frozen, plan.artifacts):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE_BYTES:
            raise ValueError(f"{folder} has {free / 1e9:.1f} GB free, less than 2 GB")


def _champion(plan: Plan) -> None:
    load_model(plan.champion)


def _takeout(plan: Plan) -> None:
    takeout = TakeOut(plan.input)
    for crop in takeout.crops()[:1]:
        takeout.png(crop)
    for photo in takeout.photos()[:1]:
        takeout.photo(photo)


def _parameters(plan: Plan) -> dict[str, object]:
    amounts = {f"amount_{name}": getattr(plan.amounts, name) for name in plan.amounts.__slots__}
    ours = {
        "seed": plan.seed,
        "threads": plan.threads,
        "candidates": ", ".join(plan.candidates),
        "champion": load_model(plan.champion).version,
        "drawn_only": plan.drawn_only,
    }
    return {**ours, **amounts, **provenance()}
