# SPDX-License-Identifier: Apache-2.0
"""A frozen take-out: the same data, the same digest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.learning.conftest import crop_of, fill
from training.loop import Crop, Plan, TakeOut
from training.progress import NullProgress
from training.snapshot import Snapshot, freeze
from training.snapshot.worth import WORTH, worth_of
from vision import load_model
from vision.classify import classify


def test_frozen_twice_it_has_the_same_digest(plan: Plan, takeout: TakeOut, tmp_path: Path) -> None:
    first = freeze(takeout, plan, NullProgress())
    again = freeze(fill(tmp_path / "again", 60), plan, NullProgress())
    assert first.digest == again.digest
    assert [path.name for path in plan.snapshots.iterdir()] == [first.digest]


def test_another_label_is_another_digest(plan: Plan, takeout: TakeOut) -> None:
    before = freeze(takeout, plan, NullProgress())
    takeout.add_crop(Crop("f" * 8, 3, "spoken", "2026-11-21"), crop_of(3, 3))
    assert freeze(takeout, plan, NullProgress()).digest != before.digest


def test_the_manifest_counts(plan: Plan, takeout: TakeOut) -> None:
    takeout.add_crop(Crop("e" * 8, 3, "spoken", "2026-11-21"), b"no picture")
    manifest = freeze(takeout, plan, NullProgress()).manifest
    assert manifest["left_out"] == 1
    assert manifest["crops"] == 60
    assert manifest["labels"] == {"keyed": 60}
    assert manifest["digits"] == {str(digit): 6 for digit in range(10)}
    assert manifest["days"] == {"2026-11-20": 60}


def test_a_changed_folder_is_refused(plan: Plan, takeout: TakeOut) -> None:
    folder = freeze(takeout, plan, NullProgress()).folder
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"crops": 60', '"crops": 61'))
    with pytest.raises(ValueError, match="not what its name says"):
        Snapshot.open(folder)


def test_the_crops_become_glyphs_that_the_reader_knows(plan: Plan, takeout: TakeOut) -> None:
    digits = freeze(takeout, plan, NullProgress()).digits
    plain = np.isin(digits.values, (0, 2, 3, 5, 6, 8))
    read = classify(digits.glyphs[plain].astype(np.float32) / 255, load_model()).argmax(axis=1)
    assert (read == digits.values[plain]).mean() > 0.85


def test_labels_are_worth_less_the_less_their_caller_knew() -> None:
    order = [worth_of(label) for label in ("keyed", "spoken", "confirmed", "unverified", "denied")]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == len(WORTH)
    assert worth_of("rumoured") == 0
