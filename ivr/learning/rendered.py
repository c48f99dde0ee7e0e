# SPDX-License-Identifier: Apache-2.0
"""The photos of the bench: of callers, of others of the same school, and of writers as before."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from ivr.learning.bench import Bench
from ivr.learning.phases import Found
from training.data import Folders, sources_there
from training.files import write_whole
from training.pool import mapped
from training.progress import ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto
from training.synthesis.population import render_one, writers_of
from training.synthetic_set import FIRST_SEED, draw_photo

CALLERS, UNSEEN, OLD = "callers", "unseen", "old"
_FIRST_SEEDS = {CALLERS: 910_000_000, UNSEEN: 920_000_000}  # far from those of training photos
_BETWEEN = 1_000_000  # seeds of the bench: far apart, too

Draw = Callable[[int], tuple[SyntheticPhoto, str]]
"""Photo number N of a set, and its group."""


def render_sets(bench: Bench, _found: dict[str, Found], progress: ProgressBar) -> Found:
    """Write the sets that are not there yet, each a folder with labels.csv; how many photos each
    has."""
    drawn = {
        CALLERS: (bench.calls, partial(_new_photo, bench.seed, CALLERS)),
        UNSEEN: (bench.unseen, partial(_new_photo, bench.seed, UNSEEN)),
        OLD: (bench.old, partial(_old_photo, bench.data)),
    }
    for name, (count, draw) in drawn.items():
        progress.begin(f"photos: {name}", count)
        _write_set(bench.folder / name, count, draw, bench.processes, progress)
    return {name: count for name, (count, _) in drawn.items()}


def _write_set(folder: Path, count: int, draw: Draw, processes: int, progress: ProgressBar) -> None:
    """The labels last: a set that has them is whole."""
    if (folder / "labels.csv").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[str, str, str]] = []
    with mapped(processes) as several:
        for row in several(partial(_write, folder, draw), range(count)):
            rows.append(row)
            progress.advance()
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("file", "group", "label"), *rows])
    write_whole(folder / "labels.csv", table.getvalue().encode())


def _write(folder: Path, draw: Draw, number: int) -> tuple[str, str, str]:
    photo, group = draw(number)
    name = f"{number:05d}.jpg"
    (folder / name).write_bytes(photo.jpeg())
    return name, group, photo.text


def _new_photo(seed: int, name: str, number: int) -> tuple[SyntheticPhoto, str]:
    """Each of another writer of the new population; no writer is in two sets."""
    first = _FIRST_SEEDS[name] + seed * _BETWEEN
    (writer,) = writers_of(first + number, 1)
    return render_one(writer, first + number), "new"


def _old_photo(data: Path, number: int) -> tuple[SyntheticPhoto, str]:
    """As `training.synthetic_set` draws them."""
    return draw_photo(_old_sources(data), FIRST_SEED, number)


@cache
def _old_sources(data: Path) -> Sources:
    """Strokes alone where neither MNIST nor fonts were fetched."""
    return sources_there(Folders(data))
