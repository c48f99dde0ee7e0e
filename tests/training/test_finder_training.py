# SPDX-License-Identifier: Apache-2.0
"""The finder's data and training, on few and small pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from training import finder_pages
from training.export import export_finder
from training.finder_net import FinderNet
from training.finder_pages import FinderPage, make_pages, page_of, rich_plan
from training.finder_training import WINDOW_PX, draw_window, overlaps, train_finder
from training.fit import Recipe
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan, draw_plan
from vision.finder import Mark


@pytest.fixture(scope="module")
def pages(sources: Sources) -> list[FinderPage]:
    plan = Plan(texts=("482915",), hardness=0.0)
    random = np.random.default_rng(4)
    return [page_of(render(sources, seed, plan), random) for seed in (3, 4)]


def test_a_page_is_dark_where_its_truth_says_ink(pages: list[FinderPage]) -> None:
    for page in pages:
        height, width = page.contrast.shape
        ink = page.classes.repeat(2, axis=0).repeat(2, axis=1)[:height, :width] > 0
        assert page.contrast[ink].mean() > 5 * page.contrast[~ink].mean()


def test_a_seed_gives_the_same_pages_again(sources: Sources) -> None:
    once, again = (make_pages(sources, range(7, 9)) for _ in range(2))
    assert finder_pages.digest(once) == finder_pages.digest(again)
    assert finder_pages.digest(once) != finder_pages.digest(make_pages(sources, range(8, 10)))


def test_rich_plans_hold_more_of_what_is_rare() -> None:
    usual = [draw_plan(np.random.default_rng(seed)) for seed in range(300)]
    rich = [rich_plan(seed) for seed in range(300)]
    for kind in ("printed", "flourish", "boxed"):
        assert sum(getattr(p, kind) for p in rich) > 2 * sum(getattr(p, kind) for p in usual)
    assert any(not plan.texts for plan in rich)


def test_pages_come_back_as_they_were_saved(pages: list[FinderPage], tmp_path: Path) -> None:
    path = tmp_path / "made" / "pages.npz"
    finder_pages.save(pages, path)
    assert finder_pages.digest(finder_pages.load(path)) == finder_pages.digest(pages)
    assert [found.name for found in path.parent.iterdir()] == ["pages.npz"]


def test_a_window_shows_what_its_classes_tell(pages: list[FinderPage]) -> None:
    random = np.random.default_rng(1)
    windows = [draw_window(pages[0], random) for _ in range(20)]
    for seen, classes in windows:
        assert seen.shape == (WINDOW_PX, WINDOW_PX)
        assert classes.shape == (WINDOW_PX // 2, WINDOW_PX // 2)
        assert seen.min() >= 0 and seen.max() <= 1
    ink = np.concatenate([seen[::2, ::2][classes > 0] for seen, classes in windows])
    bare = np.concatenate([seen[::2, ::2][classes == 0] for seen, classes in windows])
    assert ink.mean() > 4 * bare.mean()


def test_training_teaches_the_finder_where_digits_are(pages: list[FinderPage]) -> None:
    recipe = Recipe(epochs=1, rate=6e-3, warm_share=0.2, average=0.7, threads=1)
    torch.manual_seed(0)
    untrained = overlaps(FinderNet((8, 8, 8, 8, 8)), pages, windows=16)
    model = train_finder(pages, recipe, windows=160, start=FinderNet((8, 8, 8, 8, 8)))
    assert overlaps(model, pages, windows=16)["handwritten"] > untrained["handwritten"] + 0.1


def test_the_exported_finder_gives_what_the_trained_one_gave(tmp_path: Path) -> None:
    import onnxruntime

    torch.manual_seed(0)
    model = FinderNet((8, 8, 8, 8, 8)).eval()
    served = onnxruntime.InferenceSession(export_finder(model, tmp_path))
    seen = torch.rand(1, 1, 96, 160)
    with torch.no_grad():
        own = model(seen).numpy()
    logits = served.run(None, {"contrast": seen.numpy()})[0]
    assert logits.shape == (1, len(Mark), 48, 80)
    np.testing.assert_allclose(logits, own, atol=1e-4)
