# SPDX-License-Identifier: Apache-2.0
"""Digits are told from other ink, and only other ink is left out."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import paper, write
from numpy.typing import NDArray

from vision import finder
from vision.classify import Model
from vision.finder import Mark, Sight, with_digits
from vision.ink import find_ink, keep_digits, turned_ink
from vision.orient import levelled
from vision.page import FULL, Page, flatten

DOUBTED = round(0.1 * FULL)


def page_with(*marks: tuple[tuple[int, int], tuple[int, int]], palest: int = 20) -> Page:
    """Black strokes, from point to point, on white paper of 300x200; the last may be paler."""
    pixels = np.full((200, 300, 3), 255, np.uint8)
    for place, (start, end) in enumerate(marks, 1):
        shade = palest if place == len(marks) else 20
        cv2.line(pixels, start, end, (shade, shade, shade), 5, cv2.LINE_AA)
    return flatten(pixels)


def left_half(page: Page) -> NDArray[np.uint8]:
    """As if only what stands left of the middle were digits."""
    digits = np.zeros(page.contrast.shape, np.uint8)
    digits[:, : digits.shape[1] // 2] = FULL
    return digits


@pytest.fixture()
def strokes() -> Page:
    """One stroke left of the middle, one right of it, one across it."""
    return page_with(((50, 30), (50, 80)), ((250, 30), (250, 80)), ((60, 150), (240, 150)))


def test_without_a_finder_all_ink_may_be_digits(strokes: Page, model: Model) -> None:
    seen = with_digits(strokes, replace(model, finder=None))
    assert seen.digits is None
    assert len(keep_digits(find_ink(seen)).pieces.areas) == 3


def test_ink_that_is_no_digit_is_left_out_whole(strokes: Page) -> None:
    pieces = keep_digits(find_ink(replace(strokes, digits=left_half(strokes)))).pieces
    assert not pieces.labels[:, 200:].any()
    assert pieces.labels[30:80, 48:53].all()


def test_where_digits_touch_other_ink_each_pixel_decides(strokes: Page) -> None:
    pieces = keep_digits(find_ink(replace(strokes, digits=left_half(strokes)))).pieces
    assert pieces.labels[150, 65:145].all()
    assert not pieces.labels[150, 155:].any()


def test_a_piece_that_is_nearly_all_digit_keeps_its_last_pixels(strokes: Page) -> None:
    digits = np.full(strokes.contrast.shape, FULL, np.uint8)
    digits[70:, :] = 0
    pieces = keep_digits(find_ink(replace(strokes, digits=digits))).pieces
    assert pieces.labels[75, 50]


def test_a_stroke_in_line_with_digits_is_kept_although_the_finder_doubts_it() -> None:
    row = page_with(*(((x, 50), (x, 100)) for x in (50, 100, 150)))
    below = page_with(((50, 50), (50, 100)), ((100, 50), (100, 100)), ((150, 120), (150, 170)))
    kept = []
    for page in (row, below):
        digits = np.full(page.contrast.shape, FULL, np.uint8)
        digits[:, 140:] = DOUBTED
        kept.append(len(keep_digits(find_ink(replace(page, digits=digits))).pieces.areas))
    assert kept == [3, 2]


@pytest.mark.parametrize(("at", "kept"), [(190, 3), (270, 2)])
def test_a_doubted_stroke_may_stand_far_behind_a_separator_but_not_anywhere(
    at: int, kept: int
) -> None:
    row = page_with(*(((x, 50), (x, 90)) for x in (40, 80, at)))
    digits = np.full(row.contrast.shape, FULL, np.uint8)
    digits[:, 140:] = DOUBTED
    assert len(keep_digits(find_ink(replace(row, digits=digits))).pieces.areas) == kept


@pytest.mark.parametrize(("shade", "kept"), [(80, 3), (190, 2)])
def test_a_doubted_stroke_far_paler_than_the_digits_is_the_edge_of_something(
    shade: int, kept: int
) -> None:
    row = page_with(*(((x, 50), (x, 100)) for x in (50, 100, 150)), palest=shade)
    digits = np.full(row.contrast.shape, FULL, np.uint8)
    digits[:, 140:] = DOUBTED
    assert len(keep_digits(find_ink(replace(row, digits=digits))).pieces.areas) == kept


def test_several_digits_on_end_are_kept_although_the_finder_doubts_them() -> None:
    row = page_with(*(((x, 80), (x, 120)) for x in range(30, 271, 40)))
    digits = np.full(row.contrast.shape, FULL, np.uint8)
    digits[:, 170:] = DOUBTED
    assert len(keep_digits(find_ink(replace(row, digits=digits))).pieces.areas) == 7


def test_a_digit_that_touches_something_large_is_kept_without_it() -> None:
    page = page_with(((150, 20), (150, 60)), ((20, 60), (280, 60)), ((20, 60), (20, 190)))
    digits = np.zeros(page.contrast.shape, np.uint8)
    digits[:57, 140:160] = FULL
    pieces = keep_digits(find_ink(replace(page, digits=digits))).pieces
    assert pieces.boxes[:, 0].min() > 140 and pieces.heights.max() > 25


def test_a_blurred_stroke_is_ink_where_the_finder_sees_a_digit() -> None:
    pixels = np.full((300, 300, 3), 255, np.uint8)
    cv2.line(pixels, (150, 80), (150, 220), (120, 120, 120), 20)
    page = flatten(cv2.GaussianBlur(pixels, (0, 0), 14).astype(np.uint8))
    assert not len(find_ink(page).pieces.areas)
    seen = replace(page, digits=np.full(page.contrast.shape, FULL, np.uint8))
    assert len(find_ink(seen).pieces.areas) == 1


def test_the_place_of_digits_turns_with_the_ink(strokes: Page) -> None:
    seen = replace(strokes, digits=left_half(strokes))
    upside_down = turned_ink(find_ink(seen), 2)
    assert upside_down.digits is not None
    assert upside_down.digits[:, 151:].all() and not upside_down.digits[:, :149].any()
    tilted, _ = levelled(seen, 20.0)
    assert tilted.digits is not None and tilted.digits.shape == tilted.contrast.shape


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_ink_turned_is_the_ink_of_the_page_turned(strokes: Page, quarter_turns: int) -> None:
    pieces = turned_ink(find_ink(strokes), quarter_turns).pieces
    for row, (x, y, w, h) in enumerate(pieces.boxes, 1):
        rows, columns = np.nonzero(pieces.labels == row)
        assert (x, y) == (columns.min(), rows.min())
        assert (w, h) == (np.ptp(columns) + 1, np.ptp(rows) + 1)
    for row in range(len(pieces.areas)):
        chosen = np.arange(len(pieces.areas)) == row
        assert np.array_equal(pieces.mask_of(chosen), pieces.labels == row + 1)
        assert np.array_equal(pieces.only(chosen).labels, pieces.labels == row + 1)


def test_paper_without_ink_has_no_digits(model: Model) -> None:
    seen = with_digits(page_with(), model)
    assert seen.digits is not None and seen.digits.max() < FULL / 2


@pytest.mark.parametrize("size", [(33, 47), (200, 31), (16, 900)])
def test_pages_of_any_shape_are_looked_at(size: tuple[int, int], model: Model) -> None:
    seen = with_digits(flatten(np.full((*size, 3), 200, np.uint8)), model)
    assert seen.digits is not None and seen.digits.shape == size


def test_a_page_looked_at_in_bands_shows_the_same_digits(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write(paper(640, 800), "31", (250, 150), height=90)
    flat = flatten(write(page, "47", (250, 500), height=90))
    whole = with_digits(flat, model)
    monkeypatch.setattr(finder, "MOST_PIXELS", 640 * 192)
    banded = with_digits(flat, model)
    assert whole.detected is not None and banded.detected is not None
    assert len(banded.detected.boxes) == len(whole.detected.boxes) == 4
    order = [np.argsort(found.boxes[:, 1]) for found in (banded.detected, whole.detected)]
    np.testing.assert_allclose(
        banded.detected.boxes[order[0]], whole.detected.boxes[order[1]], atol=3
    )
    assert whole.digits is not None and banded.digits is not None
    agree = (whole.digits > FULL / 2) == (banded.digits > FULL / 2)
    assert agree[flat.contrast > FULL / 2].mean() > 0.99


@pytest.mark.parametrize(("side", "counts"), [(9, False), (14, True)])
def test_what_is_small_from_afar_counts_only_where_it_was_detected(
    side: int, *, counts: bool
) -> None:
    marks = np.zeros((len(Mark), 60, 80), np.float32)
    marks[Mark.NOTHING] = 1
    marks[:, 20 : 20 + side, 30 : 30 + side] = np.array([0, 1, 0, 0]).reshape(4, 1, 1)
    anywhere, printed, detected = finder.shares_of(Sight(0.5, marks, None))
    assert (anywhere.max() > FULL / 2) == counts
    assert detected.max() > FULL / 2
    assert not printed.any()
