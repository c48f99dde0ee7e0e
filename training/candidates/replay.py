# SPDX-License-Identifier: Apache-2.0
"""What was known before, rendered, so that it is not forgotten: made once and kept in `plan.data`.

Fonts and MNIST take part where they are; nothing is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from filelock import FileLock

from training import glyphs, linedata
from training.bank import fill_bank
from training.crops import make_crops
from training.data import Folders, sources_there
from training.finder_pages import make_pages
from training.glyphs import Glyphs
from training.linedata import Lines, compose_lines
from training.loop import Plan
from training.patch_training import cut
from training.progress import ProgressBar
from training.synthesis.characters import Sources, make_sources

HANDS = 300  # that write the replayed lines
PAGES_FROM = 350_000_000  # seed of the first replayed page: those before taught the champion
LINES_A_PAGE = 3  # drawn lines for each page: they cost a tenth
Made = TypeVar("Made", Glyphs, Lines)


def replay_sources(plan: Plan) -> Sources:
    """All that lies in `plan.data`, or strokes alone."""
    return make_sources() if plan.drawn_only else sources_there(Folders(plan.data))


def old_glyphs(plan: Plan, progress: ProgressBar) -> Glyphs:
    """Glyphs cut from rendered lines, digits and what is none."""
    count = plan.amounts.old_glyphs

    def make() -> Glyphs:
        return make_crops(replay_sources(plan), count, plan.seed, progress=progress)

    return _kept(_path(plan, "glyphs", count), make, glyphs.save, glyphs.load)


def old_lines(plan: Plan, progress: ProgressBar) -> Lines:
    """Lines composed of characters in rendered hands."""
    count = plan.amounts.old_lines

    def make() -> Lines:
        hands = min(HANDS, max(20, count // 20))
        bank = fill_bank(replay_sources(plan), hands, plan.seed, progress=progress)
        return compose_lines(bank, count, plan.seed, progress=progress)

    return _kept(_path(plan, "lines", count), make, linedata.save, linedata.load)


def old_patches(plan: Plan, progress: ProgressBar) -> Glyphs:
    """Patches [N, 32, 32] cut from rendered pages and lines, digits and what is none."""
    count = plan.amounts.old_pages

    def make() -> Glyphs:
        sources, random = replay_sources(plan), np.random.default_rng([plan.seed, 33])
        pages = make_pages(sources, range(PAGES_FROM, PAGES_FROM + count), progress=progress)
        images, names = cut(pages, sources, LINES_A_PAGE * count, random)
        return Glyphs(images, names.astype(np.int64))

    return _kept(_path(plan, "patches", count), make, glyphs.save, glyphs.load)


def _path(plan: Plan, kind: str, count: int) -> Path:
    sources = replay_sources(plan)
    fonts = sources.fonts.hands if sources.fonts else ()
    told = f"{sources.mnist is not None} {sorted(path.name for path in fonts)}"
    drawn = hashlib.sha256(told.encode()).hexdigest()[:8]
    return plan.data / "replay" / f"{kind}-{plan.seed}-{count}-{drawn}.npz"


def _kept(
    path: Path,
    make: Callable[[], Made],
    save: Callable[[Made, Path], None],
    load: Callable[[Path], Made],
) -> Made:
    """Candidates train side by side: one makes it, the others wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not path.exists():
            save(make(), path)
    return load(path)
