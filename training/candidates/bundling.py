# SPDX-License-Identifier: Apache-2.0
"""From the champion's bundle and what was taught to a candidate's bundle."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import nn

from training.candidates.job import Job
from training.export import export_digits, export_lines, export_patches, update_card
from vision.networks import NETWORKS

EXPORTS = {
    "digits": export_digits,
    "lines": export_lines,
    "patches": export_patches,
}


def bundle(
    job: Job, taught: Mapping[str, nn.Module | None], out: Path, metrics: dict[str, Any]
) -> Path:
    """The champion's bundle with what was `taught`, by its part, in `out`: written beside it and
    moved there whole. None: the champion's stays."""
    partial = out.with_name(f"{out.name}.partial")
    for folder in (partial, out):
        shutil.rmtree(folder, ignore_errors=True)
    partial.mkdir(parents=True)
    for name in (*NETWORKS, "model.json"):
        if (job.plan.champion / name).exists():
            shutil.copyfile(job.plan.champion / name, partial / name)
    for part, net in taught.items():
        if net is not None:
            EXPORTS[part](net, partial)
    _write_card(job, partial, metrics)
    partial.rename(out)
    return out


def _write_card(job: Job, folder: Path, metrics: dict[str, Any]) -> None:
    """The champion's card with what is new. Its fit of confidence stands for the networks that
    grew out of its own: whether it still holds, the gate measures."""
    before = json.loads((folder / "model.json").read_text("utf-8"))
    recipe = {"candidate": job.name, **asdict(job.how), **asdict(job.plan.amounts)}
    update_card(
        folder,
        metrics=metrics,
        parent=before["version"],
        training_data_sha256=job.snapshot.digest,
        recipe={**recipe, "seed": job.plan.seed},
    )
    version = json.loads((folder / "model.json").read_text("utf-8"))["version"]
    trust = before.get("confidence", {})
    if trust.get("networks") == before["version"]:
        fitted_with = trust.get("fitted_with", before["version"])
        trust = {**trust, "networks": version, "fitted_with": fitted_with}
        update_card(folder, metrics={}, confidence=trust)
