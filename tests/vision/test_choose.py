# SPDX-License-Identifier: Apache-2.0
"""Which lines are the writing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawing import encoded, paper, write

from vision import Model
from vision.choose import Candidate, choose
from vision.findings import Findings
from vision.reader import examine


@pytest.fixture(scope="module")
def stroke(model: Model) -> Candidate:
    """A lone 1, of which the second reader says that it is nothing."""
    found = examine(encoded(write(paper(), "1", (280, 140)), quality=92), model)
    assert isinstance(found, Findings)
    line = found.tried.lines[0]
    assert line.told.transcript is not None and line.told.values == (1,)
    deaf = replace(line.told.transcript, values=(), probabilities=())
    return replace(line, told=replace(line.told, transcript=deaf, agree=False), seen=0.95)


def test_a_lone_stroke_is_a_1_where_the_finder_clearly_saw_a_digit(stroke: Candidate) -> None:
    assert choose([stroke]) == (stroke,)


def test_any_other_stroke_in_which_the_second_reader_sees_nothing_is_none(
    stroke: Candidate,
) -> None:
    assert choose([replace(stroke, seen=0.8)]) == ()


def test_a_page_of_nothing_has_no_writing() -> None:
    assert choose([]) == ()
