# SPDX-License-Identifier: Apache-2.0
"""A small frozen set that is read in earnest, bundles that read worse, and readings made up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import vision
from training.bench.cost_photos import jpeg_of, page_of
from training.gate import FrozenSet, Limits, Verdict, judge
from training.loop import Amounts, Plan, TakeOut, TestPhoto
from training.progress import NullProgress
from vision.networks import version_of

SENT = 7  # photos of callers
DRAWN = 4
PATIENT = Limits(latency_ratio=100.0)  # how long a reading takes is no test's business


def plan_in(folder: Path, drawn: int = 0) -> Plan:
    """A plan whose folders lie in `folder`; nothing is fetched for it."""
    return Plan(
        work=folder / "work",
        champion=vision.SHIPPED,
        frozen=folder / "frozen",
        snapshots=folder / "snapshots",
        data=folder / "data",
        tracking_url="",
        artifacts=folder / "artifacts",
        drawn_only=True,
        threads=1,
        amounts=Amounts(frozen_photos=drawn),
    )


def page(seed: int) -> tuple[bytes, str]:
    """A small, clear photo of six digits, and the digits."""
    pixels, text = page_of(6, seed)
    return jpeg_of(pixels, 0.5), text


def send(takeout: TakeOut, name: str, seed: int, **other: Any) -> TestPhoto:
    """Adds the photo of `seed` to the take-out, as somebody's who keyed its digits."""
    data, text = page(seed)
    values = {"label": "keyed", "writer": f"writer {seed % 3}", "misled": False, **other}
    photo = TestPhoto(id=name, day="2026-11-22", **{"text": text, **values})
    takeout.add_photo(photo, data)
    return photo


def ensure(plan: Plan, takeout: TakeOut | None = None) -> FrozenSet:
    return FrozenSet.ensure(plan, takeout or TakeOut(plan.input), NullProgress())


def bundle_like_ours(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the bundle that ships, its card changed, true to the networks that are left."""
    shutil.copytree(vision.SHIPPED, folder)
    card = json.loads((folder / "model.json").read_text())
    change(card)
    card["version"] = card["confidence"]["networks"] = version_of(folder)
    (folder / "model.json").write_text(json.dumps(card))
    return folder


@dataclass(frozen=True, slots=True)
class Bundles:
    """`blunt` reads with the first network alone, and believes little of what it says; `eager`
    speaks plainly whatever it reads."""

    ours: Path
    blunt: Path
    eager: Path


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
    return Bundles(vision.SHIPPED, blunt, eager)


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenSet:
    """Rendered photos, and photos that callers sent, one of which once misled them."""
    plan = plan_in(tmp_path_factory.mktemp("gate"), DRAWN)
    takeout = TakeOut(plan.input)
    for seed in range(SENT):
        send(takeout, f"photo{seed}", seed, misled=seed == SENT - 1)
    return ensure(plan, takeout)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Our bundle against itself, `eager` and `blunt` against ours, and ours against `blunt`."""

    same: Verdict
    eager: Verdict
    worse: Verdict
    better: Verdict


@pytest.fixture(scope="session")
def verdicts(frozen: FrozenSet, bundles: Bundles) -> Verdicts:
    def judged(champion: Path, challenger: Path, processes: int = 1) -> Verdict:
        return judge(champion, challenger, frozen, PATIENT, processes=processes, timed=1)

    return Verdicts(
        same=judged(bundles.ours, bundles.ours, processes=2),
        eager=judged(bundles.ours, bundles.eager),
        worse=judged(bundles.ours, bundles.blunt),
        better=judged(bundles.blunt, bundles.ours),
    )
