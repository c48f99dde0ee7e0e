# SPDX-License-Identifier: Apache-2.0
"""What the finder tells of whole digits becomes boxes, each digit once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import encoded, paper, write
from numpy.typing import NDArray

from vision import Model
from vision.detect import UNIT_PX, Detected, detected
from vision.finder import with_digits
from vision.findings import Findings
from vision.page import flatten
from vision.reader import examine

Soft = NDArray[np.float32]


def nothing(height: int, width: int) -> Soft:
    """What a network tells of a page of that size without digits."""
    spots = np.zeros((6, height // 4, width // 4), np.float32)
    spots[:4] = -12
    return spots


def tell(spots: Soft, x: int, y: int, size: tuple[float, float], logit: float = 4.0) -> None:
    """Puts a digit of that width and height into `spots`, its middle in the cell of (x, y)."""
    row, column = y // 4, x // 4
    spots[2 * (y // 2 % 2) + x // 2 % 2, row, column] = logit
    spots[4:, row, column] = np.log(np.array(size) / UNIT_PX)


def test_a_middle_and_a_size_are_a_box() -> None:
    spots = nothing(80, 120)
    tell(spots, 62, 34, (16, 30))
    found = detected([(spots, 1.0)])
    assert found.boxes[0] == pytest.approx([63 - 8, 35 - 15, 16, 30], abs=0.01)
    assert found.scores[0] == pytest.approx(0.982, abs=0.001)


def test_neighbours_two_cells_apart_are_two_digits() -> None:
    spots = nothing(80, 120)
    tell(spots, 40, 40, (5, 30))
    tell(spots, 48, 40, (5, 30))
    assert len(detected([(spots, 1.0)]).boxes) == 2


def test_a_digit_seen_from_two_distances_is_one_where_it_was_seen_best() -> None:
    near, far = nothing(80, 120), nothing(40, 60)
    tell(near, 62, 34, (20, 30), logit=0.5)
    tell(far, 31, 17, (10, 15), logit=3.0)
    found = detected([(near, 1.0), (far, 0.5)])
    assert found.looks.tolist() == [1]
    assert found.boxes[0, 2:] == pytest.approx([20, 30], abs=0.01)


def test_a_loop_inside_a_digit_is_no_digit_of_its_own() -> None:
    spots = nothing(80, 120)
    tell(spots, 60, 40, (24, 40), logit=3.0)
    tell(spots, 60, 50, (14, 16), logit=1.0)
    assert detected([(spots, 1.0)]).boxes[:, 3].tolist() == pytest.approx([40])


@pytest.mark.parametrize("size", [(3, 5), (90, 150)])
def test_what_is_too_small_or_too_large_is_left_to_another_look(size: tuple[int, int]) -> None:
    spots = nothing(160, 160)
    tell(spots, 80, 80, size)
    assert not len(detected([(spots, 1.0)]).boxes)


def found_on(page: NDArray[np.uint8], model: Model) -> Detected:
    seen = with_digits(flatten(page), model).detected
    assert seen is not None
    return seen


def test_the_shipped_finder_boxes_each_digit(model: Model) -> None:
    found = found_on(write(paper(900, 400), "482915", (80, 140)), model)
    clear = found.boxes[found.scores > 0.5]
    middles = np.sort(clear[:, 0] + clear[:, 2] / 2)
    assert len(clear) == 6
    assert np.diff(middles) == pytest.approx(np.full(5, 90), abs=25)
    assert clear[:, 3] == pytest.approx(np.full(6, 95), abs=25)


def test_bare_paper_has_no_digits(model: Model) -> None:
    assert not len(found_on(paper(), model).boxes)


def test_a_bundle_that_names_no_patches_reads_with_two_readers(model: Model) -> None:
    photo = encoded(write(paper(900, 400), "482915", (80, 140)), quality=92)
    found = examine(photo, replace(model, patches=None))
    assert isinstance(found, Findings) and found.page.detected is None
    (line,) = found.tried.lines
    assert line.told.readers == 2 and line.told.values == (4, 8, 2, 9, 1, 5)
