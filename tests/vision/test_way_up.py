# SPDX-License-Identifier: Apache-2.0
"""Which way up a photo lies is told from its largest lines; then it is read whole."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from tests.fuzz.hostile_pages import stripes
from vision import Model, read, way_up
from vision.attempt import MOST_PIECES, Attempt, attempt
from vision.level_pages import Levelled
from vision.way_up import SAMPLE

ROWS = [f"4{row % 10}734{(3 * row) % 10}347" for row in range(12)]


@pytest.fixture(scope="module")
def many() -> Pixels:
    page = paper(760, 1180)
    for row, digits in enumerate(ROWS):
        page = write(page, digits, (60, 40 + 92 * row), height=56)
    return page


@pytest.fixture
def mosts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much is read in each attempt from now on."""
    asked: list[int] = []

    def noted(pages: tuple[Levelled, ...], model: Model, most: int = MOST_PIECES) -> Attempt:
        asked.append(most)
        return attempt(pages, model, most)

    monkeypatch.setattr(way_up, "attempt", noted)
    return asked


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_more_digits_than_it_takes_to_tell_the_way_up_are_all_read(
    many: Pixels, quarters: int, model: Model
) -> None:
    assert len("".join(ROWS)) > SAMPLE
    turned = np.ascontiguousarray(np.rot90(many, -quarters))
    found = read(encoded(turned, quality=92), model)
    assert found.rotation == 90 * quarters
    assert found.text.split("|") == ROWS


def test_what_reads_as_nothing_is_read_whole_once_and_not_four_times(
    mosts: list[int], model: Model
) -> None:
    found = read(encoded(stripes(700, 900, np.random.default_rng(3)), quality=92), model)
    assert found.text == ""
    wholes = mosts.count(MOST_PIECES)
    assert wholes and mosts.count(SAMPLE) >= 3 * wholes


def test_a_page_that_reads_well_as_it_stands_is_not_turned(
    many: Pixels, mosts: list[int], model: Model
) -> None:
    read(encoded(many, quality=92), model)
    assert set(mosts) == {MOST_PIECES}


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("digit", ["3", "4", "7"])
def test_a_digit_alone_is_turned_upright_where_it_reads_as_nothing_else(
    digit: str, quarters: int, model: Model
) -> None:
    page = write(paper(160, 160), digit, (40, 25), height=110)
    found = read(encoded(np.ascontiguousarray(np.rot90(page, -quarters)), quality=92), model)
    assert (found.text, found.rotation) == (digit, 90 * quarters)


def test_a_dash_alone_is_not_turned_to_be_a_1(model: Model) -> None:
    page = write(paper(160, 160), "1", (40, 25), height=110)
    assert read(encoded(page, quality=92), model).text == "1"
    lying = np.ascontiguousarray(np.rot90(page))
    assert read(encoded(lying, quality=92), model).text == ""
