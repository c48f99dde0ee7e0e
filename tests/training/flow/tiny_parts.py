# SPDX-License-Identifier: Apache-2.0
"""Parts of a retraining with a second's work where hours are meant.

`work/die` names a place where the flow is killed: all of it, as by a power cut, or, with "flow "
before the name, only the process that leads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training import steps
from training.files import write_whole
from training.loop import Plan, TakeOut
from training.progress import ProgressBar
from training.steps.parts import Frozen, OnEpoch
from vision import SHIPPED

EPOCHS = 3
WORTH = {"tuned": 0.7, "bold": 0.9, "scratch": 0.9}


@dataclass(frozen=True)
class TinyData:
    digest: str
    folder: Path
    manifest: dict[str, Any]


@dataclass(frozen=True)
class TinyValidation:
    score: float
    metrics: dict[str, float]


@dataclass(frozen=True)
class TinyVerdict:
    passed: bool
    narrowly_failed: bool
    reasons: tuple[str, ...]
    wins: int

    def as_dict(self) -> dict[str, Any]:
        return {"passed": self.passed, "reasons": list(self.reasons), "wins": self.wins, "p": 0.02}


class TinyParts(steps.Parts):
    """Data are the crops' labels; a candidate is the shipped bundle under another name."""

    def freeze(self, takeout: TakeOut, plan: Plan, progress: ProgressBar) -> TinyData:
        labels = "".join(f"{crop.id}{crop.value}" for crop in takeout.crops())
        digest = hashlib.sha256(labels.encode()).hexdigest()
        folder = plan.snapshots / digest
        write_whole(folder / "manifest.json", json.dumps({"labels": len(labels)}).encode())
        return self.open(folder)

    def open(self, folder: Path) -> TinyData:
        return TinyData(folder.name, folder, json.loads((folder / "manifest.json").read_text()))

    def train(
        self,
        name: str,
        data: Frozen,
        plan: Plan,
        out: Path,
        progress: ProgressBar,
        on_epoch: OnEpoch,
    ) -> Path:
        done = plan.work / name / "epoch"
        progress.begin(name, EPOCHS)
        for epoch in range(int(done.read_text()) if done.exists() else 0, EPOCHS):
            on_epoch(epoch + 1, {"loss": 1 / (epoch + 1)})
            write_whole(done, str(epoch + 1).encode())
            progress.advance()
            if epoch == 1:
                die_if_told(plan, "mid-train")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(SHIPPED, out)
        about = json.loads((out / "model.json").read_text())
        about["version"] = f"{name}-{data.digest[:6]}-{plan.seed}"
        (out / "model.json").write_text(json.dumps(about))
        return out

    def validate(
        self, bundle: Path, data: Frozen, plan: Plan, progress: ProgressBar
    ) -> TinyValidation:
        return TinyValidation(WORTH[bundle.name], {"exact": WORTH[bundle.name]})

    def judge(
        self, challenger: Path, plan: Plan, report: Path, progress: ProgressBar
    ) -> TinyVerdict:
        write_whole(report / "card.html", b"<p>better</p>")
        return TinyVerdict(True, False, ("9 won, 1 lost",), 9)


def die_if_told(plan: Plan, where: str) -> None:
    told = plan.work / "die"
    words = told.read_text().split() if told.exists() else []
    if where not in words:
        return
    told.unlink()
    if "flow" in words:
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()  # until the system ends a step whose flow is gone
    os.killpg(0, signal.SIGKILL)
