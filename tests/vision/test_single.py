# SPDX-License-Identifier: Apache-2.0
"""The third reader: digits by themselves, whichever way the page lies."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import paper, write
from numpy.typing import NDArray

from vision import Model
from vision.attempt import attempt
from vision.detect import Detected
from vision.finder import with_digits
from vision.level_pages import detected_pages
from vision.page import Page, flatten
from vision.patch import PATCH_PX, cut_patches, smaller_and_smaller
from vision.reading import Box
from vision.single import Sighting, read_in_doubt, sheet_of

LEVEL = np.eye(2, 3)


def a_slash(side: int) -> NDArray[np.uint8]:
    """A stroke from the top left to the bottom right of a page."""
    page = np.zeros((side, side), np.float32)
    for offset in range(-side // 20, side // 20):
        page += np.eye(side, k=offset, dtype=np.float32)
    return np.asarray(255 * np.minimum(page, 1), np.uint8)


@pytest.mark.parametrize("side", [40, 80, 320])
def test_a_patch_is_the_same_however_large_the_digit_is_on_its_page(side: int) -> None:
    spot = np.array([[side / 2, side / 2, 0.5 * side]], np.float32)
    patch = cut_patches(smaller_and_smaller(a_slash(side)), spot, 0.0)[0]
    alike = cut_patches(smaller_and_smaller(a_slash(160)), 160 / side * spot, 0.0)[0]
    assert patch.shape == (PATCH_PX, PATCH_PX)
    assert np.abs(patch - alike).mean() < 0.06


def test_a_patch_stands_upright_where_writing_runs_down_the_page() -> None:
    page = a_slash(96)
    page[60:] = 0
    levels, spot = smaller_and_smaller(page), np.array([[47.5, 47.5, 40.0]], np.float32)
    turned = smaller_and_smaller(np.ascontiguousarray(np.rot90(page, -1)))
    upright, down = cut_patches(levels, spot, 0.0)[0], cut_patches(turned, spot, 90.0)[0]
    assert np.abs(upright - down).mean() < 0.02
    assert np.abs(upright - cut_patches(levels, spot, 90.0)[0]).mean() > 0.1


def seen(*digits: tuple[int, float]) -> Sighting:
    """Digits of these values, each with that probability; else it is none."""
    probabilities = np.zeros((len(digits), 11), np.float32)
    for row, (value, p) in zip(probabilities, digits, strict=True):
        row[value], row[10] = p, 1 - p
    boxes = tuple(Box(40 * i, 0, 30, 40) for i in range(len(digits)))
    return Sighting(boxes, tuple(probabilities))


def test_what_is_hardly_a_digit_is_not_read() -> None:
    assert seen((4, 0.9), (1, 0.3), (8, 0.8)).values == (4, 8)


def test_saying_what_was_seen_costs_least() -> None:
    sighting = seen((4, 0.9), (1, 0.7), (8, 0.8))
    costs = {v: sighting.cost_of(v) for v in [(4, 1, 8), (4, 8), (4, 7, 8), (4, 1, 8, 8), ()]}
    assert min(costs, key=costs.__getitem__) == (4, 1, 8)
    assert costs[(4, 1, 8)] == pytest.approx(-np.log(0.9 * 0.7 * 0.8), abs=1e-5)
    assert costs[(4, 8)] == pytest.approx(-np.log(0.9 * 0.3 * 0.8), abs=1e-5)


def test_nothing_seen_makes_every_digit_dear() -> None:
    assert seen().cost_of((1, 2)) == pytest.approx(2 * seen().cost_of((1,)))
    assert seen().cost_of(()) == 0


def page_of(model: Model, turns: int = 0) -> Page:
    pixels = write(paper(900, 400), "482915", (80, 140))
    return with_digits(flatten(np.ascontiguousarray(np.rot90(pixels, turns))), model)


def test_the_third_reader_reads_what_it_detects(model: Model) -> None:
    (line,) = attempt(detected_pages(page_of(model)), model).lines
    assert line.told.sighting is not None
    assert line.told.sighting.values == (4, 8, 2, 9, 1, 5)
    assert line.told.votes_for(line.told.values) == 3


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_it_reads_a_page_that_lies_on_its_side_once_it_is_turned(model: Model, turns: int) -> None:
    page = page_of(model, turns)
    upright = tuple(one.turned(4 - turns, page.contrast.shape) for one in detected_pages(page))
    (line,) = attempt(upright, model).lines
    assert line.told.sighting is not None
    assert line.told.sighting.values == (4, 8, 2, 9, 1, 5)


def test_a_sheet_turned_four_times_lies_as_before(model: Model) -> None:
    page = page_of(model)
    assert page.detected is not None
    sheet, shape = sheet_of(page.contrast, page.detected), page.contrast.shape
    turned = sheet
    for _ in range(4):
        turned, shape = turned.turned(1, shape), shape[::-1]
    np.testing.assert_allclose(turned.to_sheet, LEVEL, atol=1e-9)


def test_a_number_in_a_box_is_read_whole(model: Model) -> None:
    pixels = write(paper(900, 400), "482915", (80, 140))
    pixels[120:124, 60:640] = pixels[250:254, 60:640] = 40
    for x in range(62, 641, 90):
        pixels[120:254, x : x + 4] = 40
    page = with_digits(flatten(pixels), model)
    (line,) = attempt(detected_pages(page), model).lines
    assert line.told.values == (4, 8, 2, 9, 1, 5)


@pytest.mark.parametrize(("drawn", "read"), [("4", 1), ("", 0)])
def test_what_was_detected_in_doubt_counts_where_the_third_reader_reads_it(
    model: Model, drawn: str, read: int
) -> None:
    contrast = flatten(write(paper(400, 300), drawn, (150, 100))).contrast
    doubted = Detected(
        np.array([[150, 100, 60, 95]], np.float32), np.array([0.45], np.float32), np.array([0])
    )
    assert read_in_doubt(sheet_of(contrast, doubted), LEVEL, model) == read
