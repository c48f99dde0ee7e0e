# SPDX-License-Identifier: Apache-2.0
"""Pieces become lines; lines become strips."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import paper, write
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.components import Components, find_components
from vision.ink import find_ink
from vision.lines import find_lines
from vision.page import flatten
from vision.reading import Box
from vision.strip import CHARACTER_PX, cut_out


def pieces_at(boxes: list[tuple[int, int, int, int]]) -> Components:
    mask = np.zeros((800, 1200), np.uint8)
    for x, y, w, h in boxes:
        mask[y : y + h, x : x + w] = 1
    return find_components(mask)


def texts(pieces: Components) -> list[list[int]]:
    """Left edges of the members of each line."""
    return [pieces.boxes[line.members, 0].tolist() for line in find_lines(pieces)]


def test_lines_are_read_from_top_to_bottom_and_left_to_right() -> None:
    boxes = [(500, 300, 30, 50), (100, 310, 30, 50), (100, 100, 30, 50), (160, 98, 30, 52)]
    assert texts(pieces_at(boxes)) == [[100, 160], [100], [500]]


@given(
    slope=st.floats(-0.3, 0.3),
    height=st.integers(20, 60),
    pitch=st.floats(0.9, 2.5),
    count=st.integers(3, 8),
)
@settings(max_examples=60, deadline=None)
def test_one_line_of_any_size_slope_and_spacing_stays_one(
    slope: float, height: int, pitch: float, count: int
) -> None:
    step = height * pitch
    boxes = [
        (int(20 + i * step), int(380 + i * step * slope), int(height * 0.6), height)
        for i in range(count)
        if 20 + i * step < 1100 and 0 < 380 + i * step * slope < 700
    ]
    lines = find_lines(pieces_at(boxes))
    assert [len(line.members) for line in lines] == [len(boxes)]
    assert lines[0].height == pytest.approx(height, rel=0.2)


def dancing(down: int, gap: int = 110) -> Components:
    """A row of five digits with a gap, and two smaller ones so far `down` in the middle of it."""
    row = [(x, 100, 30, 50) for x in (50, 100, 130 + gap, 180 + gap, 230 + gap)]
    left = 130 + (gap - 65) // 2
    return pieces_at(row + [(left + 40 * i, 108 + down, 25, 34) for i in range(2)])


def test_digits_that_just_fill_a_gap_in_a_row_belong_to_it_however_they_dance() -> None:
    for down in (0, 20, 40):
        assert texts(dancing(down)) == [[50, 100, 152, 192, 240, 290, 340]]


def by_turns(pattern: str, down: int, pitch: int = 50) -> Components:
    """A row in which the digits marked `-` stand so far `down`."""
    low = [down * (mark == "-") for mark in pattern]
    return pieces_at([(50 + pitch * i, 100 + y, 36, 60) for i, y in enumerate(low)])


@pytest.mark.parametrize("pattern", ["+-++--+", "++-+--", "--++-+"])
def test_digits_that_are_low_by_turns_are_of_one_row(pattern: str) -> None:
    for down in (30, 48):
        assert texts(by_turns(pattern, down)) == [list(range(50, 50 + 50 * len(pattern), 50))]


def test_rows_below_each_other_stay_two_however_their_digits_are_staggered() -> None:
    assert len(texts(by_turns("+-+-+-", down=66))) == 2
    assert len(texts(by_turns("++--", down=48))) == 2
    assert len(texts(by_turns("+-++--+", down=52, pitch=110))) == 2


def test_what_stands_lower_or_does_not_fill_the_gap_is_a_row_of_its_own() -> None:
    assert len(texts(dancing(70))) == 2
    assert len(texts(dancing(44, gap=200))) == 2


@given(st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_no_piece_is_in_two_lines(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = [(int(random.integers(40, 1100)), y, 25, int(random.integers(20, 60)))
            for y in range(60, 500, int(random.integers(12, 60))) for _ in range(6)]  # fmt: skip
    members = [row for line in find_lines(pieces_at(rows)) for row in line.members.tolist()]
    assert len(members) == len(set(members))


def test_digits_in_a_gap_of_digits_in_a_gap_are_one_row() -> None:
    inner = [(300, 120, 30, 40)]
    middle = [(240, 112, 30, 42), (360, 112, 30, 42)]
    outer = [(x, 100, 30, 50) for x in (80, 130, 180, 420, 470, 520)]
    (row,) = texts(pieces_at(outer + middle + inner))
    assert row == [80, 130, 180, 240, 300, 360, 420, 470, 520]


def test_two_sizes_of_writing_are_two_lines() -> None:
    large = [(100 + 70 * i, 100, 40, 90) for i in range(4)]
    small = [(100 + 20 * i, 230, 12, 18) for i in range(6)]
    heights = [round(line.height) for line in find_lines(pieces_at(large + small))]
    assert heights == [90, 18]


def test_a_bar_beside_its_digit_belongs_to_the_line() -> None:
    boxes = [(100, 100, 40, 80), (170, 120, 40, 60), (180, 100, 35, 6), (240, 100, 40, 80)]
    assert texts(pieces_at(boxes)) == [[100, 170, 180, 240]]


@pytest.mark.parametrize("height", [24, 60, 200])
def test_a_strip_has_characters_of_one_height(height: int) -> None:
    page = write(paper(1000, 400), "3758", (60, 90), height=height)
    ink = find_ink(flatten(page))
    (line,) = find_lines(ink.pieces)
    strip = cut_out(ink, line)
    rows = np.flatnonzero((strip.ink > 0.5).any(axis=1))
    assert rows[-1] - rows[0] == pytest.approx(CHARACTER_PX, abs=7)


@pytest.mark.parametrize("slope", [-0.2, 0.0, 0.25])
def test_boxes_of_the_strip_lie_on_the_writing(slope: float) -> None:
    page = write(paper(1000, 700), "3758", (100, 250), slope=slope)
    ink = find_ink(flatten(page))
    (line,) = find_lines(ink.pieces)
    strip = cut_out(ink, line)
    for x, y, w, h in ink.pieces.boxes[line.members]:
        middle = np.linalg.inv(np.vstack((strip.to_page, [0, 0, 1]))) @ (x + w / 2, y + h / 2, 1)
        box = strip.box_on_page(Box(int(middle[0]) - 2, int(middle[1]) - 2, 4, 4))
        assert x < box.x + box.w / 2 < x + w
        assert y < box.y + box.h / 2 < y + h


def test_a_page_without_ink_has_no_lines() -> None:
    assert find_lines(pieces_at([])) == ()


def test_a_digit_in_two_bits_does_not_part_those_behind_it_from_the_line() -> None:
    whole = [(40 + 55 * i, 50, 40, 66) for i in range(6)]
    bits = [(389, 62, 18, 24), (380, 88, 32, 30)]
    smaller = [(419, 67, 30, 44), (456, 86, 22, 31), (485, 75, 21, 36)]
    (line,) = texts(pieces_at(whole + bits + smaller))
    assert len(line) == 11


def test_a_comma_that_belongs_to_one_chain_does_not_cost_the_other_its_digits() -> None:
    before = [(47, 335, 58, 67), (108, 354, 49, 53), (158, 393, 15, 18)]
    behind = [(179 + 64 * i, 347, 58, 50) for i in range(6)]
    (line,) = texts(pieces_at(before + behind))
    assert len(line) == 9


def test_the_rest_of_a_chain_that_lost_a_piece_to_a_larger_line_is_read() -> None:
    large = [(100 + 70 * i, 100, 50, 100) for i in range(8)]
    dash = (650, 170, 20, 12)
    small = [(690, 165, 20, 26), (714, 165, 20, 26)]
    lines = texts(pieces_at([*large, dash, *small]))
    assert lines == [[*range(100, 660, 70), 650], [690, 714]]


@pytest.mark.parametrize(("down", "count"), [(20, 1), (60, 2)])
def test_lines_that_go_on_from_each_other_are_one(down: int, count: int) -> None:
    first = [(100 + 60 * i, 300, 40, 60) for i in range(4)]
    bits = [(340, 300, 30, 26), (342, 330 + down, 30, 30 - down // 3)]
    rest = [(400 + 60 * i, 300 + down, 40, 60) for i in range(4)]
    lines = texts(pieces_at(first + bits + rest))
    assert len([line for line in lines if len(line) > 2]) == count


@pytest.mark.parametrize(("higher", "count"), [(5, 1), (30, 2)])
def test_the_loops_of_an_8_that_do_not_meet_are_of_one_line(higher: int, count: int) -> None:
    small = [(191, 256, 26, 49), (314, 248, 22, 47)]
    large = [(70, 226, 38, 81), (241, 206, 45, 94), (364, 168, 18, 100), (403, 176, 58, 108)]
    behind = [(558, 179, 41, 102), (625, 198, 29, 63), (711, 177, 39, 91)]
    lower, upper = (489, 207, 41, 57), (501, 148 - higher, 33, 52)
    assert len(texts(pieces_at([*small, *large, *behind, lower, upper]))) == count


@pytest.mark.parametrize("higher", [0, 33])
def test_the_parts_of_a_line_that_dances_are_read_from_left_to_right(higher: int) -> None:
    left = [(100 + 60 * i, 300, 40, 60) for i in range(4)]
    bit = (330, 330, 24, 26)
    right = [(390 + 60 * i, 300 - higher, 40, 60) for i in range(4)]
    lines = texts(pieces_at([*left, bit, *right]))
    assert [edge for line in lines for edge in line] == [
        *range(100, 340, 60),
        330,
        *range(390, 630, 60),
    ]


def test_1s_that_are_far_taller_than_the_digits_around_them_are_of_their_line() -> None:
    digits = [(70 + 36 * i, 704, 26, 38) for i in (0, 1, 3, 5, 6, 7)]
    tall = [(148, 684, 6, 60), (220, 684, 6, 60)]
    (line,) = texts(pieces_at([*digits, *tall]))
    assert line == [70, 106, 148, 178, 220, 250, 286, 322]
