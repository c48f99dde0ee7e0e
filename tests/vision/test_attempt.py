# SPDX-License-Identifier: Apache-2.0
"""Of a page's angles, the one at which its lines hold together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawing import encoded, paper, write

from vision import Model, read
from vision.attempt import NEARLY, Attempt, attempt, best_of
from vision.level_pages import levelled_pages
from vision.page import flatten

ROWS = ("482", "915", "736")


@pytest.mark.parametrize("text", ["237845", "482915", "90826"])
def test_a_number_that_runs_down_a_slope_is_one_number(model: Model, text: str) -> None:
    page = paper(900, 700)
    for place, digit in enumerate(text):
        page = write(page, digit, (80 + 110 * place, 100 + 75 * place), height=80)
    assert [line.text for line in read(encoded(page), model=model).lines] == [text]


@pytest.fixture(scope="module")
def rows(model: Model) -> Attempt:
    page = paper(900, 700)
    for row, text in enumerate(ROWS):
        page = write(page, text, (80 + 120 * row, 60 + 200 * row), height=80)
    return attempt(levelled_pages(flatten(page)), model)


def in_one_line(rows: Attempt, doubt: float = 0.0, lost: int = 0) -> Attempt:
    """The digits of `rows` without the last `lost`, in one line, each with more `doubt`."""
    digits = tuple(replace(digit, cost=digit.cost + doubt) for digit in rows.digits)
    first = rows.lines[0]
    kept = replace(first.decoded, choices=digits[: len(digits) - lost])
    return replace(rows, lines=(replace(first, told=replace(first.told, decoded=kept)),))


def test_rows_below_each_other_stay_rows(rows: Attempt) -> None:
    assert tuple("".join(map(str, line.told.values)) for line in rows.lines) == ROWS


@pytest.mark.parametrize(("doubt", "whole"), [(0.05, True), (0.5, False)])
def test_fewer_lines_must_read_nearly_as_well(rows: Attempt, doubt: float, whole: bool) -> None:
    one = in_one_line(rows, doubt)
    assert one.score < rows.score
    assert (best_of([rows, one]) is one) is whole


def test_fewer_lines_must_hold_as_many_digits(rows: Attempt) -> None:
    fewer = in_one_line(rows, lost=1)
    assert fewer.score > NEARLY * rows.score
    assert best_of([rows, fewer]) is rows
