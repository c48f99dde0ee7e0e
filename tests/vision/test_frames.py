# SPDX-License-Identifier: Apache-2.0
"""Boxes that single digits touch are taken from them, and nothing of the digits is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write
from numpy.typing import NDArray

from vision import Model, read
from vision.finder import with_digits
from vision.frames import frame_of
from vision.level_pages import detected_pages
from vision.page import flatten

Drawing = NDArray[np.uint8]

NUMBER = "481965"  # of a 1 in its box most ink is the box's
PEN, BOX = 200, 80  # contrast of a digit's stroke, and of a box printed in a paler colour


@pytest.fixture()
def box() -> Drawing:
    """Contrast of an empty box of 40 by 60 pixels."""
    return cv2.rectangle(np.zeros((60, 40), np.uint8), (1, 1), (38, 58), BOX, 3)


def sides_of(contrast: Drawing) -> NDArray[np.bool_]:
    return frame_of((contrast > 0).view(np.uint8), contrast)


def rest_of(contrast: Drawing) -> NDArray[np.bool_]:
    return np.asarray((contrast > 0) & ~sides_of(contrast))


def test_a_box_is_taken_from_the_digit_that_touches_it(box: Drawing) -> None:
    stroke = cv2.line(np.zeros_like(box), (5, 55), (34, 5), PEN, 4)
    rest = rest_of(np.maximum(box, stroke))
    assert rest[stroke > 0].mean() > 0.95
    assert not rest[20:40, :3].any()
    assert not rest[:3, 8:20].any()


def test_what_crosses_a_faded_side_along_it_stays(box: Drawing) -> None:
    bar = cv2.line(np.zeros_like(box), (4, 2), (30, 2), PEN, 3)
    cv2.line(bar, (30, 2), (12, 56), PEN, 4)
    assert rest_of(np.maximum(box, bar))[bar > 0].mean() > 0.95


def test_a_box_whose_digit_sticks_out_is_one_all_the_same(box: Drawing) -> None:
    taller = np.zeros((68, 40), np.uint8)
    taller[8:] = box
    stroke = cv2.line(np.zeros_like(taller), (24, 0), (18, 60), PEN, 4)
    rest = rest_of(np.maximum(taller, stroke))
    assert rest[stroke > 0].mean() > 0.9
    assert not rest[30:50, :3].any()


def test_a_box_with_nothing_in_it_may_be_a_0_of_four_strokes(box: Drawing) -> None:
    assert not sides_of(box).any()


@pytest.mark.parametrize("digit", "0123456789")
def test_no_digit_is_a_box(digit: str) -> None:
    page = write(np.full((160, 160, 3), 255, np.uint8), digit, (40, 20), height=110)
    contrast = 255 - page[..., 0]
    rows, columns = np.flatnonzero(contrast.any(axis=1)), np.flatnonzero(contrast.any(axis=0))
    assert not sides_of(contrast[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]).any()


def test_a_box_that_is_open_at_a_side_is_none(box: Drawing) -> None:
    stroke = cv2.line(np.zeros_like(box), (6, 55), (12, 5), PEN, 4)
    assert sides_of(np.maximum(box, stroke)).any()
    box[:4, 22:36] = 0
    assert not sides_of(np.maximum(box, stroke)).any()


def test_what_is_as_thick_as_a_pen_is_no_side_of_a_box() -> None:
    thick = cv2.rectangle(np.zeros((60, 40), np.uint8), (4, 4), (35, 55), BOX, 9)
    assert not sides_of(cv2.line(thick, (20, 4), (20, 55), PEN, 9)).any()


def test_a_circle_around_a_digit_is_no_box() -> None:
    circle = cv2.ellipse(np.zeros((60, 40), np.uint8), (20, 30), (18, 28), 0, 0, 360, BOX, 3)
    assert not sides_of(cv2.line(circle, (20, 2), (20, 56), PEN, 4)).any()


def in_boxes(shade: int) -> Pixels:
    """`NUMBER`, each digit with a box of its own so close around it that it touches it."""
    page = paper(1000, 400)
    written = write(page, NUMBER, (80, 140), height=100, pitch=1.3)
    for place in range(len(NUMBER)):
        x = 80 + round(place * 130)
        cv2.rectangle(page, (x + 1, 141), (x + 56, 239), (shade, shade, shade), 3)
    return np.minimum(page, written)


@pytest.mark.parametrize("shade", [110, 180])
def test_the_ink_of_detected_digits_is_without_their_boxes(shade: int, model: Model) -> None:
    page = with_digits(flatten(in_boxes(shade)), model)
    (found,) = detected_pages(page)
    walls = [81 + 130 * place for place in range(len(NUMBER))]
    assert found.ink.pieces.labels[150:230, walls].mean() < 0.1
    assert len(np.unique(found.ink.pieces.labels[140:240])) > len(NUMBER)


@pytest.mark.parametrize("shade", [110, 180])
def test_a_number_in_boxes_that_its_digits_touch_is_read(shade: int, model: Model) -> None:
    assert read(encoded(in_boxes(shade), quality=92), model).text == NUMBER
