# SPDX-License-Identifier: Apache-2.0
"""Trains one candidate: its readers, from the champion's weights, to a bundle of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.candidates.bundling import bundle
from training.candidates.digits import Lesson, lesson_of, teach
from training.candidates.hands import bank_of
from training.candidates.job import Job, OnEpoch
from training.candidates.patches import patches_of_crops
from training.candidates.replay import old_glyphs, old_lines, old_patches
from training.candidates.screen import trusted
from training.candidates.warm import between, load_digits, load_lines, load_patches
from training.cnn import DigitNet
from training.fit import Recipe
from training.line_training import train_lines
from training.linedata import Lines, compose_lines, join
from training.loop import Plan
from training.progress import ProgressBar
from training.snapshot import Snapshot

Indices = NDArray[np.int64]


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
    job = Job(name, snapshot, plan, progress, on_epoch)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    chosen = np.flatnonzero(~snapshot.digits.held_back & (snapshot.digits.worth > 0))
    glyphs = old_glyphs(plan, progress)
    kept = _screened(job, chosen, lambda: trusted(snapshot.digits, chosen, glyphs, plan, progress))
    taught = {
        "digits": _digits(job, kept),
        "patches": _patches(job, kept),
        "lines": _lines(job, kept),
    }
    return bundle(job, taught, out, {"doubted": len(chosen) - len(kept)})


def _screened(job: Job, chosen: Indices, judge: Callable[[], Indices]) -> Indices:
    """Which crops are learnt from, decided once."""
    path = job.plan.work / job.name / f"trusted-{job.snapshot.digest}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, judge())
        partial.replace(path)
    return np.asarray(np.load(path), np.int64)


def _digits(job: Job, kept: Indices) -> nn.Module:
    how, plan = job.how, job.plan
    torch.manual_seed(plan.seed)
    start = DigitNet() if how.anew else load_digits(plan.champion)
    old, again = old_glyphs(plan, job.progress), np.tile(kept, how.times)
    lesson = lesson_of(old, job.snapshot.digits, again, job.snapshot.digits.glyphs[again])
    net = _teach(job, "digits", start, lesson, job.recipe(how.digit_rate, job.epochs), 0)
    return net if how.anew else between(net, load_digits(plan.champion), how.keep)


def _patches(job: Job, kept: Indices) -> nn.Module | None:
    """None where the champion has no third reader."""
    how, plan, digits = job.how, job.plan, job.snapshot.digits
    if not (plan.champion / "patches.onnx").exists():
        return None
    again = np.tile(kept, how.times)
    images = patches_of_crops(digits, again, plan.seed)
    lesson = lesson_of(old_patches(plan, job.progress), digits, again, images)
    recipe = job.recipe(how.patch_rate, plan.amounts.epochs)
    net = _teach(job, "patches", load_patches(plan.champion), lesson, recipe, job.epochs)
    return between(net, load_patches(plan.champion), how.patch_keep)


def _teach(
    job: Job, part: str, start: nn.Module, lesson: Lesson, recipe: Recipe, before: int
) -> nn.Module:
    return teach(
        start,
        lesson,
        recipe,
        callbacks=[job.telling(part, before)],
        progress=job.progress,
        checkpoint=job.checkpoint(part),
    )


def _lines(job: Job, kept: Indices) -> nn.Module | None:
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
        callbacks=[job.telling("lines", job.epochs + plan.amounts.epochs)],
        progress=job.progress,
        checkpoint=job.checkpoint("lines"),
    )
    return between(net, load_lines(plan.champion), job.how.keep)
