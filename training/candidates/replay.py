# SPDX-License-Identifier: Apache-2.0
"""What was known before, rendered again, so that it is not forgotten. Made once, then cached."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from training import glyphs, linedata
from training.bank import Bank, fill_bank
from training.build import MIRRORS
from training.crops import make_crops, turned
from training.data import Folders, fetch_all, sources_of
from training.glyphs import Glyphs
from training.linedata import Lines
from training.loop import Plan
from training.progress import ProgressBar
from training.synthesis.characters import Sources

HANDS = 200  # that write the replayed lines
LYING = 30  # one of so many replayed glyphs lies on its side, and is none

Made = TypeVar("Made")


def sources(plan: Plan, progress: ProgressBar) -> Sources:
    """MNIST, fonts and drawn strokes, fetched when they are not there; or strokes alone."""
    if plan.drawn_only:
        return Sources()
    folders = Folders(plan.data)
    mirrors = [mirror for mirror in os.environ.get(MIRRORS, "").split(",") if mirror]
    fetch_all(folders, mirrors, progress)
    return sources_of(folders)


def old_glyphs(plan: Plan, progress: ProgressBar) -> Glyphs:
    """`plan.amounts.old_glyphs` glyphs, digits and none."""
    count, seed = plan.amounts.old_glyphs, plan.seed

    def make() -> Glyphs:
        cut = make_crops(sources(plan, progress), count, seed, progress=progress)
        digits = cut.take(cut.labels != glyphs.NOT_A_DIGIT)
        return glyphs.join([cut, turned(digits, max(1, count // LYING), seed)])

    return _cached(_path(plan, "glyphs", count), make, glyphs.save, glyphs.load)


def old_lines(plan: Plan, progress: ProgressBar) -> Lines:
    """`plan.amounts.old_lines` lines."""
    count, seed = plan.amounts.old_lines, plan.seed

    def make() -> Lines:
        return linedata.compose_lines(old_bank(plan, progress), count, seed, progress=progress)

    return _cached(_path(plan, "lines", count), make, linedata.save, linedata.load)


def old_bank(plan: Plan, progress: ProgressBar) -> Bank:
    """Hands and words as callers write them."""
    return fill_bank(sources(plan, progress), HANDS, plan.seed, progress=progress)


def _path(plan: Plan, kind: str, count: int) -> Path:
    drawn = "-drawn" if plan.drawn_only else ""
    return plan.data / "replay" / f"{kind}{drawn}-{plan.seed}-{count}.npz"


def _cached(
    path: Path,
    make: Callable[[], Made],
    save: Callable[[Made, Path], None],
    load: Callable[[Path], Made],
) -> Made:
    """Candidates that train side by side make it once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            save(make(), path)
    return load(path)
