# SPDX-License-Identifier: Apache-2.0
"""A small frozen set that is read in earnest, bundles that read worse, and readings made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gate_photos import (
    DRAWN,
    PATIENT,
    SENT,
    Bundles,
    Verdicts,
    bundle_like_ours,
    ensure,
    miskeyed,
    plan_in,
    send,
)

import vision
from training.gate import FrozenSet, Verdict, judge
from training.loop import TakeOut
from vision.networks import version_of


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    folder = tmp_path_factory.mktemp("bundles")
    blunt = bundle_like_ours(
        folder / "blunt", lambda card: card["calibration"].update(temperature=40.0)
    )
    (blunt / "lines.onnx").unlink()
    card = json.loads((blunt / "model.json").read_text())
    card["version"] = card["confidence"]["networks"] = version_of(blunt)
    (blunt / "model.json").write_text(json.dumps(card))
    eager = bundle_like_ours(folder / "eager", lambda card: card.update(thresholds={"sure": 1e-9}))
    shy = bundle_like_ours(folder / "shy", lambda card: card.update(thresholds={"sure": 2.0}))
    return Bundles(vision.SHIPPED, blunt, eager, shy)


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenSet:
    """Rendered photos, and photos that callers sent, one of which once misled them."""
    plan = plan_in(tmp_path_factory.mktemp("gate"), DRAWN)
    takeout = TakeOut(plan.input)
    for seed in range(SENT):
        send(takeout, f"photo{seed}", seed, misled=seed == SENT - 1)
    return ensure(plan, takeout)


@pytest.fixture(scope="session")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> FrozenSet:
    """Photos on one of which no model can be right: its digits were keyed wrong."""
    plan = plan_in(tmp_path_factory.mktemp("slipped"))
    takeout = TakeOut(plan.input)
    for seed in range(3):
        send(takeout, f"photo{seed}", seed)
    send(takeout, "slipped", 3, text=miskeyed(3))
    return ensure(plan, takeout)


@pytest.fixture(scope="session")
def verdicts(frozen: FrozenSet, slipped: FrozenSet, bundles: Bundles) -> Verdicts:
    def judged(champion: Path, challenger: Path, processes: int = 1) -> Verdict:
        return judge(champion, challenger, frozen, PATIENT, processes=processes, timed=1)

    return Verdicts(
        same=judged(bundles.ours, bundles.ours, processes=2),
        eager=judge(bundles.shy, bundles.eager, slipped, PATIENT, processes=1, timed=1),
        worse=judged(bundles.ours, bundles.blunt),
        better=judged(bundles.blunt, bundles.ours),
    )
