# SPDX-License-Identifier: Apache-2.0
"""Trains one candidate, whole: both readers are taught, mixed, exported as a bundle."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from training.candidates import replay
from training.candidates.digits import Lesson, lesson_of, replayed, teach_digits
from training.candidates.lines import new_lines, teach_lines
from training.candidates.mix import mix
from training.candidates.recipes import CandidateRecipe, recipe_of
from training.candidates.screen import doubted
from training.candidates.warm import warm_digits, warm_lines
from training.cnn import DigitNet
from training.export import export_digits, export_lines, update_card
from training.files import write_whole
from training.fit import Callback, EpochEnd, Recipe
from training.loop import Plan
from training.progress import NullProgress, ProgressBar
from training.snapshot import Digits, Snapshot
from training.snapshot.worth import WORTH

OnEpoch = Callable[[int, Mapping[str, float]], None]

LEAST_WORTH = WORTH["confirmed"]  # of a digit in a composed line, where losses are not weighed


@dataclass(frozen=True, slots=True)
class _Course:
    """All that the two lessons of a candidate have in common."""

    plan: Plan
    recipe: CandidateRecipe
    folder: Path
    digits: Digits
    digest: str
    progress: ProgressBar
    on_epoch: OnEpoch

    def lesson(self, rate: float) -> Recipe:
        epochs, seed = self.plan.amounts.epochs, self.plan.seed
        return Recipe(epochs=epochs, rate=rate, seed=seed, threads=1)

    def callback(self, reader: str) -> Callback:
        """Epochs are counted over both lessons, the digit CNN's first."""
        before = 0 if reader == "digits" else self.plan.amounts.epochs

        def tell(end: EpochEnd) -> None:
            self.on_epoch(before + end.epoch, {f"loss_{reader}": end.loss})

        return tell


def train(
    name: str,
    snapshot: Snapshot,
    plan: Plan,
    out: Path,
    progress: ProgressBar | None = None,
    on_epoch: OnEpoch = lambda epoch, metrics: None,
) -> Path:
    """The bundle of candidate `name`, written to `out`; `model.json` comes last. Killed and
    started again, it goes on from its last epoch to the same bundle. Raises `ValueError` for a
    candidate that nobody knows, `OSError` for a full disk."""
    recipe = recipe_of(name)
    folder = plan.work / "candidates" / name
    folder.mkdir(parents=True, exist_ok=True)
    bar = progress or NullProgress()
    digits = snapshot.digits()
    course = _Course(plan, recipe, folder, digits, snapshot.digest, bar, on_epoch)
    old = replayed(replay.old_glyphs(plan, bar))
    chosen = _chosen(course, old)
    out.mkdir(parents=True, exist_ok=True)
    export_digits(_digit_reader(course, chosen, old), out)
    export_lines(_line_reader(course, chosen), out)
    shutil.copyfile(plan.champion / "finder.onnx", out / "finder.onnx")
    _write_card(course, name, out, len(chosen))
    return out


def _chosen(course: _Course, old: Lesson) -> NDArray[np.intp]:
    """Indices of the digits that are learnt: neither held back nor doubted. Decided once."""
    path = course.folder / "chosen.json"
    if not path.exists():
        free = np.flatnonzero(~course.digits.held_back)
        lesson = course.lesson(0.0)
        doubts = doubted(course.digits, free, course.plan.champion, old, lesson, course.progress)
        write_whole(path, json.dumps(free[~doubts].tolist()).encode())
    return np.array(json.loads(path.read_text()), np.intp)


def _digit_reader(course: _Course, chosen: NDArray[np.intp], old: Lesson) -> nn.Module:
    anew = course.recipe.anew
    taught = teach_digits(
        DigitNet() if anew else warm_digits(course.plan.champion),
        lesson_of(course.digits, chosen),
        old,
        course.lesson(course.recipe.digit_rate),
        callbacks=[course.callback("digits")],
        progress=course.progress,
        kept=course.folder / "digits.pt",
    )
    return taught if anew else mix(warm_digits(course.plan.champion), taught, course.recipe.kept)


def _line_reader(course: _Course, chosen: NDArray[np.intp]) -> nn.Module:
    plan, digits = course.plan, course.digits
    plain = chosen[(digits.worth[chosen] >= LEAST_WORTH) & ~digits.denied[chosen]]
    bank = replay.old_bank(plan, course.progress)
    lines = new_lines(digits, plain, bank, plan.amounts.new_lines, plan.seed, course.progress)
    taught = teach_lines(
        warm_lines(plan.champion),
        lines,
        replay.old_lines(plan, course.progress),
        course.lesson(course.recipe.line_rate),
        callbacks=[course.callback("lines")],
        progress=course.progress,
        kept=course.folder / "lines.pt",
    )
    return mix(warm_lines(plan.champion), taught, course.recipe.kept)


def _write_card(course: _Course, name: str, out: Path, learnt: int) -> None:
    """What the champion's card says, with the new origin. Its confidence stays, fitted on more
    photos than a retraining has time for: that it holds here, too, is for the gate to see."""
    champion = json.loads((course.plan.champion / "model.json").read_text())
    left = len(course.digits) - int(course.digits.held_back.sum()) - learnt
    origin = {
        "training_data_sha256": course.digest,
        "parent": champion["version"],
        "recipe": {"candidate": name, **asdict(course.recipe), **asdict(course.plan.amounts)},
        "learnt": {"digits": learnt, "doubted": left, "seed": course.plan.seed},
    }
    kept = {key: part for key, part in champion.items() if key != "metrics"}
    path = update_card(out, metrics={}, **{**kept, **origin})
    card = json.loads(path.read_text())
    card["confidence"]["networks"] = card["version"]
    write_whole(path, json.dumps(card, indent=2).encode())
