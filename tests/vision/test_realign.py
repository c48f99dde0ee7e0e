# SPDX-License-Identifier: Apache-2.0
"""Digits that somebody knows are found again on the photo, or are told to be no likely reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Box, Model, Photo, Reading, decode_photo, read, realign

NUMBER = "482915"
HEIGHT, LEFT, TOP = 90, 80, 140


def page(*lines: str) -> Pixels:
    drawn = paper(1000, 200 + 220 * len(lines))
    for place, line in enumerate(lines):
        drawn = write(drawn, line, (LEFT, TOP + 220 * place))
    return drawn


def photo_of(data: bytes) -> Photo:
    photo = decode_photo(data, max_pixels=50_000_000, max_bytes=16_000_000)
    assert isinstance(photo, Photo)
    return photo


def found_in(drawn: Pixels, model: Model, digits: str, **changes: object) -> tuple[Box, ...] | None:
    data = encoded(drawn, quality=92)
    reading: Reading = replace(read(data, model), **changes)  # type: ignore[arg-type]
    return realign(photo_of(data), model, reading, digits)


def test_what_was_read_is_found_where_it_was_read(model: Model) -> None:
    data = encoded(page(NUMBER), quality=92)
    boxes = [digit.box for digit in read(data, model).digits]
    assert list(realign(photo_of(data), model, read(data, model), NUMBER) or ()) == boxes


def test_each_digit_is_found_on_its_line(model: Model) -> None:
    boxes = found_in(page(NUMBER, "7036"), model, f"{NUMBER}|7036")
    assert boxes is not None
    assert [box.y > TOP + HEIGHT for box in boxes] == [False] * 6 + [True] * 4
    assert [box.x for box in boxes[:6]] == sorted(box.x for box in boxes[:6])


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_turned_photo_gives_upright_boxes(quarters: int, model: Model) -> None:
    turned = np.ascontiguousarray(np.rot90(page(NUMBER), quarters))
    boxes = found_in(turned, model, NUMBER)
    assert boxes is not None
    for box, left in zip(boxes, range(LEFT, 1000, HEIGHT), strict=False):
        assert abs(box.x + box.w / 2 - left - 0.35 * HEIGHT) < 0.5 * HEIGHT


@pytest.mark.parametrize("slip", ["48291", "4829155", "42915", "7"])
def test_a_slip_is_no_likely_reading(slip: str, model: Model) -> None:
    assert found_in(page(NUMBER), model, slip) is None


@pytest.mark.parametrize("digits", ["482|915", f"{NUMBER}|7", ""])
def test_other_lines_than_there_are_cannot_be_found(digits: str, model: Model) -> None:
    assert found_in(page(NUMBER), model, digits) is None


def test_a_reading_of_another_way_up_has_other_boxes(model: Model) -> None:
    assert found_in(page(NUMBER), model, NUMBER, rotation=90) is None


def test_without_a_second_reader_nothing_is_likely_enough(model: Model) -> None:
    assert found_in(page(NUMBER), replace(model, lines=None), NUMBER) is None


def test_bare_paper_holds_no_number(model: Model) -> None:
    assert found_in(paper(), model, NUMBER) is None
