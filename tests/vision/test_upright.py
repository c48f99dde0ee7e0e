# SPDX-License-Identifier: Apache-2.0
"""Digits themselves tell which way up they stand, and at which angle their line runs."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, read, reader
from vision.finder import with_digits
from vision.level_pages import Levelled, detected_pages
from vision.level_sight import seen_level
from vision.page import Page, flatten
from vision.upright import UPRIGHT, odds_of_turns, runs_at
from vision.way_up import best_way_up

NUMBER = "4829157"


def seen(pixels: Pixels, model: Model) -> Page:
    return with_digits(flatten(np.ascontiguousarray(pixels)), model)


def aslant(degrees: float) -> Pixels:
    """A number that rises by so many degrees."""
    page = write(paper(800, 800), NUMBER, (190, 370), height=60)
    move = cv2.getRotationMatrix2D((400, 400), degrees, 1)
    turned = cv2.warpAffine(page, move, (800, 800), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def pages_of(pixels: Pixels, model: Model) -> tuple[Levelled, ...]:
    return detected_pages(seen(pixels, model))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_the_way_up_with_the_highest_odds_is_the_right_one(quarters: int, model: Model) -> None:
    page = np.rot90(write(paper(), "275", (80, 140)), quarters)
    odds = odds_of_turns(pages_of(page, model), model)
    assert odds.argmax() == (4 - quarters) % 4
    assert np.sort(odds)[-1] > np.sort(odds)[-2] + UPRIGHT


@pytest.mark.parametrize("lacking", ["patches", "finder"])
def test_without_a_reader_of_single_digits_a_photo_stands_as_it_was_sent(
    lacking: str, model: Model
) -> None:
    page = write(paper(), "275", (80, 140))
    poorer = replace(model, **{lacking: None})
    odds = odds_of_turns(pages_of(page, poorer), poorer)
    assert odds.tolist() == [UPRIGHT, 0, 0, 0]


@pytest.mark.parametrize(("rising", "quarters"), [(30, 0), (-35, 0), (20, 1), (0, 2)])
def test_the_angle_at_which_a_number_runs_is_told(
    rising: float, quarters: int, model: Model
) -> None:
    pages = pages_of(np.rot90(aslant(rising), quarters), model)
    angle = runs_at(pages, odds_of_turns(pages, model))
    off = (angle + rising + 90 * quarters + 180) % 360 - 180
    assert abs(off) < 6


def test_no_page_runs_level() -> None:
    assert runs_at((), np.zeros(4)) == 0


def test_digits_are_seen_better_when_their_line_is_level(model: Model) -> None:
    page = seen(aslant(40), model)
    level = seen_level(page, -40, model)
    assert page.detected is not None and level.detected is not None
    assert level.detected.scores[: len(NUMBER)].sum() > page.detected.scores[: len(NUMBER)].sum()
    assert np.count_nonzero(level.detected.certain) == len(NUMBER)


def test_what_was_seen_level_is_told_in_places_of_the_page_as_it_lies(model: Model) -> None:
    page = seen_level(seen(aslant(40), model), -40, model)
    assert page.detected is not None and page.digits is not None and page.sharp is not None
    ink = page.contrast > 100
    for x, y, w, h in page.detected.boxes[: len(NUMBER)].astype(int):
        assert ink[y : y + h, x : x + w].sum() > 100
        assert max(w, h) == pytest.approx(60, rel=0.4)
    assert page.digits[ink].mean() > 200
    assert page.digits.shape == page.sharp.shape == page.contrast.shape


def test_a_page_on_which_less_is_seen_so_is_left_as_it_was(model: Model) -> None:
    page = seen(aslant(0), model)
    assert seen_level(page, 90, model) is page


@pytest.mark.parametrize(
    ("odds", "turns"),
    [((3.0, -2.0, 3.0, -2.0), 2), ((9.0, -2, 3, -2), 2), ((16.0, -2, 3, -2), 0)],
)
def test_a_lone_digit_that_reads_as_nothing_as_it_lies_turns_a_photo_unless_that_is_ruled_out(
    odds: tuple[float, ...], turns: int, model: Model
) -> None:
    page = seen(np.rot90(write(paper(600, 400), "4", (180, 120), height=120), 2), model)
    tried = best_way_up(detected_pages(page), page, model, np.array(odds))
    assert tried is not None and tried[1] == turns


@pytest.mark.parametrize(("rising", "looked_at"), [(0, []), (30, [-30])])
def test_only_what_runs_aslant_is_looked_at_again(
    rising: float, looked_at: list[float], model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def noted(page: Page, angle_deg: float, model: Model) -> Page:
        asked.append(angle_deg)
        return seen_level(page, angle_deg, model)

    monkeypatch.setattr(reader, "seen_level", noted)
    assert read(encoded(aslant(rising), quality=92), model).text == NUMBER
    assert asked == pytest.approx(looked_at, abs=6)
