# SPDX-License-Identifier: Apache-2.0
"""What the third reader learns from, and that it learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from exported import assert_serves_as_trained

from training.cnn import DigitNet
from training.export import export_patches
from training.finder_pages import FinderPage, page_of
from training.fit import Recipe
from training.glyphs import NOT_A_DIGIT
from training.patch_training import cut, shares_right, train_patches
from training.patches import MOST_A_PAGE, patches_of, patches_of_line, worn
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan
from vision.patch import PATCH_PX


@pytest.fixture(scope="module")
def pages(sources: Sources) -> list[FinderPage]:
    random = np.random.default_rng(4)
    plans = (Plan(texts=("482915",), hardness=0.0), Plan(texts=("7306",), hardness=0.0, boxed=True))
    return [page_of(render(sources, 3 + i, plan), random) for i, plan in enumerate(plans)]


def test_every_digit_of_a_page_is_cut_out_under_its_name(pages: list[FinderPage]) -> None:
    for page, text in zip(pages, ("482915", "7306"), strict=True):
        draws = [patches_of(page, np.random.default_rng(seed))[1] for seed in range(20)]
        named = np.bincount(np.concatenate(draws), minlength=11)
        assert {str(value) for value in np.flatnonzero(named[:NOT_A_DIGIT])} == set(text)
        assert named[NOT_A_DIGIT] > 0


def test_a_digit_fills_its_patch_and_stands_in_the_middle(pages: list[FinderPage]) -> None:
    images, names = patches_of(pages[0], np.random.default_rng(1))
    digits = images[names != NOT_A_DIGIT]
    assert digits.shape[1:] == (PATCH_PX, PATCH_PX)
    middle = digits[:, 6:26, 6:26].mean()
    assert middle > 2 * digits[:, :3].mean() and middle > 2 * digits[:, -3:].mean()


def test_no_page_gives_more_than_its_share(sources: Sources) -> None:
    crowded = Plan(texts=("12345678901234",) * 6, hardness=0.0)
    page = page_of(render(sources, 9, crowded), np.random.default_rng(1))
    assert len(patches_of(page, np.random.default_rng(1))[0]) == MOST_A_PAGE


def test_drawn_lines_give_patches_too(sources: Sources) -> None:
    random = np.random.default_rng(2)
    names = np.concatenate([patches_of_line(sources, random)[1] for _ in range(60)])
    assert len(np.unique(names)) == 11


def test_worn_patches_are_still_patches(pages: list[FinderPage]) -> None:
    images, _ = patches_of(pages[0], np.random.default_rng(1))
    seen = worn(images, np.random.default_rng(1))
    assert seen.shape == (len(images), 1, PATCH_PX, PATCH_PX)
    assert seen.min() >= 0 and seen.max() <= 1
    assert np.abs(seen[:, 0] - images / 255).mean() < 0.1


def test_training_teaches_the_third_reader(pages: list[FinderPage], sources: Sources) -> None:
    recipe = Recipe(epochs=1, rate=5e-3, average=0.8, threads=1)
    held = cut(pages, sources, 20, np.random.default_rng(8))
    learnt = train_patches(pages, sources, recipe, steps=60, lines=150)
    again = train_patches(pages, sources, recipe, steps=1, lines=20)
    assert shares_right(learnt, held)["digits"] > shares_right(again, held)["digits"] + 0.2


def test_the_exported_third_reader_gives_what_the_trained_one_gave(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = DigitNet(side=PATCH_PX).eval()
    assert_serves_as_trained(model, export_patches(model, tmp_path), PATCH_PX)
