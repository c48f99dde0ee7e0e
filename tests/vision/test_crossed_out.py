# SPDX-License-Identifier: Apache-2.0
"""Numbers that somebody drew a line through are never told as if they counted."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, Reading, read
from vision.reading import Line

NUMBER = "482915"
INK = (35, 35, 60)


def page(*, height: int = 90, slope: float = 0.0) -> Pixels:
    return write(paper(1000, 440), NUMBER, (80, 140), height=height, slope=slope)


def struck(number: Pixels, found: Reading, *, rise: float = 0.0, thick: int = 5) -> Pixels:
    """`number`, with a stroke through what was `found` that rises by `rise` of its height."""
    boxes = [digit.box for digit in found.digits]
    height = boxes[0].h
    (left, start), (right, stop) = (
        (round(box.x + beyond * box.w), round(box.y + (0.5 + up * rise / 2) * height))
        for box, beyond, up in ((boxes[0], -0.3, 1), (boxes[-1], 1.3, -1))
    )
    return cv2.line(number.copy(), (left, start), (right, stop), INK, thick, cv2.LINE_AA)


def reading(photo: Pixels, model: Model) -> Reading:
    return read(encoded(photo, quality=92), model)


def crossed_out(found: Reading) -> list[bool]:
    return [line.crossed_out for line in found.lines]


@pytest.mark.parametrize("height", [40, 90, 160])
@pytest.mark.parametrize("rise", [-0.4, 0.0, 0.4])
def test_a_number_with_a_stroke_through_it_is_not_sure(
    height: int, rise: float, model: Model
) -> None:
    plain = page(height=height)
    before = reading(plain, model)
    assert (before.text, crossed_out(before)) == (NUMBER, [False])
    after = reading(struck(plain, before, rise=rise, thick=max(3, height // 18)), model)
    assert not after.sure
    assert crossed_out(after) == [True]


@pytest.mark.parametrize("quarters", [1, 2])
def test_so_it_is_on_a_turned_photo(quarters: int, model: Model) -> None:
    photo = struck(page(), reading(page(), model))
    assert crossed_out(reading(np.ascontiguousarray(np.rot90(photo, quarters)), model)) == [True]


def test_the_number_beside_it_counts(model: Model) -> None:
    wrong = reading(page(), model)
    both = np.vstack([struck(page(), wrong), write(paper(1000, 300), "703", (80, 80))])
    assert crossed_out(reading(both, model)) == [True, False]


@pytest.mark.parametrize("first", [50, 70])
def test_rules_through_writing_cross_nothing_out(first: int, model: Model) -> None:
    ruled = paper(1000, 440)
    for y in range(first, 440, 45):
        cv2.line(ruled, (0, y), (1000, y), (120, 120, 150), 2)
    found = reading(write(ruled, NUMBER, (80, 140)), model)
    assert (found.text, crossed_out(found)) == (NUMBER, [False])


@pytest.mark.parametrize("text", ["77777", "44444", "11", "00000"])
def test_digits_with_bars_in_a_row_are_not_crossed_out(text: str, model: Model) -> None:
    found = reading(write(paper(1000, 440), text, (80, 140)), model)
    assert (found.text, crossed_out(found)) == (text, [False])


def test_it_is_told_to_other_programs(model: Model) -> None:
    found = reading(page(), model)
    out = replace(found, lines=(replace(found.lines[0], crossed_out=True),))
    told = json.loads(json.dumps(out.as_dict()))
    assert told["lines"][0]["crossed_out"] is True
    assert Reading.from_dict(told).lines[0].crossed_out
    del told["lines"][0]["crossed_out"]
    assert not Line.from_dict(told["lines"][0]).crossed_out, "as older releases stored it"
