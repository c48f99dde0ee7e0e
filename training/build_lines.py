# SPDX-License-Identifier: Apache-2.0
"""Builds the bundle's second reader: `python -m training.build_lines` (an hour on two cores)."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.build import MIRRORS
from training.crnn import LineNet
from training.data import Folders, Size, fetch_all, line_data
from training.export import export_lines, update_card
from training.fit import Recipe, keep_weights
from training.line_training import exact_share, train_lines
from training.linedata import Lines
from training.progress import ProgressBar, RichProgress

HELD_BACK = 1000  # lines that only measure


@dataclass(frozen=True, slots=True)
class BuildLines:
    """What to build and where."""

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    size: Size = field(default_factory=Size)
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=12, average=0.995))
    start: Path | None = None


def build_lines(chosen: BuildLines, mirrors: list[str], progress: ProgressBar) -> dict[str, Any]:
    """Writes `lines.onnx` and its part of `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    recipe = chosen.recipe
    every = line_data(
        folders, chosen.size, recipe.seed, processes=recipe.threads, progress=progress
    )
    data, held = hold_back(every, HELD_BACK, recipe.seed)
    start = LineNet()
    if chosen.start is not None:
        start.load_state_dict(torch.load(chosen.start))
    checkpoint = folders.root / "lines.pt"

    model = train_lines(
        data, recipe, start=start, callbacks=[keep_weights(checkpoint)], progress=progress
    )
    export_lines(model, chosen.out)
    metrics = {"lines_exact": round(exact_share(model, held), 4)}
    update_card(
        chosen.out,
        metrics=metrics,
        lines={
            "training_data_sha256": data.digest(),
            **asdict(recipe),
            **asdict(chosen.size),
            "lines": len(data),
        },
    )
    return metrics


def hold_back(lines: Lines, count: int, seed: int) -> tuple[Lines, Lines]:
    """(the rest, `count` random lines), the same for the same seed."""
    order = np.random.default_rng(seed).permutation(len(lines))
    count = min(count, len(lines) // 5)
    return lines.take(order[count:]), lines.take(order[:count])


def _arguments() -> BuildLines:
    usual = BuildLines()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=usual.data, help="folder of the data")
    parser.add_argument("--out", type=Path, default=usual.out, help="bundle to write")
    parser.add_argument("--epochs", type=int, default=usual.recipe.epochs)
    parser.add_argument("--rate", type=float, default=usual.recipe.rate)
    parser.add_argument("--lines", type=int, default=usual.size.lines)
    parser.add_argument("--photos", type=int, default=usual.size.photos, help="photos cut up")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    given = parser.parse_args()
    recipe = Recipe(
        epochs=given.epochs,
        rate=given.rate,
        seed=given.seed,
        threads=given.threads,
        average=usual.recipe.average,
    )
    size = Size(photos=given.photos, lines=given.lines)
    return BuildLines(given.data, given.out, size, recipe, given.start)


def main() -> None:
    chosen = _arguments()
    mirrors = [mirror for mirror in os.environ.get(MIRRORS, "").split(",") if mirror]
    with RichProgress() as progress:
        metrics = build_lines(chosen, mirrors, progress)
    print(metrics)


if __name__ == "__main__":
    main()
