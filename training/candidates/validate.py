# SPDX-License-Identifier: Apache-2.0
"""How good a candidate is, to choose the best by. The gate decides on other photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.candidates import replay
from training.candidates.lines import new_lines
from training.loop import Plan
from training.progress import NullProgress, ProgressBar
from training.scoring import only_digits
from training.snapshot import Digits, Snapshot
from training.synthesis.photo import SyntheticPhoto
from training.synthetic_set import draw_photo
from vision import Model, load_model, read
from vision.classify import softmax
from vision.transcribe import best_path

FIRST_SEED = 960_000_000  # of the rendered photos; far from all other sets
NEW_LINES = 400  # composed of held-back digits
FEWEST = 10  # held-back digits: lines composed of fewer would show the same ones again and again


@dataclass(frozen=True, slots=True)
class Validation:
    """`score` is what candidates are compared by, more is better; `metrics` are its parts."""

    score: float
    metrics: dict[str, float]


def validate(
    bundle: Path, snapshot: Snapshot, plan: Plan, progress: ProgressBar | None = None
) -> Validation:
    """The share of rendered photos of all kinds that are read exactly, plus that of lines of
    held-back digits: what was known counts as much as what is new."""
    bar = progress or NullProgress()
    model = load_model(bundle)
    metrics = {"photos_exact": _photos(model, plan, bar), **_digits(model, snapshot, plan, bar)}
    return Validation(metrics["photos_exact"] + metrics["new_lines_exact"], metrics)


def _photos(model: Model, plan: Plan, progress: ProgressBar) -> float:
    count = plan.amounts.held_photos
    progress.begin("rendered photos", count)
    sources = replay.sources(plan, progress)
    right = 0
    for index in range(count):
        photo, _ = draw_photo(sources, FIRST_SEED, index)
        right += _is_exact(model, photo)
        progress.advance()
    return right / max(count, 1)


def _is_exact(model: Model, photo: SyntheticPhoto) -> bool:
    return only_digits(read(photo.jpeg(), model).text) == only_digits(photo.text)


def _digits(
    model: Model, snapshot: Snapshot, plan: Plan, progress: ProgressBar
) -> dict[str, float]:
    """Of held-back digits: the share each reader has right; 0 when there are too few."""
    digits = snapshot.digits()
    held = np.flatnonzero(digits.held_back & ~digits.denied)
    if len(held) < FEWEST:
        return {"new_digits": 0.0, "new_lines_exact": 0.0}
    bank = replay.old_bank(plan, progress)
    lines = new_lines(digits, held, bank, NEW_LINES, plan.seed + 1, progress)
    exact = sum(
        _transcribed(model, lines.image(index)) == text for index, text in enumerate(lines.texts)
    )
    return {"new_digits": _named(model, digits, held), "new_lines_exact": exact / len(lines)}


def _named(model: Model, digits: Digits, held: NDArray[np.intp]) -> float:
    glyphs = digits.glyphs[held][:, None].astype(np.float32) / 255
    logits = model.digits.run(None, {"glyphs": glyphs})[0]
    return float((np.asarray(logits)[:, :10].argmax(axis=1) == digits.values[held]).mean())


def _transcribed(model: Model, image: NDArray[np.uint8]) -> str:
    assert model.lines is not None
    line = image[None, None].astype(np.float32) / 255
    logits = np.asarray(model.lines.run(None, {"line": line})[0], np.float32)
    return "".join(map(str, best_path(softmax(logits[:, 0])).values))
