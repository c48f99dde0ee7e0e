# SPDX-License-Identifier: Apache-2.0
"""Builds the bundle's second reader: `python -m training.build_lines`."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from training.build import run
from training.build_arguments import add_teaching_on
from training.candidates.warm import between, load_lines
from training.data import Folders, Size, composed_data, fetch_all, line_data
from training.export import export_lines, update_card
from training.fit import Recipe, keep_weights
from training.line_net import LineNet
from training.line_training import exact_share, train_lines
from training.linedata import Lines, join, load
from training.progress import ProgressBar

HELD_BACK = 300  # lines of each kind that only measure
PARTS_AN_EPOCH = 3  # of composed lines; the parts take turns, so that few lines come often


@dataclass(frozen=True, slots=True)
class BuildLines:
    """What to build and where: anew, or on from the reader of the bundle `start`, a share `keep` of
    whose weights stays (Wortsman et al. 2022)."""

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    size: Size = field(default_factory=Size)
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=50, average=0.9985))
    start: Path | None = None
    keep: float = 0.0


def build_lines(chosen: BuildLines, mirrors: list[str], progress: ProgressBar) -> dict[str, Any]:
    """Writes `lines.onnx` and its part of `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    recipe, size = chosen.recipe, chosen.size
    worn, cut = line_data(folders, size, recipe.seed, processes=recipe.threads, progress=progress)
    worn, held_worn = hold_back(worn, HELD_BACK, recipe.seed)
    cut, held_cut = hold_back(cut, HELD_BACK, recipe.seed)
    data = join([worn, cut])
    parts = composed_data(folders, size, recipe.seed, processes=recipe.threads, progress=progress)
    start = LineNet() if chosen.start is None else load_lines(chosen.start)
    model = train_lines(
        supply(data, parts),
        recipe,
        start=start,
        callbacks=[keep_weights(folders.root / "lines.pt")],
        progress=progress,
    )
    if chosen.start is not None:
        model = between(model, load_lines(chosen.start), chosen.keep)
    export_lines(model, chosen.out)
    metrics = {
        "lines_exact": round(exact_share(model, held_worn), 4),
        "lines_exact_from_photos": round(exact_share(model, held_cut), 4),
    }
    sha256 = digest_of(data, parts)
    update_card(
        chosen.out,
        metrics=metrics,
        lines={"training_data_sha256": sha256, **asdict(recipe), **asdict(size)},
    )
    return metrics


def supply(stored: Lines, parts: Sequence[Path]) -> Callable[[int], Lines]:
    """The lines of an epoch: the stored ones and some of the `parts`, which take turns."""
    count = min(PARTS_AN_EPOCH, len(parts))

    @lru_cache(maxsize=1)
    def lines_of(epoch: int) -> Lines:
        turn = [parts[(epoch * count + i) % len(parts)] for i in range(count)]
        return join([stored, *(load(path) for path in turn)])

    return lines_of


def digest_of(stored: Lines, parts: Sequence[Path]) -> str:
    """SHA-256 over everything that trains."""
    state = hashlib.sha256(stored.digest().encode())
    for path in parts:
        state.update(load(path).digest().encode())
    return state.hexdigest()


def hold_back(lines: Lines, count: int, seed: int) -> tuple[Lines, Lines]:
    """(the rest, `count` random lines, at most a fifth), the same for the same seed."""
    order = np.random.default_rng(seed).permutation(len(lines))
    count = min(count, len(lines) // 5)
    return lines.take(order[count:]), lines.take(order[:count])


def _arguments() -> BuildLines:
    usual = BuildLines()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=usual.data, help="folder of the data")
    parser.add_argument("--out", type=Path, default=usual.out, help="bundle to write")
    parser.add_argument("--epochs", type=int, default=usual.recipe.epochs)
    parser.add_argument("--lines", type=int, default=usual.size.lines)
    parser.add_argument("--composed", type=int, default=usual.size.composed)
    parser.add_argument("--photos", type=int, default=usual.size.photos, help="photos cut up")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    add_teaching_on(parser, usual.recipe.rate)
    given = parser.parse_args()
    recipe = replace(
        usual.recipe,
        epochs=given.epochs,
        rate=given.rate,
        seed=given.seed,
        threads=given.threads,
    )
    size = Size(photos=given.photos, lines=given.lines, composed=given.composed)
    return BuildLines(given.data, given.out, size, recipe, given.start, given.keep)


def main() -> None:
    run(partial(build_lines, _arguments()))


if __name__ == "__main__":
    main()
