# SPDX-License-Identifier: Apache-2.0
"""No digit that was surely detected is lost because its ink is hard to tell from what is around."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from drawing import Pixels, paper, write

from vision.detect import Detected
from vision.ink import Ink, find_ink, keep_digits
from vision.level_pages import detected_pages
from vision.orient import LEVEL, levelled
from vision.page import Page, flatten
from vision.trace import with_lost_ink

BOX = (285, 135, 70, 100)  # around the 8 of a page


def an_eight() -> Pixels:
    return write(paper(), "8", (290, 140))


def seen_on(page: Page, *, score: float = 0.9) -> tuple[Page, Detected]:
    """`page` with an 8 detected in `BOX`."""
    x, y, w, h = BOX
    digits = np.zeros_like(page.contrast)
    digits[y : y + h, x : x + w] = 230
    detected = Detected(np.array([BOX], np.float32), np.array([score], np.float32), np.array([0]))
    return replace(page, digits=digits), detected


def inked(ink: Ink) -> int:
    """Pixels of ink in the box."""
    x, y, w, h = BOX
    return int(np.count_nonzero(ink.pieces.labels[y : y + h, x : x + w]))


def without_ink(ink: Ink) -> Ink:
    return replace(ink, pieces=ink.pieces.only(np.zeros(len(ink.pieces.areas), bool)))


def test_a_lost_digit_gets_its_ink_back() -> None:
    page, detected = seen_on(flatten(an_eight()))
    whole = keep_digits(find_ink(page))
    found = with_lost_ink(without_ink(whole), page, detected, LEVEL)
    assert len(found.pieces.areas) == 1
    assert 0.9 < inked(found) / inked(whole) < 1.1
    assert 0.9 < found.darkness[0] / whole.darkness[0] < 1.1


def test_a_digit_in_doubt_is_no_reason_to_look_for_ink() -> None:
    page, detected = seen_on(flatten(an_eight()), score=0.45)
    lost = without_ink(keep_digits(find_ink(page)))
    assert with_lost_ink(lost, page, detected, LEVEL) is lost


def test_ink_that_is_there_stays_as_it_is() -> None:
    page, detected = seen_on(flatten(an_eight()))
    whole = keep_digits(find_ink(page))
    assert with_lost_ink(whole, page, detected, LEVEL) is whole


def test_other_ink_in_the_box_is_not_the_digits() -> None:
    ruled = an_eight()
    cv2.line(ruled, (0, 190), (899, 190), (90, 90, 120), 3)
    page, detected = seen_on(flatten(ruled))
    assert page.digits is not None
    page.digits[186:195] //= 4  # the finder tells the rule from the digit
    found = with_lost_ink(without_ink(find_ink(page)), page, detected, LEVEL)
    assert inked(found) > 0
    assert not found.pieces.labels[186:195].any()


def test_a_digit_on_a_page_that_was_turned_level_is_found_where_it_is_now() -> None:
    page, detected = seen_on(flatten(an_eight()))
    turned, to_page = levelled(page, 20.0)
    whole = keep_digits(find_ink(turned))
    found = with_lost_ink(without_ink(whole), turned, detected, to_page)
    assert 0.85 < found.pieces.areas.sum() / whole.pieces.areas.sum() < 1.15


def test_a_digit_in_a_shadow_that_is_erased_along_the_frame_is_there_to_be_read() -> None:
    page, detected = seen_on(flatten(an_eight()[:245]))
    page.contrast[215:, 100:800] = np.maximum(page.contrast[215:, 100:800], 60)
    assert not inked(find_ink(page))
    (found,) = detected_pages(replace(page, sharp=page.digits, detected=detected))
    assert inked(found.ink) > 500
