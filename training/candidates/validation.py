# SPDX-License-Identifier: Apache-2.0
"""How good a candidate is, on data that trained nothing and that no gate decides by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.candidates.hands import bank_of
from training.candidates.replay import replay_sources
from training.composed import compose
from training.loop import Plan
from training.progress import ProgressBar
from training.scoring import only_digits
from training.snapshot import Snapshot
from training.synthesis.line import Written
from training.synthesis.wear import draw_wear, wear
from training.synthetic_set import draw_photo
from vision import Model, load_model, read
from vision.agree import tell
from vision.classify import classify
from vision.segment import segment
from vision.strip import Strip
from vision.transcribe import transcribe

FIRST_SEED = 500_000_000  # of photos: no training, gate or benchmark draws from there
LINES = 200  # composed of crops that were held back
OLD_COUNTS = 2.0  # an old photo counts so many new lines: to forget is worse than not to learn
FEWEST = 20  # held-back crops: with less there are no new lines to tell anything


@dataclass(frozen=True, slots=True)
class Validation:
    """`score`, 0 to 1, by which the best candidate is chosen, and what it is made of."""

    score: float
    metrics: Mapping[str, float]


def validate(bundle: Path, snapshot: Snapshot, plan: Plan, progress: ProgressBar) -> Validation:
    """Reads rendered photos and lines of the held-back crops with the bundle."""
    model = load_model(bundle)
    old = _old_exact(model, plan, progress)
    new = _new_exact(model, snapshot, plan, progress)
    if new is None:
        return Validation(old, {"old_exact": old})
    score = (OLD_COUNTS * old + new) / (OLD_COUNTS + 1)
    return Validation(score, {"old_exact": old, "new_exact": new})


def _old_exact(model: Model, plan: Plan, progress: ProgressBar) -> float:
    count = plan.amounts.held_photos
    sources = replay_sources(plan)
    progress.begin("photos as before", count)
    right = 0
    for index in range(count):
        photo, _ = draw_photo(sources, FIRST_SEED, index)
        right += only_digits(read(photo.jpeg(), model).text) == only_digits(photo.text)
        progress.advance()
    return right / max(count, 1)


def _new_exact(model: Model, snapshot: Snapshot, plan: Plan, progress: ProgressBar) -> float | None:
    digits = snapshot.digits
    held = np.flatnonzero(digits.held_back & ~digits.denied & (digits.worth > 0))
    if len(held) < FEWEST:
        return None
    bank, random = bank_of(digits, held, plan.seed + 1), np.random.default_rng([plan.seed, 23])
    progress.begin("lines of new digits", LINES)
    right = 0
    for _ in range(LINES):
        right += _reads(model, wear(compose(bank, random), draw_wear(random), random))
        progress.advance()
    return right / LINES


def _reads(model: Model, line: Written) -> bool:
    """Whether both readers together tell what stands on the line."""
    strip = Strip(line.ink, np.eye(2, 3))
    lattice = segment(strip)
    told = tell(strip, lattice, classify(lattice.glyphs, model), transcribe(strip.ink, model))
    return "".join(map(str, told.values)) == line.digits
