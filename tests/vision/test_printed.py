# SPDX-License-Identifier: Apache-2.0
"""Print beside handwriting is told apart by rows, and only where somebody wrote."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import paper, write
from numpy.typing import NDArray

from vision import Model, printed
from vision.detect import Detected
from vision.finder import with_digits
from vision.orient import LEVEL
from vision.page import Page, flatten
from vision.printed import without_print

PRINT, WRITTEN, DOUBTED = 0.05, 0.95, 0.3  # probability of being written by hand


@pytest.fixture(scope="module")
def page(model: Model) -> Page:
    """Two rows, the second a little lower: 4 and 5 digits, detected."""
    one = write(paper(900, 500), "4829", (80, 60))
    return with_digits(flatten(write(one, "73061", (80, 300))), model)


def told(
    page: Page, model: Model, monkeypatch: pytest.MonkeyPatch, rows: list[list[float]]
) -> Page | None:
    """What is left of `page` when the network gives the digits these probabilities."""
    assert page.detected is not None
    assert len(page.detected.boxes) == sum(map(len, rows))
    lower = page.detected.boxes[:, 1] > 200
    order = np.lexsort((page.detected.boxes[:, 0], lower))
    p = np.zeros(len(order), np.float32)
    p[order] = np.concatenate(rows)
    monkeypatch.setattr(printed, "by_hand", lambda patches, model: p)
    return without_print(page, model, 0, LEVEL)


def xs(found: Detected | None, *, lower: bool) -> list[int]:
    assert found is not None
    rows = (found.boxes[:, 1] > 200) == lower
    return sorted(int(x) for x in found.boxes[rows, 0])


def test_a_printed_row_beside_a_written_one_is_not_there_any_more(
    page: Page, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = told(page, model, monkeypatch, [[PRINT] * 4, [WRITTEN] * 5])
    assert left is not None and left.digits is not None and page.digits is not None
    assert xs(left.detected, lower=False) == []
    assert len(xs(left.detected, lower=True)) == 5
    assert page.detected is not None
    for x, y, w, h in page.detected.boxes.astype(int):
        here = np.s_[y : y + h, x : x + w]
        assert page.digits[here].any()
        assert left.digits[here].any() == (y > 200)


def test_a_printed_page_is_read_as_print(
    page: Page, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(page, model, monkeypatch, [[PRINT] * 4, [PRINT] * 5]) is None


def test_one_digit_like_print_among_written_ones_is_written_too(
    page: Page, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[WRITTEN, WRITTEN, DOUBTED, WRITTEN], [WRITTEN] * 5]
    assert told(page, model, monkeypatch, rows) is None


def test_what_is_printed_at_the_head_of_a_written_row_is_cut_off(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write(paper(900, 500), "48", (80, 60))
    page = with_digits(flatten(write(one, "296", (420, 60))), model)
    left = told(page, model, monkeypatch, [[PRINT, PRINT, 0.99, 0.99, 0.99]])
    assert left is not None
    assert xs(left.detected, lower=False) == xs(page.detected, lower=False)[2:]
    assert left.print_doubtful


def test_print_far_from_a_clearly_written_row_leaves_no_doubt(
    page: Page, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = told(page, model, monkeypatch, [[PRINT] * 4, [0.99] * 5])
    assert clear is not None and not clear.print_doubtful
    unclear = told(page, model, monkeypatch, [[PRINT] * 4, [0.99, 0.7, 0.4, 0.6, 0.4]])
    assert unclear is None  # nobody surely wrote here


def test_written_ink_that_reaches_into_a_printed_digits_box_stays(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = flatten(paper(300, 200))
    boxes = np.array([[50, 20, 60, 80], [60, 85, 60, 80], [130, 85, 60, 80]], np.float32)
    digits = np.full_like(page.contrast, 200)
    seen = Detected(boxes, np.full(3, 0.9, np.float32), np.zeros(3, np.intp))
    p = np.array([0.001, 0.999, 0.999], np.float32)
    monkeypatch.setattr(printed, "by_hand", lambda patches, model: p)
    left = without_print(replace(page, digits=digits, detected=seen), model, 0, LEVEL)
    assert left is not None and left.digits is not None
    assert not left.digits[20:84, 55:105].any()
    assert left.digits[86:160, 60:110].all()


def lying(page: Page, turns: int) -> Page:
    """`page` turned clockwise by so many quarters, with what was detected on it."""
    for _ in range(turns):
        assert page.detected is not None
        x, y, w, h = page.detected.boxes.T
        boxes = np.stack((page.contrast.shape[0] - y - h, x, h, w), axis=1)
        contrast = np.ascontiguousarray(np.rot90(page.contrast, -1))
        page = replace(page, contrast=contrast, detected=replace(page.detected, boxes=boxes))
    return page


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_judged_upright_however_it_lies(
    turns: int, page: Page, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[NDArray[np.float32]] = []

    def looked_at(patches: NDArray[np.float32], model: Model) -> NDArray[np.float32]:
        seen.append(patches)
        return np.full(len(patches), 0.5, np.float32)

    monkeypatch.setattr(printed, "by_hand", looked_at)
    without_print(page, model, 0, LEVEL)
    without_print(lying(page, turns), model, turns, LEVEL)
    assert np.abs(seen[0] - seen[1]).mean() < 0.02


def test_a_bundle_that_cannot_tell_print_reads_all(page: Page, model: Model) -> None:
    assert without_print(page, replace(model, prints=None), 0, LEVEL) is None
