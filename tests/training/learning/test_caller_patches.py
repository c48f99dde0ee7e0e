# SPDX-License-Identifier: Apache-2.0
"""Callers' crops become patches as the third reader sees them."""

from __future__ import annotations

import numpy as np
import pytest

from training.candidates.patches import patches_of_crops
from training.candidates.replay import old_patches
from training.glyphs import NOT_A_DIGIT
from training.loop import Plan, TakeOut
from training.progress import NullProgress
from training.snapshot import freeze
from training.snapshot.folder import Digits
from vision import load_model
from vision.classify import named
from vision.patch import PATCH_PX


@pytest.fixture
def digits(plan: Plan, takeout: TakeOut) -> Digits:
    return freeze(takeout, plan, NullProgress()).digits


def test_a_patch_shows_the_digit_of_its_crop_and_others_beside_it(digits: Digits) -> None:
    told = np.flatnonzero(~digits.denied)
    patches = patches_of_crops(digits, told, 1)
    seen = named(patches.astype(np.float32) / np.float32(255), load_model()).argmax(axis=1)
    assert (seen == digits.values[told]).mean() > 0.8
    edges = patches[:, :, [0, -1]].max(axis=(1, 2))
    assert (edges > 60).mean() > 0.3


def test_the_same_seed_cuts_the_same_patches(digits: Digits) -> None:
    rows = np.arange(len(digits))
    first, again, other = (patches_of_crops(digits, rows, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_the_replay_shows_digits_and_what_is_none(plan: Plan) -> None:
    old = old_patches(plan, NullProgress())
    assert old.images.shape[1:] == (PATCH_PX, PATCH_PX)
    assert 0 < (old.labels == NOT_A_DIGIT).mean() < 0.7
