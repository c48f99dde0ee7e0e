# SPDX-License-Identifier: Apache-2.0
"""Builds what tells print from handwriting: `python -m training.build_prints`.

It learns from what the bundle's finder detects, so the finder is built first.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from training.build import run
from training.build_arguments import parser_of
from training.data import Folders, fetch_all, sources_of
from training.export import export_prints, update_card
from training.finder_pages import page_of
from training.fit import Recipe, keep_weights
from training.patch_batches import Patches
from training.pool import in_parts
from training.print_training import shares_told, train_prints
from training.prints import print_plan, prints_of
from training.progress import ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from vision import Model, load_model

PART = 100  # pages a process makes at a time
HELD_BACK = 0.1  # share of the parts that only measure
FIRST_SEED = 320_000_000  # far from the seeds of other photos


@dataclass(frozen=True, slots=True)
class BuildPrints:
    """What to build and where; the patches of `pages` pages are seen once an epoch."""

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    pages: int = 5000
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=12, rate=2e-3))


def build_prints(chosen: BuildPrints, mirrors: list[str], progress: ProgressBar) -> dict[str, Any]:
    """Writes `prints.onnx` and its part of `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    parts = all_parts(chosen, folders, progress)
    held = max(1, round(HELD_BACK * len(parts)))
    rest = _joined(parts[held:])
    model = train_prints(
        rest,
        chosen.recipe,
        callbacks=[keep_weights(folders.root / "prints.pt")],
        progress=progress,
    )
    export_prints(model, chosen.out)
    metrics = {"prints": shares_told(model, _joined(parts[:held]))}
    digest = hashlib.sha256(rest[0].tobytes() + rest[1].tobytes()).hexdigest()
    about = {**asdict(chosen.recipe), "pages": chosen.pages, "patches": len(rest[1])}
    update_card(chosen.out, metrics=metrics, prints={"training_data_sha256": digest, **about})
    return metrics


def all_parts(chosen: BuildPrints, folders: Folders, progress: ProgressBar) -> list[Patches]:
    """The patches, `PART` pages in each part, made once for each seed and kept in `data`/made."""
    seeds = range(FIRST_SEED, FIRST_SEED + chosen.pages, PART)
    make = partial(_part, folders, chosen.out)
    return [
        _loaded(path)
        for path in in_parts(make, seeds, chosen.recipe.threads, progress, "pages with print")
    ]


def _loaded(path: Path) -> Patches:
    with np.load(path) as arrays:
        return arrays["images"], arrays["makers"]


def _part(folders: Folders, bundle: Path, first: int) -> Path:
    path = folders.made / f"prints-{first}.npz"
    if not path.exists():
        sources, model = sources_of(folders), load_model(bundle)
        made = [_of_page(sources, model, seed) for seed in range(first, first + PART)]
        images, makers = _joined(made)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.stem}.partial.npz")
        np.savez_compressed(half, images=images, makers=makers)
        half.replace(path)
    return path


def _of_page(sources: Sources, model: Model, seed: int) -> Patches:
    photo = render(sources, seed, print_plan(seed))
    page = page_of(photo, np.random.default_rng([seed, 2]))
    return prints_of(page, model, np.random.default_rng([seed, 3]))


def _joined(parts: list[Patches]) -> Patches:
    images, makers = zip(*parts, strict=True)
    return np.concatenate(images), np.concatenate(makers)


def _arguments() -> BuildPrints:
    usual = BuildPrints()
    given = parser_of(__doc__, usual).parse_args()
    recipe = replace(usual.recipe, epochs=given.epochs, seed=given.seed, threads=given.threads)
    return BuildPrints(given.data, given.out, given.pages, recipe)


def main() -> None:
    run(partial(build_prints, _arguments()))


if __name__ == "__main__":
    main()
