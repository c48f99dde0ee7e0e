# SPDX-License-Identifier: Apache-2.0
"""Builds the digit half of the bundle from nothing: `python -m training.build` (`make model`).

Fetches MNIST and the fonts, makes the synthetic glyphs, trains, calibrates, exports. Seeded: the
same seed and sizes give the same data, whose hash goes into `model.json`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from training import glyphs, mnist
from training.calibrate import calibration_error, fit_temperature
from training.cnn import DigitNet
from training.data import Folders, Size, digit_data, fetch_all, mirrors
from training.digit_training import accuracy_on_digits, logits_of, shares_right, train_digits
from training.export import export_digits, update_card
from training.fit import Recipe, keep_weights
from training.glyphs import Glyphs
from training.progress import ProgressBar, RichProgress
from vision.classify import softmax

HELD_BACK = 0.04  # share of the glyphs that only calibrates and measures


@dataclass(frozen=True, slots=True)
class Build:
    """What to build and where: the defaults are what `make model` runs.

    What was learnt by `recipe` learns on by `again`: a second, lower cycle of the rate.
    """

    data: Path = Path("var/data")
    out: Path = Path("vision/bundle")
    size: Size = field(default_factory=Size)
    recipe: Recipe = field(default_factory=lambda: Recipe(epochs=5))
    again: Recipe = field(default_factory=lambda: Recipe(epochs=3, rate=2e-3))
    start: Path | None = None


def build(chosen: Build, mirrors: list[str], progress: ProgressBar) -> dict[str, Any]:
    """Writes `digits.onnx` and `model.json`; returns the metrics."""
    folders = Folders(chosen.data)
    fetch_all(folders, mirrors, progress)
    threads = chosen.recipe.threads
    seed = chosen.recipe.seed
    every = digit_data(folders, chosen.size, seed, processes=threads, progress=progress)
    data, held = glyphs.split(every, HELD_BACK, seed)
    model: torch.nn.Module = DigitNet()
    if chosen.start is not None:
        model.load_state_dict(torch.load(chosen.start))
    keep = keep_weights(folders.root / "digits.pt")
    for recipe in (cycle for cycle in (chosen.recipe, chosen.again) if cycle.epochs):
        model = train_digits(data, recipe, start=model, callbacks=[keep], progress=progress)
    export_digits(model, chosen.out)
    metrics, temperature = evaluate(model, held, mnist.load_split(folders.mnist, "t10k"))
    update_card(
        chosen.out,
        calibration={"temperature": temperature},
        training_data_sha256=data.digest(),
        metrics=metrics,
        recipe={
            **asdict(chosen.recipe),
            "again": asdict(chosen.again),
            **asdict(chosen.size),
            "glyphs": len(data),
        },
    )
    return metrics


def evaluate(model: torch.nn.Module, held: Glyphs, test: Glyphs) -> tuple[dict[str, Any], float]:
    """Metrics on MNIST's test half and on held-back glyphs, and the fitted temperature."""
    logits = logits_of(model, held)
    temperature = fit_temperature(logits, held.labels)
    held_ece = calibration_error(softmax(logits / temperature), held.labels)
    metrics = {
        "mnist_test": round(accuracy_on_digits(logits_of(model, test), test.labels), 4),
        "held_back": shares_right(logits, held.labels),
        "held_back_ece": round(held_ece, 4),
    }
    return metrics, temperature


def _arguments() -> Build:
    usual = Build()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=usual.data, help="folder of the data")
    parser.add_argument("--out", type=Path, default=usual.out, help="bundle to write")
    parser.add_argument("--epochs", type=int, default=usual.recipe.epochs)
    parser.add_argument("--rate", type=float, default=usual.recipe.rate)
    parser.add_argument("--again", type=int, default=usual.again.epochs, help="epochs after those")
    parser.add_argument("--crops", type=int, default=usual.size.crops, help="glyphs cut from lines")
    parser.add_argument("--photos", type=int, default=usual.size.photos, help="photos cut up")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    given = parser.parse_args()
    return Build(
        data=given.data,
        out=given.out,
        size=Size(crops=given.crops, photos=given.photos),
        recipe=Recipe(epochs=given.epochs, rate=given.rate, seed=given.seed, threads=given.threads),
        again=replace(usual.again, epochs=given.again, seed=given.seed, threads=given.threads),
        start=given.start,
    )


def run(job: Callable[[list[str], ProgressBar], dict[str, Any]]) -> None:
    """Does a build with the environment's mirrors and a bar on standard error; says its metrics."""
    with RichProgress() as progress:
        metrics = job(mirrors(), progress)
    print(metrics)


def main() -> None:
    run(partial(build, _arguments()))


if __name__ == "__main__":
    main()
