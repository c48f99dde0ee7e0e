# SPDX-License-Identifier: Apache-2.0
"""Synthetic photos tell the truth about themselves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training.crops import crops_of_line, draw_worn_line, make_crops, turned
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.photo_crops import cut_photo, cut_photos
from training.synthesis import camera, light, paper
from training.synthesis.characters import Sources, StrokeWriter, draw_writer
from training.synthesis.hand import draw_hand, write
from training.synthesis.line import Spacing, write_line
from training.synthesis.paper import Ruling
from training.synthesis.pen import Pen, PenKind, draw_pen, grain, trace
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Plan, draw_plan
from training.synthesis.strokes import VARIANTS, skeleton, smooth
from training.synthesis.truth import mark
from training.synthesis.wear import Wear, wear
from vision import load_model
from vision.finder import Mark

BALL = Pen(PenKind.BALL, 0.08, 0.0, 0.0, 0.0)
WIDE = Spacing(gap=0.5, gap_jitter=0.0, space=1.0, rise=0.0, tremble=0.0, size_jitter=0.0)
UNHURT = Wear(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("character", VARIANTS)
def test_every_variant_can_be_written(character: str) -> None:
    for variant in range(len(VARIANTS[character])):
        for stroke in skeleton(character, variant):
            points = np.vstack([part for _, part in stroke])
            assert points.shape[1] == 2 and np.abs(points).max() <= 1.3


def test_a_smooth_curve_passes_through_its_points() -> None:
    points = np.array([(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)])
    curve = smooth(points)
    for point in points:
        assert np.abs(curve - point).sum(axis=1).min() < 1e-9


def test_a_hand_writes_digits_about_one_height_high() -> None:
    random = np.random.default_rng(0)
    for digit in "0123456789":
        path = np.vstack(write(digit, draw_hand(random), random))
        assert 0.4 < np.ptp(path[:, 1]) < 2.2


def test_a_wider_pen_leaves_more_ink() -> None:
    paths = write("8", draw_hand(np.random.default_rng(1)), np.random.default_rng(1))
    marker = Pen(PenKind.MARKER, 0.2, 0.0, 0.0, 0.0)
    thin, _ = trace(paths, 40, BALL, np.random.default_rng(2))
    thick, _ = trace(paths, 40, marker, np.random.default_rng(2))
    assert thick.sum() > 1.8 * thin.sum() and thin.max() > 0.9


def test_a_pencil_lets_the_paper_through() -> None:
    random = np.random.default_rng(3)
    pencil = Pen(PenKind.PENCIL, 0.1, 0.0, 0.0, 0.6)
    solid = np.ones((20, 20), np.float32)
    assert grain(solid, pencil, random).mean() < 0.85
    assert grain(solid, BALL, random) is solid


def test_a_line_holds_its_digits_left_to_right_and_owns_their_ink() -> None:
    random = np.random.default_rng(4)
    writer = StrokeWriter(draw_hand(random), BALL)
    line = write_line([(c, writer) for c in "30 97"], 40, WIDE, random)
    assert line.digits == "3097"
    lefts = [character.box[0] for character in line.characters]
    assert lefts == sorted(lefts)
    for index, character in enumerate(line.characters, 1):
        x, y, w, h = character.box
        assert (line.owner[y : y + h, x : x + w] == index).sum() > 20


def test_an_unhurt_line_keeps_its_ink_and_reaches_the_strips_scale() -> None:
    random = np.random.default_rng(5)
    writer = StrokeWriter(draw_hand(random), BALL)
    line = write_line([(c, writer) for c in "88"], 20, WIDE, random)
    strip = wear(line, UNHURT, random)
    rows = np.flatnonzero(strip.ink.max(axis=1) > 0.5)
    assert 28 < len(rows) < 70
    assert set(np.unique(strip.owner)) == {0, 1, 2}


def test_whole_digits_keep_their_name_and_pairs_are_none() -> None:
    random = np.random.default_rng(6)
    writer = StrokeWriter(draw_hand(random), BALL)
    line = write_line([(c, writer) for c in "2083"], 40, WIDE, random)
    found = [crop.label for crop in crops_of_line(wear(line, UNHURT, random))]
    assert {2, 0, 8, 3} <= set(found)


def test_crops_repeat_with_the_seed_and_hold_digits_and_junk(sources: Sources) -> None:
    one, two = (make_crops(sources, 300, seed=7) for _ in range(2))
    assert len(one) and one.digest() == two.digest()
    assert NOT_A_DIGIT in one.labels and len(set(one.labels.tolist())) > 7
    assert one.images.shape == (300, 28, 28)


def test_worn_lines_stay_ink(sources: Sources) -> None:
    random = np.random.default_rng(8)
    for _ in range(20):
        line = draw_worn_line(sources, random)
        assert line.ink.dtype == np.float32 and line.ink.shape == line.owner.shape
        assert line.ink.min() >= 0 and line.ink.max() <= 1


def test_digits_on_their_side_are_none(digits: Glyphs) -> None:
    lying = turned(digits, 30, seed=1)
    assert set(lying.labels.tolist()) == {NOT_A_DIGIT} and len(lying) == 30


def contrast_inside(photo: SyntheticPhoto) -> list[float]:
    """How much darker the darkest part of each digit's box is than its surroundings."""
    upright = np.rot90(photo.pixels, photo.quarter_turns)
    gray = cv2.cvtColor(np.ascontiguousarray(upright), cv2.COLOR_BGR2GRAY).astype(float)
    found = []
    for line in photo.lines:
        for x, y, w, h in line.boxes:
            inside = gray[max(y, 0) : y + h, max(x, 0) : x + w]
            around = gray[max(y - h, 0) : y + 2 * h, max(x - w, 0) : x + 2 * w]
            found.append(float(np.percentile(around, 90) - inside.min()))
    return found


def test_the_boxes_lie_on_the_ink(sources: Sources) -> None:
    for seed in range(4):
        photo = render(sources, seed, Plan(("4829", "07"), 0.2))
        assert photo.text == "4829|07"
        assert min(contrast_inside(photo)) > 25


def test_every_pixel_says_what_it_shows(sources: Sources) -> None:
    plan = Plan(("48-29",), 0.1, Ruling.GRAPH, boxed=True)
    photo = render(sources, 5, plan)
    assert photo.classes.shape == photo.pixels.shape[:2] and photo.classes.dtype == np.uint8
    assert set(np.unique(photo.classes)) == {0, Mark.HANDWRITTEN, Mark.OTHER}
    gray = cv2.cvtColor(photo.pixels, cv2.COLOR_BGR2GRAY).astype(float)
    ink = photo.classes == Mark.HANDWRITTEN
    assert gray[ink].mean() < gray[photo.classes == Mark.NOTHING].mean() - 30
    for line in photo.lines:
        for x, y, w, h in line.boxes:
            assert ink[y : y + h, x : x + w].sum() > 0.5 * h


def test_classes_turn_with_the_photo(sources: Sources) -> None:
    plan = Plan(("123456",), 1.0)
    photo = next(p for p in (render(sources, s, plan) for s in range(24)) if p.quarter_turns % 2)
    upright = np.rot90(photo.classes, photo.quarter_turns)
    assert photo.classes.shape == photo.pixels.shape[:2]
    for x, y, w, h in photo.lines[0].boxes:
        assert (upright[max(y, 0) : y + h, max(x, 0) : x + w] == Mark.HANDWRITTEN).any()


def test_a_stroke_that_crosses_a_rule_is_the_digits() -> None:
    classes = np.zeros((3, 4), np.uint8)
    mark(classes, np.full((1, 4), Mark.OTHER, np.uint8), 0, 1)
    mark(classes, np.full((5, 1), Mark.HANDWRITTEN, np.uint8), 2, -1)
    mark(classes, np.full((3, 4), Mark.OTHER, np.uint8), 2, 0)
    assert classes.tolist() == [[0, 0, 1, 3], [3, 3, 1, 3], [0, 0, 1, 3]]


def test_the_same_seed_is_the_same_photo(sources: Sources) -> None:
    assert render(sources, 11).jpeg() == render(sources, 11).jpeg()
    assert render(sources, 11).jpeg() != render(sources, 12).jpeg()


def test_a_turned_photo_says_how_to_turn_it_back(sources: Sources) -> None:
    plan = Plan(("123456",), 1.0)
    photos = [render(sources, seed, plan) for seed in range(24)]
    turned_photos = [photo for photo in photos if photo.quarter_turns]
    assert turned_photos
    assert np.median(contrast_inside(turned_photos[0])) > 15


def test_every_kind_of_page_can_be_rendered(sources: Sources) -> None:
    for ruling in Ruling:
        plan = Plan(("90125",), 0.8, ruling, boxed=True, creased=True, on_desk=True, doodles=1)
        photo = render(sources, 3, plan)
        assert photo.pixels.dtype == np.uint8 and photo.plan.group == "core"


def test_photos_without_digits_say_so(sources: Sources) -> None:
    things = render(sources, 4, Plan((), 0.5, nothing_but_things=True))
    blank = render(sources, 4, Plan((), 0.5))
    assert things.text == blank.text == "" and things.plan.group == "negative"
    cut = cut_photo(things, np.random.default_rng(0), load_model())
    labels = {label for _, label in cut}
    assert labels <= {NOT_A_DIGIT}


def test_plans_cover_every_group() -> None:
    random = np.random.default_rng(0)
    groups = {draw_plan(random).group for _ in range(300)}
    assert groups == {"core", "cluttered", "printed", "negative"}


def test_photos_are_cut_into_the_same_glyphs_again(sources: Sources) -> None:
    one, two = (cut_photos(sources, range(3), load_model()) for _ in range(2))
    assert len(one) and one.digest() == two.digest()


def test_a_clean_photo_is_cut_into_its_own_digits(sources: Sources) -> None:
    photo = render(Sources(), 6, Plan(("482915",), 0.1))
    cut = cut_photo(photo, np.random.default_rng(0), load_model())
    assert {label for _, label in cut} >= {4, 8, 2, 9, 1, 5}


def test_light_and_camera_leave_a_picture(sources: Sources) -> None:
    random = np.random.default_rng(9)
    page = paper.crease(paper.sheet(90, 120, paper.draw_colour(random), random), random)
    dark = light.shine(page, light.Light(0.5, 0.0, 0.0, 0.0, 0.0, 0.0), random)
    assert np.allclose(dark, page * 0.5, atol=1e-5)
    lit = light.shine(page, light.Light(1.0, 0.2, 0.5, 0.5, 0.5, 0.1), random)
    shot = camera.Camera(800, 0.0, 0.0, 1.0, 4.0, 0.02, 80, 0)
    seen = camera.expose(lit, shot, random)
    assert seen.shape == (90, 120, 3) and seen.dtype == np.uint8


def test_a_view_moves_points_as_it_moves_pixels() -> None:
    random = np.random.default_rng(10)
    shot = camera.Camera(800, 10.0, 0.1, 0.0, 0.0, 0.0, 90, 0)
    transform = camera.view((100, 80), shot, random)
    picture = np.zeros((80, 100), np.float32)
    picture[40, 50] = 1.0
    seen = cv2.GaussianBlur(cv2.warpPerspective(picture, transform, (100, 80)), (0, 0), 1)
    y, x = np.unravel_index(int(seen.argmax()), seen.shape)
    assert np.abs(camera.move(np.array([(50.0, 40.0)]), transform)[0] - (x, y)).max() < 1.5


def test_everybody_can_write_every_digit(sources: Sources) -> None:
    random = np.random.default_rng(11)
    for _ in range(12):
        writer = draw_writer(sources, random)
        for digit in "0123456789":
            assert writer.knows(digit)
            assert writer.draw(digit, 30.0, random).ink.max() > 0.3
    assert {draw_pen(random).kind for _ in range(60)} == set(PenKind)
