# SPDX-License-Identifier: Apache-2.0
"""How well a reader reads a folder of labelled photos. No torch: `sonsori bench` uses it.

The folder holds `labels.csv` with at least `file`, `group` and `label`; `|` in a label parts
lines, a space parts groups within a line, and neither counts when texts are compared.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.alignment import distance

if TYPE_CHECKING:  # to score needs none of what reading loads
    from vision import Reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What some reader says of a photo: `sure` when it would be spoken plainly, `confidence`
    (0 to 1) that all of it is right, `digit_p` for each digit of `text`, or empty."""

    text: str
    sure: bool
    confidence: float
    problems: tuple[str, ...] = ()
    digit_p: tuple[float, ...] = ()


Read = Callable[[bytes], Answer]


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
    digit_p: tuple[float, ...] = ()

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


def read_labels(folder: Path) -> list[Labelled]:
    """The photos that `labels.csv` names. Raises `FileNotFoundError` when there is none."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return [
            Labelled(folder / row["file"], row["group"], row["label"])
            for row in csv.DictReader(file)
        ]


def answer_of(reading: Reading) -> Answer:
    """Sonsori's own reading, as an answer to be scored."""
    return Answer(
        reading.text,
        reading.sure,
        reading.confidence,
        tuple(str(problem) for problem in reading.problems),
        tuple(digit.p for digit in reading.digits),
    )


def measure(photos: Sequence[Labelled], read: Read) -> Iterator[Outcome]:
    """Reads every photo once, one after the other. Reading the file is not in the time."""
    for photo in photos:
        data = photo.path.read_bytes()
        start = time.perf_counter()
        answer = read(data)
        yield _outcome(photo, answer, (time.perf_counter() - start) * 1000)


def summarise(outcomes: Sequence[Outcome], peak_rss_mb: float) -> dict[str, Any]:
    """The JSON of `sonsori bench photos`: counts over all photos and over each group, and what
    reading cost."""
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
        "peak_rss_mb": round(peak_rss_mb, 1),
    }


def _outcome(photo: Labelled, answer: Answer, ms: float) -> Outcome:
    return Outcome(
        file=str(photo.path),
        group=photo.group,
        label=photo.label,
        text=answer.text,
        sure=answer.sure,
        confidence=answer.confidence,
        problems=answer.problems,
        ms=ms,
        digit_p=answer.digit_p,
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
