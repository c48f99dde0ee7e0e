# SPDX-License-Identifier: Apache-2.0
"""The finder's data and training, on few and small pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from training import finder_pages
from training.candidates.warm import load_finder
from training.export import export_finder
from training.finder_net import FINE, FinderNet
from training.finder_pages import FinderPage, make_pages, page_of, rich_plan
from training.finder_targets import targets_of
from training.finder_training import WINDOW_PX, draw_batch, draw_window, overlaps, train_finder
from training.fit import Recipe
from training.synthesis.characters import Sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan, draw_plan
from vision import SHIPPED, load_model
from vision.detect import UNIT_PX
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
    for seen, classes, _ in windows:
        assert seen.shape == (WINDOW_PX, WINDOW_PX)
        assert classes.shape == (WINDOW_PX // 2, WINDOW_PX // 2)
        assert seen.min() >= 0 and seen.max() <= 1
    ink = np.concatenate([seen[::2, ::2][classes > 0] for seen, classes, _ in windows])
    bare = np.concatenate([seen[::2, ::2][classes == 0] for seen, classes, _ in windows])
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
        own = [answer.numpy() for answer in model(seen)]
    logits, spots = served.run(None, {"contrast": seen.numpy()})
    assert logits.shape == (1, len(Mark), 48, 80) and spots.shape == (1, FINE + 2, 24, 40)
    np.testing.assert_allclose(logits, own[0], atol=1e-4)
    np.testing.assert_allclose(spots, own[1], atol=1e-4)


def test_a_page_boxes_the_digits_of_its_number(pages: list[FinderPage]) -> None:
    for page in pages:
        assert page.digits[:, 4].tolist() == [4, 8, 2, 9, 1, 5]
        for x, y, w, h in page.digits[:, :4].astype(int):
            inside = page.contrast[max(y, 0) : y + h, max(x, 0) : x + w]
            assert inside.max() > 3 * max(float(page.contrast.mean()), 1)


def test_a_photo_that_lies_on_its_side_makes_an_upright_page(sources: Sources) -> None:
    plan = Plan(texts=("4829157301",), hardness=0.9)
    photos = (render(sources, seed, plan) for seed in range(40, 80))
    turned = next(photo for photo in photos if photo.quarter_turns % 2 and photo.lines)
    page = page_of(turned, np.random.default_rng(1))
    assert np.ptp(page.digits[:, 0]) > np.ptp(page.digits[:, 1])


def test_a_window_moves_the_middles_of_digits_along(pages: list[FinderPage]) -> None:
    random = np.random.default_rng(3)
    tops = 0
    for _ in range(20):
        _, classes, targets = draw_window(pages[0], random)
        for row, column in np.argwhere(targets.middles == 1):
            around = classes[max(row - 12, 0) : row + 13, max(column - 12, 0) : column + 13]
            tops += 1
            assert (around == Mark.HANDWRITTEN).any()
    assert tops > 20


def box(*places: tuple[float, float, float, float]) -> NDArray[np.float32]:
    return np.array(places, np.float32).reshape(-1, 4)


BARE = np.zeros((160, 160), np.uint8)


def test_each_digit_has_one_middle_and_its_size_there() -> None:
    targets = targets_of(box((100, 100, 20, 40), (140, 100, 8, 40)), BARE, 320)
    assert np.argwhere(targets.middles == 1).tolist() == [[60, 55], [60, 72]]
    assert np.exp(targets.sizes[:, 30, 27]) * UNIT_PX == pytest.approx([20, 40])
    assert targets.inside[30, 27] and not targets.inside[0, 0] and targets.counts.all()


@pytest.mark.parametrize("place", [(-30, 100, 40, 40), (100, 100, 4, 6), (10, 10, 60, 200)])
def test_what_nobody_could_box_is_not_judged(place: tuple[float, float, float, float]) -> None:
    targets = targets_of(box(place), BARE, 320)
    x, y, w, h = (int(v) for v in place)
    assert not (targets.middles == 1).any()
    assert not targets.counts[(y + h // 2) // 2, max(x + w // 2, 0) // 2]


def test_print_that_is_no_part_of_the_number_is_not_judged() -> None:
    classes = BARE.copy()
    classes[20:30, 20:30] = classes[60:70, 60:70] = Mark.PRINTED
    targets = targets_of(box((116, 116, 28, 28)), classes, 320)
    assert not targets.counts[25, 25] and targets.counts[65, 65]


def test_training_teaches_the_finder_where_middles_lie(pages: list[FinderPage]) -> None:
    recipe = Recipe(epochs=1, rate=6e-3, warm_share=0.2, average=0.7, threads=1)
    torch.manual_seed(0)
    learnt = train_finder(pages, recipe, windows=480, start=FinderNet((8, 8, 8, 8, 8)))
    windows, _, middles, *_ = draw_batch(pages, np.random.default_rng(5))
    with torch.no_grad():
        found = torch.pixel_shuffle(learnt(windows)[1][:, :FINE], 2)[:, 0]
    assert found[middles == 1].mean() > found[middles == 0].mean() + 0.8


def test_the_shipped_finder_answers_as_it_serves() -> None:
    model = load_model()
    seen = torch.rand(1, 1, 64, 96)
    with torch.no_grad():
        own = load_finder(SHIPPED).eval()(seen)
    assert model.finder is not None
    for answer, served in zip(own, model.finder.run(None, {"contrast": seen.numpy()}), strict=True):
        np.testing.assert_allclose(answer.numpy(), served, atol=1e-3)
