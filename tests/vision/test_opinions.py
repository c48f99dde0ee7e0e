# SPDX-License-Identifier: Apache-2.0
"""The readers' views of each digit of a line, mixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import encoded, paper, write

from vision import Model
from vision.choose import Candidate
from vision.decode import Choice
from vision.findings import Findings
from vision.opinions import agreed
from vision.reader import examine
from vision.trust import Trust

NUMBER = "482915"


@pytest.fixture(scope="module")
def line(model: Model) -> Candidate:
    found = examine(encoded(write(paper(), NUMBER, (80, 140)), quality=92), model)
    assert isinstance(found, Findings)
    return found.tried.lines[0]


def named(choice: Choice, value: int, p: float) -> Choice:
    """`choice` as a reader sees it who takes it for `value`."""
    probabilities = np.full(11, (1 - p) / 10, np.float32)
    probabilities[value] = p
    return replace(choice, probabilities=probabilities)


def test_a_digit_that_both_name_is_surer_than_one_they_dispute(line: Candidate) -> None:
    first, *rest = line.decoded.choices
    assert line.told.transcript is not None
    disputed = replace(line.told.own, choices=(named(first, 9, 0.9), *rest))
    told = replace(line.told, decoded=disputed, own=disputed, sighting=None)
    choices = agreed(replace(line, told=told), Trust()).choices
    assert choices[0].probabilities[[4, 9]] == pytest.approx([0.5, 0.45], abs=0.05)
    assert choices[1].probabilities.max() > 0.9


def test_where_the_second_reader_is_believed_its_digits_keep_their_places(line: Candidate) -> None:
    choices = line.decoded.choices
    shifted = [named(c, int(v), 0.6) for c, v in zip(choices, "582915", strict=True)]
    late = [named(c, int(v), 0.6) for c, v in zip(choices, "048291", strict=True)]
    assert line.told.transcript is not None and line.told.transcript.values == line.told.values
    heard = tuple(named(c, int(v), 0.9).probabilities for c, v in zip(choices, NUMBER, strict=True))
    transcript = replace(line.told.transcript, probabilities=heard)
    for wrong in (shifted, late):
        believed = replace(line.told.decoded, choices=tuple(wrong))
        told = replace(line.told, decoded=believed, transcript=transcript, sighting=None)
        choices = agreed(replace(line, told=told), Trust()).choices
        assert [choice.value for choice in choices] == list(map(int, NUMBER))
        assert all(c.probabilities[c.value] > 1.2 * np.sort(c.probabilities)[-2] for c in choices)


def test_a_digit_that_two_of_three_name_is_told(line: Candidate) -> None:
    first, *rest = line.decoded.choices
    assert line.told.sighting is not None
    disputed = replace(line.told.own, choices=(named(first, 9, 0.9), *rest))
    told = replace(line.told, decoded=disputed, own=disputed)
    choices = agreed(replace(line, told=told), Trust()).choices
    assert choices[0].value == 4
    assert choices[0].probabilities[9] == pytest.approx(0.3, abs=0.05)


def test_what_the_whole_line_says_is_told_where_the_mean_of_one_digit_is_another(
    line: Candidate,
) -> None:
    first, *rest = line.decoded.choices
    assert line.told.transcript is not None and line.told.values[0] == 4
    nine = named(first, 9, 0.9)
    heard = replace(
        line.told.transcript,
        probabilities=(nine.probabilities, *line.told.transcript.probabilities[1:]),
    )
    path = replace(line.told.decoded, choices=(nine, *rest))
    told = replace(line.told, decoded=path, own=path, transcript=heard, sighting=None)
    choices = agreed(replace(line, told=told), Trust()).choices
    assert choices[0].value == 4
    assert choices[0].probabilities[9] == pytest.approx(choices[0].probabilities[4], abs=0.01)
