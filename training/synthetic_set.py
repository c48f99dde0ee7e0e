# SPDX-License-Identifier: Apache-2.0
"""A folder of synthetic photos with `labels.csv`, scored like photos that people took.

`python -m training.synthetic_set var/bench/synthetic --count 1000`. Half are easy, half hard;
the group of a photo is its difficulty (`easy`, `hard`) or `negative`.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from training.data import fetched, sources_of
from training.progress import ProgressBar, RichProgress, with_bar
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import draw_plan

FIRST_SEED = 900_000_000  # far from the seeds of training photos
CLUTTER = 0.2  # of the hard ones: less than in training, where clutter is what is to be learnt
EASY, HARD = (0.0, 0.4), (0.4, 1.0)  # hardness of the two halves


def write_set(
    sources: Sources,
    folder: Path,
    count: int,
    *,
    first_seed: int = FIRST_SEED,
    progress: ProgressBar | None = None,
) -> None:
    """Writes `count` photos and their labels; the same for the same sources and first seed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "group", "label"])
        for index in with_bar(range(count), "photos", progress):
            rows.writerow(_write(sources, folder, index, first_seed))


def _write(sources: Sources, folder: Path, index: int, first_seed: int) -> tuple[str, str, str]:
    photo, group = draw_photo(sources, first_seed, index)
    name = f"{index:05d}.jpg"
    (folder / name).write_bytes(photo.jpeg())
    return name, group, photo.text


def draw_photo(sources: Sources, first_seed: int, index: int) -> tuple[SyntheticPhoto, str]:
    """Photo number `index` of the set that starts at `first_seed`, and its group."""
    seed = first_seed + index
    random = np.random.default_rng(seed)
    low, high = EASY if index % 2 == 0 else HARD
    photo = render(sources, seed, draw_plan(random, float(random.uniform(low, high)), CLUTTER))
    group = "negative" if not photo.text else "easy" if index % 2 == 0 else "hard"
    return photo, group


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="of the set")
    parser.add_argument("--data", type=Path, default=Path("var/data"))
    given = parser.parse_args()
    with RichProgress() as progress:
        sources = sources_of(fetched(given.data, progress))
        write_set(sources, given.out, given.count, first_seed=given.first_seed, progress=progress)


if __name__ == "__main__":
    main()
