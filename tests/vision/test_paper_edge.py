# SPDX-License-Identifier: Apache-2.0
"""A straight piece where paper of one brightness ends is the paper's edge, not a 1."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import Pixels, paper, write

from vision.components import Bools, find_components
from vision.ink import find_ink
from vision.page import FULL, flatten
from vision.paper_edge import on_edges

SIDE, SCALE = 192, 4  # pixels of the paper's brightness, and pixels of the page for each
BRIGHT, SHADED, DARK = 200, 150, 60


def brightness(right: int, at: int = SIDE // 2) -> Pixels:
    """A bright paper; right of `at`, something of another brightness."""
    found = np.full((SIDE, SIDE), BRIGHT, np.uint8)
    found[:, at:] = right
    return found


def page_with(*lines: tuple[tuple[int, int], tuple[int, int]]) -> Pixels:
    mask = np.zeros((SCALE * SIDE, SCALE * SIDE), np.uint8)
    for start, end in lines:
        cv2.line(mask, start, end, 1, 5)
    return mask


def told(mask: Pixels, found: Pixels) -> list[bool]:
    pieces = find_components(mask)
    everything: Bools = np.ones(len(pieces.areas), bool)
    return list(on_edges(pieces, everything, found))


@pytest.mark.parametrize(
    ("right", "edge"), [(BRIGHT, False), (SHADED, False), (DARK, True), (0, True)]
)
def test_a_stroke_has_the_same_paper_on_both_sides(right: int, edge: bool) -> None:
    stroke = page_with(((384, 300), (384, 380)))
    assert told(stroke, brightness(right)) == [edge]


@pytest.mark.parametrize("lean", [-30, 0, 30])
def test_an_edge_may_lean_or_lie(lean: int) -> None:
    edge = page_with(((384 - lean, 300), (384 + lean, 400)))
    assert told(edge, brightness(DARK)) == [True]
    assert told(edge.T.copy(), brightness(DARK).T.copy()) == [True]


def test_a_one_beside_the_edge_of_its_paper_stays() -> None:
    one = page_with(((352, 300), (352, 400)))
    assert told(one, brightness(DARK)) == [False]


def test_what_is_not_straight_is_no_edge() -> None:
    seven = page_with(((340, 300), (400, 300)), ((400, 300), (375, 380)))
    assert told(seven, brightness(DARK)) == [False]


def test_only_what_is_chosen_is_looked_at() -> None:
    pieces = find_components(page_with(((384, 300), (384, 380))))
    assert not on_edges(pieces, np.zeros(1, bool), brightness(DARK)).any()


def test_an_edge_that_the_finder_takes_for_a_digit_is_no_ink() -> None:
    page = write(paper(), "3758", (80, 140))
    page[:, 700:] = page[:, 700:] // 2  # darker paper lies beneath
    cv2.line(page, (700, 150), (700, 230), (30, 30, 30), 5)
    flat = flatten(page)
    seen = replace(flat, digits=np.full(flat.contrast.shape, FULL, np.uint8))
    high = [h for h in find_ink(seen).pieces.heights.tolist() if h > 40]
    assert len(high) == 4
    assert find_ink(seen).contrast[160:220, 690:710].max() < 0.1 * FULL
