# SPDX-License-Identifier: Apache-2.0
"""What is drawn around digits goes; digits stay, even where they touch it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.components import find_components
from vision.rings import rings

Drawing = NDArray[np.uint8]


def digit_in(outline: Drawing) -> list[bool]:
    """Which pieces of `outline` and of a stroke in its middle are rings, largest first."""
    cv2.line(outline, (150, 80), (150, 120), 1, 5)
    pieces = find_components(outline)
    found = rings(pieces, np.ones(len(pieces.areas), bool))
    return [bool(found[row]) for row in np.argsort(-pieces.heights)]


@pytest.fixture()
def page() -> Drawing:
    return np.zeros((200, 300), np.uint8)


def test_a_circle_around_a_digit_is_a_ring(page: Drawing) -> None:
    assert digit_in(cv2.circle(page, (150, 100), 45, 1, 4)) == [True, False]


def test_a_circle_that_does_not_close_is_one_too(page: Drawing) -> None:
    assert digit_in(cv2.ellipse(page, (150, 100), (45, 45), 0, 20, 345, 1, 4)) == [True, False]


def test_a_box_around_a_digit_is_a_ring(page: Drawing) -> None:
    assert digit_in(cv2.rectangle(page, (110, 60), (190, 140), 1, 3)) == [True, False]


def test_a_circle_that_a_digit_touches_stays_for_the_digits_sake(page: Drawing) -> None:
    outline = cv2.ellipse(page, (150, 100), (100, 45), 0, 0, 360, 1, 4)
    cv2.line(outline, (215, 50), (215, 120), 1, 5)
    assert not any(digit_in(outline))


def test_a_zero_with_a_dot_is_no_ring(page: Drawing) -> None:
    zero = cv2.ellipse(page, (60, 100), (22, 40), 0, 0, 360, 1, 6)
    cv2.circle(zero, (60, 100), 4, 1, -1)
    assert not any(digit_in(zero))
