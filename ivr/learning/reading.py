# SPDX-License-Identifier: Apache-2.0
"""Every set of photos, read with one bundle."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import cv2

import vision
from ivr.learning.bench import Bench
from ivr.learning.phases import Found
from ivr.learning.rendered import OLD, UNSEEN
from training.progress import ProgressBar
from training.scoring import Labelled, Outcome, answer_of, measure, read_labels

PHOTOS = "photos"  # that people took
_PART = 10

Row = Mapping[str, Any]
"""One photo: file, group, whether it was read exact, sure, wrong though sure."""


def read_sets(bench: Bench, bundle: Path, progress: ProgressBar) -> Found:
    """What `bundle` makes of each set, photo by photo, without any digits."""
    sets = {UNSEEN: bench.folder / UNSEEN, OLD: bench.folder / OLD}
    if bench.photos is not None:
        sets[PHOTOS] = bench.photos
    read = {
        name: _read_set(name, folder, bundle, bench.processes, progress)
        for name, folder in sets.items()
    }
    return {"bundle": vision.load_model(bundle).version, "sets": read}


def _read_set(
    name: str, folder: Path, bundle: Path, processes: int, progress: ProgressBar
) -> list[Row]:
    photos = read_labels(folder)
    progress.begin(f"read: {name}", len(photos))
    spawned = multiprocessing.get_context("spawn")
    parts = [photos[start : start + _PART] for start in range(0, len(photos), _PART)]
    rows: list[Row] = []
    with ProcessPoolExecutor(processes, mp_context=spawned) as pool:
        for outcomes in pool.map(_read_part, [bundle] * len(parts), parts):
            rows += map(_row, outcomes)
            progress.advance(len(outcomes))
    return rows


def _read_part(bundle: Path, photos: Sequence[Labelled]) -> list[Outcome]:
    model = _model(bundle)
    return list(measure(photos, lambda data: answer_of(vision.read(data, model))))


@cache
def _model(bundle: Path) -> vision.Model:
    cv2.setNumThreads(1)  # as in the workers: a process a core
    return vision.load_model(bundle)


def _row(outcome: Outcome) -> Row:
    return {
        "file": Path(outcome.file).name,
        "group": outcome.group,
        "exact": outcome.exact,
        "sure": outcome.sure,
        "silent": outcome.silent_error,
    }
