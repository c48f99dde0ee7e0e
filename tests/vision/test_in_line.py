# SPDX-License-Identifier: Apache-2.0
"""A stroke that stands like one more digit in a line is one."""

from __future__ import annotations

import numpy as np
import pytest

from vision import in_line as module
from vision.components import Components
from vision.in_line import in_line


def pieces(boxes: list[tuple[int, int, int, int]]) -> Components:
    rows = np.array(boxes, np.int32)
    return Components(np.zeros((600, 900), np.int32), rows, rows[:, 2] * rows[:, 3])


ROW = [(100, 100, 30, 50), (150, 102, 28, 48), (200, 98, 30, 50)]


@pytest.mark.parametrize(
    ("stroke", "stands"),
    [
        ((250, 101, 8, 47), True),
        ((250, 140, 8, 47), False),  # on another level
        ((250, 60, 8, 130), False),  # too tall
        ((700, 101, 8, 47), False),  # too far away
    ],
)
def test_only_what_is_like_its_neighbours_stands_in_their_line(
    stroke: tuple[int, int, int, int], stands: bool
) -> None:
    found = in_line(pieces([*ROW, stroke]), np.full(4, 0.8, np.float32), np.arange(4) < 3)
    assert found.tolist() == [False, False, False, stands]


def test_a_pale_stroke_is_the_edge_of_something() -> None:
    darkness = np.array([0.8, 0.8, 0.8, 0.3], np.float32)
    assert not in_line(pieces([*ROW, (250, 101, 8, 47)]), darkness, np.arange(4) < 3).any()


def test_pages_with_very_many_pieces_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    boxes = np.column_stack((random.integers(0, 600, (300, 2)), random.integers(5, 60, (300, 2))))
    many, darkness = pieces(boxes.tolist()), random.random(300, np.float32)
    digits = random.random(300) < 0.4
    at_once = in_line(many, darkness, digits)
    monkeypatch.setattr(module, "MOST_PAIRS", 500)
    assert (in_line(many, darkness, digits) == at_once).all()
    assert at_once.any()
