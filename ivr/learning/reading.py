# SPDX-License-Identifier: Apache-2.0
"""Every set of photos, read with one bundle."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import vision
from ivr.learning.bench import Bench
from ivr.learning.phases import Found
from ivr.learning.rendered import OLD, UNSEEN
from training.pool import mapped
from training.progress import ProgressBar
from training.scoring import Labelled, Outcome, answer_of, measure, read_labels

PHOTOS = "photos"  # that people took

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
    rows: list[Row] = []
    with mapped(processes) as several:
        for outcome in several(partial(_read, bundle), photos):
            rows.append(_row(outcome))
            progress.advance()
    return rows


def _read(bundle: Path, photo: Labelled) -> Outcome:
    model = _model(bundle)
    (outcome,) = measure([photo], lambda data: answer_of(vision.read(data, model)))
    return outcome


@cache
def _model(bundle: Path) -> vision.Model:
    return vision.load_model(bundle)


def _row(outcome: Outcome) -> Row:
    return {
        "file": Path(outcome.file).name,
        "group": outcome.group,
        "exact": outcome.exact,
        "sure": outcome.sure,
        "silent": outcome.silent_error,
    }
