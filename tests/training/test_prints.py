# SPDX-License-Identifier: Apache-2.0
"""What tells print from handwriting: what it learns from, that it learns, and what it is for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from exported import assert_serves_as_trained

from training.export import export_prints
from training.finder_pages import FinderPage, page_of
from training.fit import Recipe
from training.patch_batches import Patches
from training.print_net import PrintNet
from training.print_training import shares_told, train_prints
from training.prints import MOST_A_PAGE, Maker, print_plan, prints_of, worn
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan
from vision import Model, load_model
from vision.finder import Mark
from vision.printed import SIDE_PX

PLAIN = Plan(texts=("482915", "7306"), hardness=0.0)
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def patches(sources: Sources, model: Model, plan: Plan, seed: int) -> Patches:
    random = np.random.default_rng(seed)
    return prints_of(page_of(render(sources, seed, plan), random), model, random)


def test_most_pages_have_print() -> None:
    plans = [print_plan(seed) for seed in range(200)]
    with_print = sum(plan.printed or any(plan.prints) for plan in plans)
    assert 100 < with_print < 190


def typed(seed: int) -> FinderPage:
    """A page of digits that a machine drew."""
    random = np.random.default_rng(seed)
    contrast = np.zeros((160, 420), np.uint8)
    text = "".join(str(digit) for digit in random.integers(0, 10, 8))
    scale, font = float(random.uniform(1.2, 2.0)), int(random.choice(FONTS))
    cv2.putText(contrast, text, (20, 100), font, scale, 230, 3, cv2.LINE_AA)
    classes = np.where(contrast[::2, ::2] > 80, np.uint8(Mark.PRINTED), np.uint8(0))
    return FinderPage(contrast, classes, np.zeros((0, 6), np.float32))


def test_each_detected_digit_is_its_makers(sources: Sources, model: Model) -> None:
    images, by_hand = patches(sources, model, PLAIN, 5)
    _, printed = prints_of(typed(5), model, np.random.default_rng(5))
    assert images.shape[1:] == (SIDE_PX, SIDE_PX)
    assert set(by_hand.tolist()) == {Maker.HAND}
    assert set(printed.tolist()) == {Maker.PRINTER}
    assert len(by_hand) == len(images) > 6


def test_no_page_gives_more_than_its_share(sources: Sources, model: Model) -> None:
    crowded = Plan(texts=("12345678901234",) * 6, hardness=0.0)
    assert len(patches(sources, model, crowded, 9)[1]) == MOST_A_PAGE


def test_worn_patches_are_still_patches(sources: Sources, model: Model) -> None:
    images, _ = patches(sources, model, PLAIN, 5)
    seen = worn(images, np.random.default_rng(1))
    assert seen.shape == (len(images), 1, SIDE_PX, SIDE_PX)
    assert seen.min() >= 0 and seen.max() <= 1
    assert np.abs(seen[:, 0] - images / 255).mean() < 0.1


def test_training_teaches_what_print_is(sources: Sources, model: Model) -> None:
    random = np.random.default_rng(3)
    made = [patches(sources, model, PLAIN, seed) for seed in range(30)]
    made += [prints_of(typed(seed), model, random) for seed in range(60)]
    images, makers = (np.concatenate(part) for part in zip(*made, strict=True))
    learnt = train_prints((images, makers), Recipe(epochs=12, rate=3e-3, average=0.8, threads=1))
    shares = shares_told(learnt, (images, makers))
    assert shares["hand"] > 0.7
    assert shares["printer"] > 0.7


def test_the_exported_network_gives_what_the_trained_one_gave(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = PrintNet().eval()
    assert_serves_as_trained(net, export_prints(net, tmp_path), SIDE_PX)
