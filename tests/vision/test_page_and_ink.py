# SPDX-License-Identifier: Apache-2.0
"""Light out of the page, ink out of the light, rules out of the ink."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import Pixels, paper, write
from numpy.typing import NDArray

from vision.boxes import remove_boxes
from vision.ink import Ink, find_ink
from vision.level_pages import level
from vision.orient import MOST_PIXELS, axis, direction_votes, levelled, quarters, runs_upright, tilt
from vision.page import FULL, flatten, to_unit
from vision.rules import remove_rules, rules_angle


def lit(page: Pixels, light: NDArray[np.float64]) -> Pixels:
    return np.clip(page * light[..., None], 0, 255).astype(np.uint8)


def falling_light(height: int, width: int) -> NDArray[np.float64]:
    """A lamp at the left: the right side gets a third of its light, the corners less."""
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot((x / width - 0.2) / 1.1, (y / height - 0.5) / 2)
    return 1.05 - 0.85 * np.asarray(away)


def whole_pieces(ink: Ink, smallest: int = 40) -> int:
    return int(np.count_nonzero(np.maximum(ink.pieces.heights, ink.pieces.widths) > smallest))


def test_contrast_does_not_depend_on_the_light() -> None:
    page = write(paper(), "31758", (80, 140))
    even = to_unit(flatten(page).contrast)
    uneven = to_unit(flatten(lit(page, falling_light(400, 900))).contrast)
    inked = even > 0.5
    assert np.abs(uneven - even)[inked].mean() < 0.08
    assert uneven[~cv2.dilate(inked.astype(np.uint8), np.ones((9, 9))).astype(bool)].mean() < 0.05


@pytest.mark.parametrize("ink", [(200, 60, 60), (40, 60, 190), (30, 120, 60), (120, 120, 120)])
def test_every_pen_shows(ink: tuple[int, int, int]) -> None:
    page = flatten(write(paper(), "31758", (80, 140), ink=ink))
    assert page.contrast.max() > 0.35 * FULL
    assert whole_pieces(find_ink(page)) == 5


def test_a_dark_screen_reads_like_paper_when_told_so() -> None:
    bright = flatten(255 - write(paper(shade=235), "31758", (80, 140)), light_on_dark=True)
    assert whole_pieces(find_ink(bright)) == 5


def test_a_desk_around_the_paper_is_no_ink() -> None:
    desk = np.full((600, 1200, 3), 25, np.uint8)
    desk[100:500, 150:1050] = write(paper(), "31758", (200, 140))
    assert whole_pieces(find_ink(flatten(desk))) == 5


def test_a_soft_shadow_is_no_ink() -> None:
    page = paper().astype(float)
    shade = np.zeros((400, 900))
    shade[250:330, 300:600] = 90
    shadowed = np.clip(page - cv2.GaussianBlur(shade, (0, 0), 30)[..., None], 0, 255)
    ink = find_ink(flatten(write(shadowed.astype(np.uint8), "31", (80, 60))))
    assert whole_pieces(ink) == 2


def test_digits_near_the_frame_leave_the_paper_around_them_bare() -> None:
    page = write(paper(), "48291", (80, 4), pitch=1.2)
    contrast = flatten(page).contrast
    assert contrast[:94, 560:640].max() < 0.1 * FULL
    assert np.percentile(contrast[:94, 80:560], 50) < 0.1 * FULL


def test_light_that_falls_off_towards_the_frame_is_no_ink() -> None:
    fading = np.minimum(np.linspace(0.6, 1.6, 900), 1.0)
    page = (paper() * fading[None, :, None]).astype(np.uint8)
    assert flatten(page).contrast.max() < 0.2 * FULL


def test_paper_is_paper_however_far_the_light_falls_off_on_it() -> None:
    fading = np.geomspace(0.05, 1.0, 900)[None].repeat(400, axis=0)
    page = lit(write(paper(), "31758", (80, 140)), fading)
    assert (page[:, :300].mean() < 0.15 * page[:, 800:].mean()) and page.min() < 6
    assert whole_pieces(find_ink(flatten(page))) == 5


def test_a_desk_as_dark_as_the_papers_darkest_corner_is_none() -> None:
    fading = np.geomspace(0.12, 1.0, 900)[None].repeat(400, axis=0)
    desk = np.full((600, 1200, 3), 20, np.uint8)
    desk[100:500, 150:1050] = lit(write(paper(), "31758", (200, 140)), fading)
    flat = flatten(desk)
    assert flat.contrast[:80].max() == 0 and flat.contrast[520:].max() == 0
    assert whole_pieces(find_ink(flat)) == 5


@pytest.mark.parametrize("radius", [30, 60])
def test_the_middle_of_a_very_thick_stroke_is_ink(radius: int) -> None:
    page = paper(width=400)
    cv2.circle(page, (200, 200), radius, (35, 35, 60), -1)
    assert flatten(page).contrast[200, 200] > 0.5 * FULL


def test_strokes_fill_a_strip_and_are_ink() -> None:
    page = paper(width=900, height=110)
    cv2.line(page, (450, 10), (450, 100), (35, 35, 60), 34)
    assert flatten(page).contrast[55, 450] > 0.5 * FULL


def test_digits_on_fine_squares_are_ink_where_the_finder_sees_them() -> None:
    squared = paper(800, 600)
    for at in range(0, 800, 8):
        cv2.line(squared, (at, 0), (at, 600), (196, 196, 196), 1)
        cv2.line(squared, (0, at), (800, at), (196, 196, 196), 1)
    flat = flatten(write(squared, "4829", (300, 280), height=40, ink=(120, 120, 120)))
    digits = np.zeros(flat.contrast.shape, np.uint8)
    digits[270:330, 290:470] = FULL
    assert len(find_ink(flat).pieces.areas) == 0
    assert whole_pieces(find_ink(replace(flat, digits=digits))) == 4


def test_bare_paper_has_no_ink_to_speak_of() -> None:
    assert whole_pieces(find_ink(flatten(paper())), smallest=6) == 0


@pytest.mark.parametrize("thickness", [2, 4, 7])
def test_boxes_go_and_the_digits_in_them_stay(thickness: int) -> None:
    page = write(paper(), "31758", (95, 140), pitch=1.5)
    for column in range(6):
        x = 60 + column * 135
        cv2.line(page, (x, 110), (x, 270), (60, 60, 60), thickness)
    for y in (110, 270):
        cv2.line(page, (60, y), (735, y), (60, 60, 60), thickness)
    ink = find_ink(flatten(page))
    bare = remove_rules(ink)
    assert whole_pieces(bare) == 5
    assert bare.pieces.areas.sum() < ink.pieces.areas.sum()


@pytest.mark.parametrize(("seen", "pieces"), [(0.3, 2), (0.9, 3)])
def test_what_parts_two_cells_goes_however_thick_unless_a_digit_is_seen_in_it(
    seen: float, pieces: int
) -> None:
    page = write(paper(), "35", (220, 150), pitch=2.4)
    cv2.rectangle(page, (150, 110), (600, 270), (60, 60, 60), 14)
    cv2.line(page, (360, 110), (360, 270), (60, 60, 60), 14)
    flat = flatten(page)
    digits = np.full(flat.contrast.shape, FULL, np.uint8)
    digits[:, :200] = digits[:, 560:] = digits[:125] = digits[255:] = 0
    digits[125:255, 345:375] = round(seen * FULL)
    bare = remove_rules(find_ink(replace(flat, digits=digits)))
    assert whole_pieces(bare, smallest=40) == pieces


@pytest.mark.parametrize("cell", [40, 50])
def test_a_comb_that_is_small_on_its_page_goes_too(cell: int) -> None:
    page = write(paper(1000, 800), "3175", (404, 400), height=cell, pitch=1.25)
    top, bottom = 400 - cell // 3, 400 + cell + cell // 3
    edges = [398 + round(1.25 * cell * place) for place in range(5)]
    for x in edges:
        cv2.line(page, (x, top), (x, bottom), (60, 60, 60), 2)
    for y in (top, bottom):
        cv2.line(page, (edges[0], y), (edges[-1], y), (60, 60, 60), 2)
    flat = flatten(page)
    digits = np.zeros(flat.contrast.shape, np.uint8)
    digits[top + 4 : bottom - 4, edges[0] + 4 : edges[-1] - 4] = FULL
    for x in edges:
        digits[:, x - 3 : x + 4] = 0
    ink = find_ink(replace(flat, digits=digits))
    assert whole_pieces(remove_rules(ink)) == 5
    assert whole_pieces(remove_boxes(remove_rules(ink))) == 4


def test_boxes_in_boxes_are_looked_into_from_the_smallest_on_within_a_budget() -> None:
    page = write(paper(600, 600), "1", (270, 250), height=100)
    for inset in range(10, 220, 12):
        cv2.rectangle(page, (inset, inset), (600 - inset, 600 - inset), (60, 60, 60), 2)
    flat = flatten(page)
    digits = np.zeros(flat.contrast.shape, np.uint8)
    digits[240:360, 290:312] = FULL
    ink = find_ink(replace(flat, digits=digits))
    bare = remove_boxes(ink)
    assert 1 < len(bare.pieces.areas) < len(ink.pieces.areas) - 4
    assert bare.pieces.heights.max() == ink.pieces.heights.max()


def test_a_rule_through_the_digits_leaves_them_whole() -> None:
    digits = write(paper(), "3456", (200, 140), pitch=1.3)
    ruled = digits.copy()
    cv2.line(ruled, (0, 205), (900, 205), (90, 90, 90), 2)
    plain, bare = find_ink(flatten(digits)), remove_rules(find_ink(flatten(ruled)))
    kept = (plain.soft > 0.6 * FULL) & (bare.soft > 0.6 * FULL)
    assert kept.sum() > 0.95 * (plain.soft > 0.6 * FULL).sum()


def test_a_tall_stroke_in_a_low_photo_is_a_rule_unless_the_finder_sees_a_digit() -> None:
    page = write(paper(height=200), "4", (400, 30), height=140)
    cv2.line(page, (300, 30), (300, 170), (35, 35, 60), 4)
    flat = flatten(page)
    seen = replace(flat, digits=np.full(flat.contrast.shape, FULL, np.uint8))
    assert remove_rules(find_ink(flat)).pieces.areas.sum() < find_ink(flat).pieces.areas.sum()
    assert np.array_equal(remove_rules(find_ink(seen)).soft, find_ink(seen).soft)


def test_the_edge_of_a_paper_along_the_frame_is_no_ink_at_any_angle() -> None:
    page = write(paper(), "31758", (80, 140))
    cv2.line(page, (1, 150), (1, 210), (30, 30, 30), 6)
    ink = find_ink(flatten(page))
    assert whole_pieces(ink) == 5
    assert whole_pieces(level(replace(flatten(page), contrast=ink.contrast), 12.0).ink) == 5


@pytest.mark.parametrize(("shade", "pieces"), [(35, 6), (120, 5)])
def test_a_stroke_along_the_frame_is_ink_where_it_is_a_digit_as_dark_as_the_others(
    shade: int, pieces: int
) -> None:
    page = write(paper(), "31758", (80, 140), ink=(35, 35, 35))
    cv2.line(page, (897, 140), (880, 230), (shade, shade, shade), 6)
    flat = flatten(page)
    seen = replace(flat, digits=np.full(flat.contrast.shape, FULL, np.uint8))
    assert whole_pieces(find_ink(seen)) == pieces


def test_a_digit_that_reaches_the_frame_is_ink() -> None:
    page = write(paper(), "3", (-8, 140))
    assert whole_pieces(find_ink(flatten(page))) == 1


def test_digits_without_rules_are_not_touched() -> None:
    ink = find_ink(flatten(write(paper(), "1471", (80, 40), height=320, pitch=0.6)))
    assert np.array_equal(remove_rules(ink).soft, ink.soft)


@pytest.mark.parametrize("angle", [-21.0, -3.0, 6.0, 17.0])
def test_the_angle_of_rules_is_measured(angle: float) -> None:
    page = np.full((700, 900, 3), 225, np.uint8)
    for y in range(100, 700, 100):
        cv2.line(page, (100, y), (800, y), (80, 80, 80), 3)
    turn = cv2.getRotationMatrix2D((450, 350), -angle, 1)
    turned = cv2.warpAffine(page, turn, (900, 700), borderValue=(225, 225, 225))
    found, support = rules_angle(find_ink(flatten(np.asarray(turned, np.uint8))))
    assert found == pytest.approx(angle, abs=0.8)
    assert support > 1


@pytest.mark.parametrize("angle", [-35.0, -15.0, 20.0, 40.0])
def test_writing_that_climbs_is_levelled(angle: float) -> None:
    page = write(paper(1200, 1200), "31758234", (200, 560), height=80)
    turn = cv2.getRotationMatrix2D((600, 600), -angle, 1)
    turned = cv2.warpAffine(page, turn, (1200, 1200), borderValue=(225, 225, 225))
    flat = flatten(np.asarray(turned, np.uint8))
    found = tilt(direction_votes(find_ink(flat).pieces))
    assert found == pytest.approx(angle, abs=6)
    level, _ = levelled(flat, found)
    assert abs(tilt(direction_votes(find_ink(level).pieces))) < 6


@pytest.mark.parametrize("angle", [-40.0, 12.0])
def test_a_levelled_page_is_never_larger_than_memory_has_room_for(angle: float) -> None:
    page = flatten(write(paper(1400, 1400), "3", (900, 300), height=80))
    level, to_page = levelled(page, angle)
    assert level.contrast.size <= 1.01 * MOST_PIXELS < page.contrast.size * 1.2
    (box,) = find_ink(level).pieces.boxes
    x, y = to_page @ (box[0] + box[2] / 2, box[1] + box[3] / 2, 1)
    assert 880 < x < 980 and 290 < y < 390


def test_a_photo_turned_by_a_quarter_is_noticed() -> None:
    page = write(paper(1200, 500), "31758234", (100, 200), height=80)
    assert not runs_upright(direction_votes(find_ink(flatten(page)).pieces))
    turned = np.ascontiguousarray(np.rot90(page))
    assert runs_upright(direction_votes(find_ink(flatten(turned)).pieces))


@pytest.mark.parametrize("angle", [-35, -20, 20, 35])
def test_digits_that_run_into_each_other_have_an_axis(angle: int) -> None:
    page = write(paper(900, 900), "0825", (300, 400), pitch=0.55, slope=np.tan(np.radians(angle)))
    assert axis(find_ink(flatten(page)).pieces) == pytest.approx(angle, abs=8)


def test_a_round_blot_has_no_axis() -> None:
    page = paper(400, 400)
    cv2.circle(page, (200, 200), 60, (20, 20, 20), 8)
    assert axis(find_ink(flatten(page)).pieces) == 0
    assert axis(find_ink(flatten(paper(400, 400))).pieces) == 0


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_points_turn_as_pixels_do(turns: int) -> None:
    page = np.zeros((30, 50), np.uint8)
    page[7, 12] = 1
    row, column = np.argwhere(np.rot90(page, turns))[0]
    x, y = quarters(page.shape, turns) @ (12.5, 7.5, 1)
    assert (x, y) == (column + 0.5, row + 0.5)
