# SPDX-License-Identifier: Apache-2.0
"""A take-out of drawn digits, and a plan that learns from it in seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.loop import Amounts, Crop, Plan, TakeOut
from training.synthesis.population import writers_of
from vision import SHIPPED

AMOUNTS = Amounts(
    old_glyphs=400,
    old_lines=64,
    old_pages=4,
    new_lines=64,
    epochs=2,
    held_photos=2,
    frozen_photos=2,
)


def crop_of(value: int, seed: int) -> bytes:
    """A PNG of one digit of a new writer, with paper around it."""
    random = np.random.default_rng(seed)
    ink = writers_of(seed, 1)[0].draw(str(value), 48, random).ink
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.3), np.flatnonzero(ink.max(axis=0) > 0.3)
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = round(0.25 * max(tight.shape))
    paper = 235 - 180 * np.pad(tight, margin)
    _, encoded = cv2.imencode(".png", cv2.cvtColor(paper.astype(np.uint8), cv2.COLOR_GRAY2BGR))
    return encoded.tobytes()


def fill(folder: Path, count: int) -> TakeOut:
    takeout = TakeOut(folder)
    for index in range(count):
        crop = Crop(f"{index:08x}", index % 10, "keyed", "2026-11-20")
        takeout.add_crop(crop, crop_of(index % 10, index))
    return takeout


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(
        work=tmp_path / "work",
        champion=SHIPPED,
        frozen=tmp_path / "frozen",
        snapshots=tmp_path / "snapshots",
        data=tmp_path / "data",
        tracking_url=f"sqlite:///{tmp_path}/tracking.db",
        artifacts=tmp_path / "artifacts",
        drawn_only=True,
        amounts=AMOUNTS,
    )


@pytest.fixture
def takeout(plan: Plan) -> TakeOut:
    return fill(plan.input, 60)
