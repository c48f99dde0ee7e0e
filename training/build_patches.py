# SPDX-License-Identifier: Apache-2.0
"""Builds the bundle's third reader: `python -m training.build_patches` (`make patches-model`).

It is taught on the finder's pages, so that both are made once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from training import finder_pages
from training.build import run
from training.build_arguments import add_teaching_on, parser_of
from training.build_finder import BuildFinder, all_pages
from training.candidates.warm import between, load_patches
from training.data import Folders, fetch_all, sources_of
from training.export import export_patches, update_card
from training.fit import Recipe, keep_weights
from training.patch_training import LINES, cut, shares_right, train_patches
from training.progress import ProgressBar

HELD_BACK = 200  # pages that only measure


@dataclass(frozen=True, slots=True)
class BuildPatches:
    """What to build and where; an epoch is `steps` batches, of the pages and of so many drawn
    `lines`. Anew, or on from the third reader of the bundle `start`, a share `keep` of whose
    weights stays (Wortsman et al. 2022)."""

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    pages: int = 8000
    lines: int = LINES
    steps: int = 1600
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=12))
    start: Path | None = None
    keep: float = 0.0


def build_patches(
    chosen: BuildPatches, mirrors: list[str], progress: ProgressBar
) -> dict[str, Any]:
    """Writes `patches.onnx` and its part of `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    wanted = BuildFinder(data=chosen.data, pages=chosen.pages, recipe=chosen.recipe)
    pages = all_pages(wanted, folders, progress)
    held, rest = pages[:HELD_BACK], pages[HELD_BACK:]
    sources = sources_of(folders)
    model = train_patches(
        rest,
        sources,
        chosen.recipe,
        steps=chosen.steps,
        lines=chosen.lines,
        start=None if chosen.start is None else load_patches(chosen.start),
        callbacks=[keep_weights(folders.root / "patches.pt")],
        progress=progress,
    )
    if chosen.start is not None:
        model = between(model, load_patches(chosen.start), chosen.keep)
    export_patches(model, chosen.out)
    seen = cut(held, sources, 0, np.random.default_rng(chosen.recipe.seed))
    metrics = {"patches": shares_right(model, seen)}
    about = {**asdict(chosen.recipe), "pages": len(rest), "steps": chosen.steps}
    update_card(
        chosen.out,
        metrics=metrics,
        patches={"training_data_sha256": finder_pages.digest(rest), **about},
    )
    return metrics


def _arguments() -> BuildPatches:
    usual = BuildPatches()
    parser = parser_of(__doc__, usual)
    parser.add_argument("--steps", type=int, default=usual.steps, help="batches in each epoch")
    add_teaching_on(parser, usual.recipe.rate)
    given = parser.parse_args()
    recipe = Recipe(epochs=given.epochs, rate=given.rate, seed=given.seed, threads=given.threads)
    return BuildPatches(
        data=given.data,
        out=given.out,
        pages=given.pages,
        steps=given.steps,
        recipe=recipe,
        start=given.start,
        keep=given.keep,
    )


def main() -> None:
    run(partial(build_patches, _arguments()))


if __name__ == "__main__":
    main()
