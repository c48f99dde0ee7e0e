# SPDX-License-Identifier: Apache-2.0
"""How a reading bears that the same photo is taken otherwise (`training.bench.changes`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import vision
from training.bench.boxed import BOXED, Lines
from training.bench.changes import CHANGES
from training.pool import mapped
from training.progress import NullProgress, ProgressBar
from training.scoring import Answer, Labelled, Outcome, answer_of, measure, read_labels
from training.synthesis.camera import compress

NAMES = (*CHANGES, *BOXED)
QUALITY = 85  # of the JPEG that is read


@dataclass(frozen=True, slots=True)
class Borne:
    """What became of photos under one change. `digits` are those with digits on them, `others`
    those without; the counts of each are photos, exact, sure, and sure though wrong."""

    change: str
    digits: tuple[int, int, int, int]
    others: tuple[int, int, int, int]

    def as_dict(self) -> dict[str, Any]:
        names = "photos", "exact", "sure", "silent_errors"
        groups = {"digits": self.digits, "no_digits": self.others}
        counts = {name: dict(zip(names, group, strict=True)) for name, group in groups.items()}
        return {"change": self.change, **counts}


def measure_changed(
    folder: Path, groups: Sequence[str], processes: int, *, progress: ProgressBar | None = None
) -> list[Borne]:
    """Every photo of the `groups` that `labels.csv` in `folder` names (of all, for none), read as
    it is and under every change. Raises `FileNotFoundError` without such a file."""
    photos = [one for one in read_labels(folder) if not groups or one.group in groups]
    progress = progress or NullProgress()
    progress.begin("photos", len(photos))
    read: dict[str, list[Outcome]] = {name: [] for name in NAMES}
    with mapped(processes) as several:
        for outcomes in several(_under_each, photos):
            for name, outcome in outcomes.items():
                read[name].append(outcome)
            progress.advance()
    return [_borne(name, outcomes) for name, outcomes in read.items()]


def _borne(change: str, outcomes: Sequence[Outcome]) -> Borne:
    digits = [outcome for outcome in outcomes if outcome.label]
    return Borne(change, _counts(digits), _counts([one for one in outcomes if not one.label]))


def _counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int, int]:
    exact, sure = sum(one.exact for one in outcomes), sum(one.sure for one in outcomes)
    return len(outcomes), exact, sure, sum(one.silent_error for one in outcomes)


def _under_each(photo: Labelled) -> dict[str, Outcome]:
    return {name: next(measure([photo], partial(_read, name))) for name in NAMES}


def _read(change: str, data: bytes) -> Answer:
    photo = vision.decode_photo(data)
    if not isinstance(photo, vision.Photo):
        return answer_of(vision.read(data, _model()))
    pixels = CHANGES[change](photo.pixels) if change in CHANGES else _boxed(change, data, photo)
    sent = compress(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8), QUALITY)
    return answer_of(vision.read(sent, _model()))


def _boxed(change: str, data: bytes, photo: vision.Photo) -> vision.Pixels:
    """The photo, upright, with boxes where its digits are read."""
    found = _as_it_is(data)
    lines: Lines = [
        [vision.Box(*(round(value / photo.shrink) for value in digit.box)) for digit in line.digits]
        for line in found.lines
    ]
    return BOXED[change](np.ascontiguousarray(photo.turned(found.rotation // 90).pixels), lines)


@lru_cache(maxsize=1)
def _as_it_is(data: bytes) -> vision.Reading:
    """What is read on the photo at hand: each of several forms is drawn around that."""
    return vision.read(data, _model())


_model = cache(vision.load_model)  # once in each process
