# SPDX-License-Identifier: Apache-2.0
"""Builds the bundle's finder: `python -m training.build_finder` (hours; no whole run is timed)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from training import finder_pages
from training.build import run
from training.build_arguments import add_teaching_on, parser_of
from training.candidates.warm import between, load_finder
from training.data import Folders, fetch_all, sources_of
from training.export import export_finder, update_card
from training.finder_pages import FinderPage
from training.finder_training import overlaps, train_finder
from training.fit import Recipe, keep_weights
from training.pool import in_parts
from training.progress import ProgressBar
from training.synthesis.backgrounds import find_backgrounds
from training.synthesis.characters import Sources

PART = 100  # pages a process makes at a time
HELD_BACK = 100  # pages that only measure
FIRST_SEED = 300_000_000  # far from the seeds of other photos


@dataclass(frozen=True, slots=True)
class BuildFinder:
    """What to build and where. `backgrounds`: a folder of pictures without digits, or None. Anew,
    or on from the finder of the bundle `start`, a share `keep` of whose weights stays."""

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    backgrounds: Path | None = None
    pages: int = 8000
    windows: int = 8000
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=16, rate=2e-3))
    start: Path | None = None
    keep: float = 0.0


def build_finder(chosen: BuildFinder, mirrors: list[str], progress: ProgressBar) -> dict[str, Any]:
    """Writes `finder.onnx` and its part of `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    pages = all_pages(chosen, folders, progress)
    held, rest = pages[:HELD_BACK], pages[HELD_BACK:]
    model = train_finder(
        rest,
        chosen.recipe,
        windows=chosen.windows,
        start=None if chosen.start is None else load_finder(chosen.start),
        callbacks=[keep_weights(folders.root / "finder.pt")],
        progress=progress,
    )
    if chosen.start is not None:
        model = between(model, load_finder(chosen.start), chosen.keep)
    export_finder(model, chosen.out)
    metrics = {"finder_overlap": overlaps(model, held)}
    update_card(
        chosen.out,
        metrics=metrics,
        finder={
            "training_data_sha256": finder_pages.digest(rest),
            **asdict(chosen.recipe),
            "pages": len(rest),
            "windows": chosen.windows,
        },
    )
    return metrics


def all_pages(chosen: BuildFinder, folders: Folders, progress: ProgressBar) -> list[FinderPage]:
    """The pages, made once for each seed and kept in `data`/made."""
    seeds = range(FIRST_SEED, FIRST_SEED + chosen.pages, PART)
    make = partial(_part, folders, chosen.backgrounds)
    paths = in_parts(make, seeds, chosen.recipe.threads, progress, "finder pages")
    return [page for path in paths for page in finder_pages.load(path)]


def _part(folders: Folders, backgrounds: Path | None, first: int) -> Path:
    path = folders.made / f"finder-{first}.npz"
    if not path.exists():
        sources = _sources(folders, backgrounds)
        finder_pages.save(finder_pages.make_pages(sources, range(first, first + PART)), path)
    return path


def _sources(folders: Folders, backgrounds: Path | None) -> Sources:
    pictures = find_backgrounds(backgrounds) if backgrounds is not None else ()
    return replace(sources_of(folders), backgrounds=pictures)


def _arguments() -> BuildFinder:
    usual = BuildFinder()
    parser = parser_of(__doc__, usual)
    parser.add_argument("--backgrounds", type=Path, help="folder of pictures without digits")
    parser.add_argument("--windows", type=int, default=usual.windows, help="seen in each epoch")
    add_teaching_on(parser, usual.recipe.rate)
    given = parser.parse_args()
    recipe = Recipe(epochs=given.epochs, rate=given.rate, seed=given.seed, threads=given.threads)
    return BuildFinder(
        given.data,
        given.out,
        given.backgrounds,
        given.pages,
        given.windows,
        recipe,
        given.start,
        given.keep,
    )


def main() -> None:
    run(partial(build_finder, _arguments()))


if __name__ == "__main__":
    main()
