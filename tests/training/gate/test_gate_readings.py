# SPDX-License-Identifier: Apache-2.0
"""What was read is kept, and not read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gate_photos import Bundles, ensure, plan_in, send

from training.gate import FrozenSet
from training.gate.readings import digest_of, outcomes_of, preprocessing, prune
from training.loop import TakeOut
from training.progress import NullProgress


class Counted(NullProgress):
    """Counts the photos that are read one by one, after those that were there at once."""

    def __init__(self) -> None:
        self.steps: list[int] = []

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.steps.append(steps)


@pytest.fixture
def small(tmp_path: Path) -> FrozenSet:
    plan = plan_in(tmp_path)
    takeout = TakeOut(plan.input)
    for seed in (1, 3):
        send(takeout, f"photo{seed}", seed)
    return ensure(plan, takeout)


def read(frozen: FrozenSet, bundle: Path) -> tuple[list[str], list[int]]:
    progress = Counted()
    outcomes = outcomes_of(bundle, frozen, 1, progress)
    return [outcome.text for outcome in outcomes], progress.steps


def test_a_photo_is_read_once(small: FrozenSet, bundles: Bundles) -> None:
    texts, steps = read(small, bundles.ours)
    assert texts == [photo.text for photo in small.photos]
    assert steps == [0, 1, 1]
    assert read(small, bundles.ours) == (texts, [2])


def test_a_run_that_was_broken_off_in_mid_line_goes_on(small: FrozenSet, bundles: Bundles) -> None:
    texts, _ = read(small, bundles.ours)
    kept = next(small.readings.iterdir())
    kept.write_text(kept.read_text()[:-20])
    assert read(small, bundles.ours) == (texts, [1, 1])


def test_thresholds_set_anew_are_another_bundle(bundles: Bundles) -> None:
    """The networks, and so the version, are the same."""
    cards = [json.loads((b / "model.json").read_text()) for b in (bundles.ours, bundles.eager)]
    assert cards[0]["version"] == cards[1]["version"]
    assert digest_of(bundles.ours) != digest_of(bundles.eager)


def test_readings_of_bundles_that_are_gone_are_dropped(small: FrozenSet, bundles: Bundles) -> None:
    read(small, bundles.ours)
    here = preprocessing()[:16]
    (small.readings / f"0123456789abcdef-{here}.jsonl").write_text("")
    prune(small, (bundles.ours, bundles.eager))
    left = [path.name for path in small.readings.iterdir()]
    assert left == [f"{digest_of(bundles.ours)[:16]}-{here}.jsonl"]
