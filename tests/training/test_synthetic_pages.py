# SPDX-License-Identifier: Apache-2.0
"""Synthetic photos of pages with more on them than digits, and of what lies around them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.synthesis.backgrounds import draw_background, find_backgrounds
from training.synthesis.camera import Camera, move
from training.synthesis.cells import write_cells
from training.synthesis.characters import Sources
from training.synthesis.framing import close_up, draw_view
from training.synthesis.grids import Frame, draw_list, draw_sudoku, draw_table
from training.synthesis.line import draw_spacing
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import EASY, Plan, Surface, draw_plan
from training.synthesis.strokes import VARIANTS, shares
from training.synthesis.surroundings import Scene, add_hands, add_things
from vision.finder import Mark

HAND = Mark.HANDWRITTEN


def corners(bounds: tuple[int, int, int, int]) -> np.ndarray:
    left, top, right, bottom = bounds
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


def assert_boxes_hold_handwriting(photo: SyntheticPhoto) -> None:
    upright = np.rot90(photo.classes, photo.quarter_turns)
    for line in photo.lines:
        assert len(line.text) == len(line.boxes)
        for x, y, w, h in line.boxes:
            assert (upright[max(y, 0) : y + h, max(x, 0) : x + w] == HAND).any()


def test_columns_are_read_along_each_line(sources: Sources) -> None:
    photo = render(sources, 1, Plan(("12\t34", "5\t678"), 0.1))
    assert photo.text == "1234|5678"
    first, last = photo.lines[0].boxes[0], photo.lines[0].boxes[-1]
    assert first[0] + first[2] < last[0]
    assert_boxes_hold_handwriting(photo)


def test_a_long_line_is_written_small_enough_for_its_page(sources: Sources) -> None:
    width, height = 440, 1100
    for seed in range(40):
        random = np.random.default_rng(seed)
        found = write_cells(Plan(("425104294617",), 0.6), sources, (width, height), random)
        assert found is not None
        (cell,), places = found
        assert places.columns[0, 0] >= 0
        assert places.columns[0, 0] + cell.written.ink.shape[1] <= width


def test_a_table_tells_only_what_was_written_into_it(sources: Sources) -> None:
    plan = Plan(("\t7", "\t42"), 0.1, prints=("Name\t", "3)\t"), frame=Frame.TABLE)
    photo = render(sources, 2, plan)
    assert photo.text == "7|42" and photo.plan.group == "cluttered"
    assert (photo.classes == Mark.OTHER).any()
    assert_boxes_hold_handwriting(photo)


def test_tables_always_hold_a_number_and_printed_ones_no_other() -> None:
    for seed in range(40):
        random = np.random.default_rng(seed)
        texts, prints = draw_table(random, printed=True)
        assert any(c.isdigit() for text in texts for c in text)
        assert not any(c.isdigit() for text in prints for c in text)
        assert len({row.count("\t") for row in (*texts, *prints)}) == 1


def test_lists_keep_their_numbers_and_put_words_before_or_behind() -> None:
    for seed in range(20):
        texts, prints = draw_list(np.random.default_rng(seed), ("12\t5", "90"), printed=False)
        assert "".join(texts).replace("\t", "") == "12590" and len(prints) == 2
        for text, term in zip(texts, prints, strict=True):
            written = {i for i, cell in enumerate(text.split("\t")) if cell}
            printed = {i for i, cell in enumerate(term.split("\t")) if cell}
            assert written and printed and not written & printed


def test_a_sudoku_is_nine_by_nine_and_no_cell_holds_two_numbers() -> None:
    for seed in range(12):
        texts, prints, printed = draw_sudoku(np.random.default_rng(seed))
        assert len(texts) == 9 and {text.count("\t") for text in texts} == {8}
        assert bool(prints) != printed
        for text, given in zip(texts, prints, strict=False):
            both = zip(text.split("\t"), given.split("\t"), strict=True)
            assert not any(one and other for one, other in both)


@pytest.mark.parametrize("surface", Surface)
def test_digits_stand_out_on_every_surface(sources: Sources, surface: Surface) -> None:
    photo = render(sources, 3, Plan(("4711",), 0.1, surface=surface))
    gray = cv2.cvtColor(photo.pixels, cv2.COLOR_BGR2GRAY).astype(float)
    ink, bare = gray[photo.classes == HAND].mean(), gray[photo.classes == 0].mean()
    dark = surface in (Surface.BLACKBOARD, Surface.DARK_SCREEN)
    assert (ink > bare + 40) if dark else (ink < bare - 25)


def test_a_screen_is_pure_white_and_black(sources: Sources) -> None:
    photo = render(sources, 5, Plan(("5",), 1.0, surface=Surface.SCREEN))
    assert np.median(photo.pixels) == 255 and photo.quarter_turns == 0


@pytest.mark.parametrize("turn_deg", [-60.0, 40.0, 85.0])
def test_a_turned_page_keeps_all_digits_in_the_photo(turn_deg: float) -> None:
    bounds, size = (20, 200, 780, 300), (800, 600)
    shot = Camera(800, turn_deg, 0.02, 0.0, 0.0, 0.0, 90, 0)
    view = draw_view(size, shot, bounds, np.random.default_rng(0))
    moved = move(corners(bounds), view.transform)
    assert (moved >= 0).all() and (moved <= size).all()


def test_a_close_up_shows_little_but_the_digits(sources: Sources) -> None:
    bounds, size = (300, 200, 380, 300), (800, 600)
    random = np.random.default_rng(1)
    view = close_up(
        draw_view(size, Camera(800, 0.0, 0.0, 0.0, 0.0, 0.0, 90, 0), bounds, random),
        bounds,
        100.0,
        random,
    )
    assert max(view.size) < 300
    assert (move(corners(bounds), view.transform) >= 0).all()
    assert_boxes_hold_handwriting(render(sources, 6, Plan(("8",), 0.2, close=True)))


def test_hands_and_things_hide_no_digit(sources: Sources) -> None:
    plan = Plan(("90210", "4"), 0.6, on_desk=True, hands=2, things=4, spiral=True, turn_deg=-35.0)
    for seed in range(4):
        photo = render(sources, seed, plan)
        assert photo.text == "90210|4"
        assert_boxes_hold_handwriting(photo)


def test_what_is_hidden_is_nothing_any_more() -> None:
    scene = Scene(np.ones((300, 400, 3), np.float32), np.full((300, 400), 3, np.uint8))
    edge = corners((0, 0, 400, 300))
    add_hands(scene, 2, edge, np.random.default_rng(2))
    add_things(scene, 3, np.random.default_rng(3))
    hidden = scene.classes == Mark.NOTHING
    assert 0.01 < hidden.mean() < 0.99
    assert scene.picture[hidden].mean() < 0.9 and scene.picture.min() >= 0


def test_easy_photos_hold_digits_and_little_else() -> None:
    random = np.random.default_rng(4)
    for _ in range(300):
        plan = draw_plan(random, float(random.uniform(0, EASY)))
        assert not (plan.hands or plan.things or plan.spiral or plan.turn_deg)
        assert plan.group == "negative" or not plan.worded


def test_clear_writing_keeps_its_digits_apart() -> None:
    random = np.random.default_rng(6)
    clear = [draw_spacing(random, clear=True).gap for _ in range(300)]
    usual = [draw_spacing(random).gap for _ in range(300)]
    assert min(clear) >= -0.02 and np.mean(np.array(clear) < 0.05) < 0.2
    assert np.mean(np.array(usual) < 0.05) > 0.2


def test_about_a_third_of_all_photos_are_cluttered_and_all_kinds_come() -> None:
    random = np.random.default_rng(5)
    plans = [draw_plan(random) for _ in range(2000)]
    share = np.mean([plan.worded and bool(plan.texts) for plan in plans])
    assert 0.2 < share < 0.4
    assert {plan.frame for plan in plans} == set(Frame)
    assert {plan.surface for plan in plans} == set(Surface)
    for name in (
        "hands",
        "things",
        "spiral",
        "close",
        "turn_deg",
        "paragraphs",
        "boxed",
        "flourish",
    ):
        assert any(getattr(plan, name) for plan in plans)


def test_a_flourish_is_no_digit(sources: Sources) -> None:
    plan = Plan(("38",), 0.1)
    plain, marked = (render(sources, 8, replace(plan, flourish=f)) for f in (False, True))
    assert not (plain.classes == Mark.OTHER).any()
    assert (marked.classes == Mark.OTHER).any()
    assert_boxes_hold_handwriting(marked)


def test_backgrounds_lie_under_paper_and_stand_alone(sources: Sources, tmp_path: Path) -> None:
    green = np.zeros((90, 120, 3), np.uint8)
    green[..., 1] = 200
    cv2.imwrite(str(tmp_path / "green.png"), green)
    (tmp_path / "notes.txt").write_text("no picture")
    found = find_backgrounds(tmp_path)
    assert [path.name for path in found] == ["green.png"]
    pictured = replace(sources, backgrounds=found)
    plan = Plan((), 0.1, nothing_but_things=True, pictured=True)
    pixels = render(pictured, 7, plan).pixels.astype(float)
    assert pixels[..., 1].mean() > 4 * pixels[..., 0].mean()


def test_a_background_that_is_no_picture_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"broken\.jpg"):
        draw_background((broken,), 10, 10, np.random.default_rng(0))


def test_rare_ways_to_write_a_digit_are_rare() -> None:
    for character in VARIANTS:
        assert shares(character).sum() == pytest.approx(1.0)
        assert len(shares(character)) == len(VARIANTS[character])
    slashed = shares("0")[[3, 6]].sum()
    assert 0.02 < slashed < 0.12
