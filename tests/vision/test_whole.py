# SPDX-License-Identifier: Apache-2.0
"""A digit in bits is one piece of ink, and its neighbours are not part of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, read
from vision.detect import Detected
from vision.ink import Ink, find_ink
from vision.orient import LEVEL
from vision.page import flatten
from vision.whole import with_whole_digits

BOXES = [(75, 135, 70, 100), (175, 135, 70, 100)]  # of the digits of a page, as they are detected


def broken(text: str, *gaps: int) -> Pixels:
    """`text` without its ink in some rows of 8 pixels, as a pen skips."""
    page, bare = write(paper(), text, (80, 140), pitch=100 / 90), paper()
    for top in gaps:
        page[top : top + 8] = bare[top : top + 8]
    return page


def ink_of(page: Pixels, *boxes: tuple[int, int, int, int]) -> Ink:
    """The ink of `page`, on which digits were surely detected in `boxes`."""
    scores, looks = np.full(len(boxes), 0.9, np.float32), np.zeros(len(boxes), np.intp)
    detected = Detected(np.array(boxes, np.float32).reshape(-1, 4), scores, looks)
    return with_whole_digits(find_ink(flatten(page)), detected, LEVEL)


def heights(ink: Ink) -> list[int]:
    return sorted(int(height) for height in ink.pieces.heights if height > 5)


def test_the_bits_of_a_digit_are_one_piece() -> None:
    page = broken("41", 170, 195)
    assert len(heights(ink_of(page))) > 4
    dust, *whole = heights(ink_of(page, *BOXES))
    assert dust < 10
    assert whole == pytest.approx([90, 90], abs=10)


def test_a_piece_has_the_box_area_and_darkness_of_its_bits() -> None:
    bits, whole = (ink_of(broken("1", 180), *boxes) for boxes in ([], BOXES[:1]))
    assert len(bits.pieces.areas) == 2
    assert whole.pieces.areas.tolist() == [bits.pieces.areas.sum()]
    assert whole.pieces.boxes[0].tolist() == list(bits.pieces.bounds_of(np.arange(2)))
    assert np.count_nonzero(whole.pieces.labels == 1) == whole.pieces.areas[0]
    assert bits.darkness.min() <= whole.darkness[0] <= bits.darkness.max()


def test_what_is_no_digit_is_left_in_bits() -> None:
    assert len(heights(ink_of(broken("11", 180), BOXES[0]))) == 3


def test_a_whole_digit_takes_in_nothing() -> None:
    page = write(broken("1"), "1", (125, 200), height=25)
    assert len(heights(ink_of(page, (75, 130, 80, 110)))) == 2


def test_a_digit_in_doubt_is_no_reason_to_put_bits_together() -> None:
    ink = find_ink(flatten(broken("1", 180)))
    doubted = Detected(
        np.array(BOXES[:1], np.float32), np.array([0.4], np.float32), np.zeros(1, np.intp)
    )
    assert with_whole_digits(ink, doubted, LEVEL) is ink
    sure = replace(doubted, scores=np.array([0.9], np.float32))
    assert with_whole_digits(ink, sure, LEVEL) is not ink


@pytest.mark.parametrize("text", ["4829", "7315", "25"])
def test_a_number_whose_pen_skips_is_read(text: str, model: Model) -> None:
    found = read(encoded(broken(text, 165, 200), quality=92), model)
    assert [line.text for line in found.lines] == [text]
