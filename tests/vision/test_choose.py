# SPDX-License-Identifier: Apache-2.0
"""Which lines are the writing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import encoded, paper, write

from vision import Model
from vision.choose import Candidate, choose
from vision.decode import DIGIT_COST
from vision.findings import Findings
from vision.reader import examine
from vision.single import Sighting


@pytest.fixture(scope="module")
def stroke(model: Model) -> Candidate:
    """A lone 1, of which the other readers say that it is nothing."""
    found = examine(encoded(write(paper(), "1", (280, 140)), quality=92), model)
    assert isinstance(found, Findings)
    line = found.tried.lines[0]
    assert line.told.transcript is not None and line.told.values == (1,)
    deaf = replace(line.told.transcript, values=(), probabilities=())
    told = replace(line.told, transcript=deaf, sighting=Sighting((), ()))
    return replace(line, told=told, seen=0.95)


def test_a_lone_stroke_is_a_1_where_the_finder_clearly_saw_a_digit(stroke: Candidate) -> None:
    assert choose([stroke]) == (stroke,)


def test_any_other_stroke_in_which_the_other_readers_see_nothing_is_none(
    stroke: Candidate,
) -> None:
    assert choose([replace(stroke, seen=0.8)]) == ()


@pytest.fixture(scope="module")
def number(model: Model) -> Candidate:
    """A line of several digits that both readers read."""
    found = examine(encoded(write(paper(), "48291", (120, 140)), quality=92), model)
    assert isinstance(found, Findings) and found.tried.lines[0].told.agree
    return found.tried.lines[0]


def denied(line: Candidate) -> Candidate:
    """`line`, in which only the first reader sees digits."""
    assert line.told.transcript is not None
    deaf = replace(line.told.transcript, values=(), probabilities=())
    return replace(line, told=replace(line.told, transcript=deaf, sighting=Sighting((), ())))


def test_several_digits_that_the_others_deny_are_read_where_there_is_nothing_else(
    number: Candidate,
) -> None:
    words = denied(number)
    assert choose([words]) == (words,)
    assert choose([number, words]) == (number,)


@pytest.fixture(scope="module")
def lone(model: Model) -> Candidate:
    """A lone 1 that all readers read."""
    found = examine(encoded(write(paper(), "1", (280, 140)), quality=92), model)
    assert isinstance(found, Findings)
    told = found.tried.lines[0].told
    assert told.votes_for((1,)) == 3
    return found.tried.lines[0]


@pytest.mark.parametrize(("seen", "count"), [(0.9, 2), (0.7, 2), (0.6, 1)])
def test_a_lone_1_that_two_readers_read_needs_to_be_seen_less_clearly(
    number: Candidate, lone: Candidate, seen: float, count: int
) -> None:
    assert len(choose([number, replace(lone, seen=seen)])) == count


@pytest.mark.parametrize("digit", ["1", "2"])
@pytest.mark.parametrize(("seen", "count"), [(0.9, 2), (0.7, 1)])
def test_a_lone_digit_that_was_not_detected_beside_others_needs_to_be_clearly_seen(
    number: Candidate, model: Model, digit: str, seen: float, count: int
) -> None:
    found = examine(encoded(write(paper(), digit, (280, 140)), quality=92), model)
    assert isinstance(found, Findings)
    line = found.tried.lines[0]
    undetected = replace(line.told, sighting=Sighting((), ()))
    assert undetected.agree
    assert len(choose([number, replace(line, told=undetected, seen=seen)])) == count


def poor(line: Candidate, quality: float) -> Candidate:
    """`line`, of which no two readers say the same and no digit is better than `quality`."""
    cost = float(DIGIT_COST - np.log(quality))
    choices = tuple(replace(choice, cost=cost) for choice in line.decoded.choices)
    told = replace(line.told, decoded=replace(line.told.decoded, choices=choices))
    assert told.transcript is not None
    other = replace(told.transcript, values=(0,))
    return replace(line, told=replace(told, transcript=other, sighting=Sighting((), ())))


@pytest.mark.parametrize(
    ("quality", "seen", "count"), [(0.65, 0.9, 2), (0.65, 0.8, 1), (0.5, 0.9, 1)]
)
def test_several_digits_that_read_poorly_are_told_where_they_are_clearly_seen(
    number: Candidate, quality: float, seen: float, count: int
) -> None:
    touching = replace(poor(number, quality), seen=seen)
    assert len(choose([number, touching])) == count


@pytest.mark.parametrize(("holes", "read"), [(15, True), (20, False)])
def test_ink_with_far_more_holes_than_its_digits_have_is_a_texture(
    number: Candidate, holes: int, read: bool
) -> None:
    ink = np.ones_like(number.strip.ink)
    for place in range(holes):
        ink[10:13, 6 + 8 * place : 9 + 8 * place] = 0
    pattern = replace(denied(number), strip=replace(number.strip, ink=ink))
    assert bool(choose([pattern])) is read


def test_what_the_readers_read_well_is_no_texture(number: Candidate) -> None:
    holed = np.ones_like(number.strip.ink)
    holed[10:13, 6::8] = holed[10:13, 7::8] = holed[10:13, 8::8] = 0
    faint = replace(number, strip=replace(number.strip, ink=holed))
    assert choose([faint]) == (faint,)


def test_a_page_of_nothing_has_no_writing() -> None:
    assert choose([]) == ()
