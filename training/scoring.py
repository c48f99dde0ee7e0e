# SPDX-License-Identifier: Apache-2.0
"""How well a reader reads a folder of labelled photos. No torch: `sonsori bench` uses it.

The folder holds `labels.csv` with at least `file`, `group` and `label`; `|` in a label parts
lines, a space parts groups within a line, and neither counts when texts are compared.
"""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.progress import NullProgress, ProgressBar
from vision.reading import Reading

Read = Callable[[bytes], Reading]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photo of the folder and what a careful person reads in it."""

    path: Path
    group: str
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one photo: the reader's digits against the label's, time in ms."""

    file: str
    group: str
    label: str
    text: str
    sure: bool
    confidence: float
    problems: tuple[str, ...]
    ms: float

    @property
    def exact(self) -> bool:
        """All digits right and in order; for a photo without digits: none read."""
        return only_digits(self.text) == only_digits(self.label)

    @property
    def edits(self) -> int:
        """Digits to insert, delete or change to get from the reading to the label."""
        return distance(only_digits(self.text), only_digits(self.label))

    @property
    def silent_error(self) -> bool:
        """Spoken plainly and wrong: the worst that can happen to a caller."""
        return self.sure and not self.exact


def only_digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]


def read_labels(folder: Path) -> list[Labelled]:
    """The photos that `labels.csv` names. Raises `FileNotFoundError` when there is none."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return [
            Labelled(folder / row["file"], row["group"], row["label"])
            for row in csv.DictReader(file)
        ]


def measure(
    photos: Sequence[Labelled], read: Read, *, progress: ProgressBar | None = None
) -> list[Outcome]:
    """Reads every photo once, one after the other. Reading the file is not in the time."""
    progress = progress or NullProgress()
    progress.begin("photos", len(photos))
    outcomes = []
    for photo in photos:
        data = photo.path.read_bytes()
        start = time.perf_counter()
        reading = read(data)
        ms = (time.perf_counter() - start) * 1000
        outcomes.append(_outcome(photo, reading, ms))
        progress.advance(1, photo.path.name)
    return outcomes


def score_folder(
    folder: Path, read: Read, *, progress: ProgressBar | None = None
) -> dict[str, Any]:
    """The JSON of `sonsori bench photos`."""
    return summarise(measure(read_labels(folder), read, progress=progress))


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts over all photos and over each group, and what reading cost."""
    groups = dict.fromkeys(outcome.group for outcome in outcomes)
    times = [outcome.ms for outcome in outcomes] or [0.0]
    return {
        **_counts(outcomes),
        "groups": {name: _counts([o for o in outcomes if o.group == name]) for name in groups},
        "ms": {
            "p50": round(float(np.percentile(times, 50)), 1),
            "p95": round(float(np.percentile(times, 95)), 1),
        },
        "photos_per_second": round(1000 * len(outcomes) / max(sum(times), 1e-9), 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def risk_coverage(outcomes: Iterable[Outcome]) -> list[tuple[float, float]]:
    """(coverage, risk) when only the most confident photos are answered, one more each step.

    Risk is the share of answered photos that are wrong, coverage the share answered.
    """
    ranked = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    wrong, curve = 0, []
    for answered, outcome in enumerate(ranked, 1):
        wrong += not outcome.exact
        curve.append((answered / len(ranked), wrong / answered))
    return curve


def _outcome(photo: Labelled, reading: Reading, ms: float) -> Outcome:
    return Outcome(
        file=photo.path.name,
        group=photo.group,
        label=photo.label,
        text=reading.text,
        sure=reading.sure,
        confidence=reading.confidence,
        problems=tuple(str(problem) for problem in reading.problems),
        ms=ms,
    )


def _counts(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    digits = sum(len(only_digits(outcome.label)) for outcome in outcomes)
    edits = sum(outcome.edits for outcome in outcomes)
    return {
        "photos": len(outcomes),
        "exact": sum(outcome.exact for outcome in outcomes),
        "cer": round(edits / digits, 4) if digits else None,
        "sure": sum(outcome.sure for outcome in outcomes),
        "silent_errors": sum(outcome.silent_error for outcome in outcomes),
    }
