# SPDX-License-Identifier: Apache-2.0
"""Trains one candidate: both readers, from the champion's weights, to a bundle of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.candidates.digits import lesson_of, teach
from training.candidates.hands import bank_of
from training.candidates.recipes import Candidate, candidate
from training.candidates.replay import old_glyphs, old_lines
from training.candidates.screen import trusted
from training.candidates.warm import between, load_digits, load_lines
from training.checkpoint import Checkpoint
from training.cnn import DigitNet
from training.export import export_digits, export_lines, update_card
from training.fit import Callback, EpochEnd, Recipe
from training.line_training import train_lines
from training.linedata import Lines, compose_lines, join
from training.loop import Plan
from training.progress import ProgressBar
from training.snapshot import Snapshot
from vision.networks import NETWORKS

OnEpoch = Callable[[int, Mapping[str, float]], None]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class _Job:
    name: str
    snapshot: Snapshot
    plan: Plan
    progress: ProgressBar
    on_epoch: OnEpoch

    @property
    def how(self) -> Candidate:
        return candidate(self.name)

    @property
    def epochs(self) -> int:
        return max(1, round(self.plan.amounts.epochs * self.how.longer))

    def recipe(self, rate: float, epochs: int) -> Recipe:
        seed, threads = self.plan.seed, self.plan.threads
        return Recipe(epochs=epochs, rate=rate, average=0.99, seed=seed, threads=threads)

    def checkpoint(self, part: str) -> Checkpoint:
        told = f"{self.snapshot.digest} {self.plan.champion.name} {self.plan.seed} {self.how}"
        key = hashlib.sha256(f"{told} {self.plan.amounts} {part}".encode()).hexdigest()
        return Checkpoint(self.plan.work / self.name / f"{part}.pt", key)

    def telling(self, part: str, before: int) -> Callback:
        """Epochs are numbered on from the part `before`."""

        def tell(end: EpochEnd) -> None:
            self.on_epoch(before + end.epoch, {f"{part}_loss": end.loss})

        return tell


def train(
    name: str,
    snapshot: Snapshot,
    plan: Plan,
    out: Path,
    progress: ProgressBar,
    on_epoch: OnEpoch,
) -> Path:
    """The bundle in `out`. The same seed and data give the same bundle on the same machine, also
    after a kill: it goes on from the last epoch, kept in `plan.work/<name>/`."""
    job = _Job(name, snapshot, plan, progress, on_epoch)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    chosen = np.flatnonzero(~snapshot.digits.held_back & (snapshot.digits.worth > 0))
    glyphs = old_glyphs(plan, progress)
    kept = _screened(job, chosen, lambda: trusted(snapshot.digits, chosen, glyphs, plan, progress))
    digits = _digits(job, kept)
    lines = _lines(job, kept)
    return _bundle(job, digits, lines, out, {"doubted": len(chosen) - len(kept)})


def _screened(job: _Job, chosen: Indices, judge: Callable[[], Indices]) -> Indices:
    """Which crops are learnt from, decided once."""
    path = job.plan.work / job.name / f"trusted-{job.snapshot.digest}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, judge())
        partial.replace(path)
    return np.asarray(np.load(path), np.int64)


def _digits(job: _Job, kept: Indices) -> nn.Module:
    how, plan = job.how, job.plan
    torch.manual_seed(plan.seed)
    start = DigitNet() if how.anew else load_digits(plan.champion)
    old = old_glyphs(plan, job.progress)
    net = teach(
        start,
        lesson_of(old, job.snapshot.digits, kept, how.times),
        job.recipe(how.digit_rate, job.epochs),
        callbacks=[job.telling("digits", 0)],
        progress=job.progress,
        checkpoint=job.checkpoint("digits"),
    )
    return net if how.anew else between(net, load_digits(plan.champion), how.keep)


def _lines(job: _Job, kept: Indices) -> nn.Module | None:
    """None where the champion's line reader stays."""
    if not job.how.line_rate:
        return None
    plan, digits = job.plan, job.snapshot.digits
    told = kept[~digits.denied[kept]]
    parts = [old_lines(plan, job.progress)]
    if len(told) and plan.amounts.new_lines:
        bank = bank_of(digits, told, plan.seed)
        parts.append(compose_lines(bank, plan.amounts.new_lines, plan.seed, progress=job.progress))
    every: Lines = join(parts)
    net = train_lines(
        lambda _: every,
        job.recipe(job.how.line_rate, plan.amounts.epochs),
        start=load_lines(plan.champion),
        callbacks=[job.telling("lines", job.epochs)],
        progress=job.progress,
        checkpoint=job.checkpoint("lines"),
    )
    return between(net, load_lines(plan.champion), job.how.keep)


def _bundle(
    job: _Job, digits: nn.Module, lines: nn.Module | None, out: Path, metrics: dict[str, Any]
) -> Path:
    """Written beside `out` and moved there whole."""
    partial = out.with_name(f"{out.name}.partial")
    for folder in (partial, out):
        shutil.rmtree(folder, ignore_errors=True)
    partial.mkdir(parents=True)
    for name in (*NETWORKS, "model.json"):
        if (job.plan.champion / name).exists():
            shutil.copyfile(job.plan.champion / name, partial / name)
    export_digits(digits, partial)
    if lines is not None:
        export_lines(lines, partial)
    _write_card(job, partial, metrics)
    partial.rename(out)
    return out


def _write_card(job: _Job, folder: Path, metrics: dict[str, Any]) -> None:
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
