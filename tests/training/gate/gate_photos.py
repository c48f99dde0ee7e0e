# SPDX-License-Identifier: Apache-2.0
"""Plans, photos and bundles that a gate can be tried with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vision
from training.bench.cost_photos import jpeg_of, page_of
from training.gate import FrozenSet, Limits, Verdict
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


def miskeyed(seed: int) -> str:
    """The digits of that page as somebody keyed them whose finger slipped on the first."""
    _, text = page(seed)
    return str((int(text[0]) + 1) % 10) + text[1:]


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
    speaks plainly whatever it reads, `shy` nothing."""

    ours: Path
    blunt: Path
    eager: Path
    shy: Path


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Ours against itself, `eager` against `shy`, `blunt` against ours, ours against `blunt`."""

    same: Verdict
    eager: Verdict
    worse: Verdict
    better: Verdict
