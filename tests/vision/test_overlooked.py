# SPDX-License-Identifier: Apache-2.0
"""Detected digits that a reading lacks are known, and no reading that lacks more is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import encoded, paper, write

from vision import Model, reader
from vision.attempt import Attempt
from vision.findings import Findings
from vision.overlooked import not_read, overlooked
from vision.page import Page
from vision.reader import examine


@pytest.fixture(scope="module")
def two_rows(model: Model) -> Findings:
    page = write(write(paper(900, 500), "4829", (80, 60)), "73061", (80, 300))
    found = examine(encoded(page, quality=92), model)
    assert isinstance(found, Findings) and len(found.tried.lines) == 2
    return found


def without_second_row(found: Findings) -> Attempt:
    return replace(found.tried, lines=found.tried.lines[:1])


def test_what_is_in_no_line_was_not_read(two_rows: Findings) -> None:
    found = replace(two_rows, tried=without_second_row(two_rows))
    assert not_read(two_rows.tried, two_rows.page, two_rows.turns).sum() == 0
    assert not_read(found.tried, found.page, found.turns).sum() == 5
    assert overlooked(two_rows) == 0
    assert 2.5 < overlooked(found) < 5


def test_a_page_on_which_nobody_looked_lacks_nothing(two_rows: Findings) -> None:
    page = replace(two_rows.page, detected=None)
    assert not_read(two_rows.tried, page, 0).shape == (0,)
    assert overlooked(replace(two_rows, page=page)) == 0


@pytest.mark.parametrize("lacks", [False, True])
def test_a_reading_of_all_ink_that_lacks_detected_digits_is_not_taken(
    two_rows: Findings, model: Model, monkeypatch: pytest.MonkeyPatch, lacks: bool
) -> None:
    """However well it reads: the two readings are put in the search's way."""
    page: Page = replace(two_rows.page, sharp=two_rows.page.digits)
    part, all_of_it = without_second_row(two_rows), two_rows.tried
    monkeypatch.setattr(reader, "with_digits", lambda *_: page)
    monkeypatch.setattr(reader, "_settled", lambda *_: False)
    readings = iter([all_of_it, part] if lacks else [part, all_of_it])
    monkeypatch.setattr(reader, "best_way_up", lambda *_: (next(readings), two_rows.turns))
    monkeypatch.setattr(reader, "without_print", lambda *_: None)
    look = reader.best_look(two_rows.photo, model)
    assert look.attempt is all_of_it
    assert np.all(look.page.contrast == page.contrast)
