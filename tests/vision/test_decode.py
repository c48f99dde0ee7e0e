# SPDX-License-Identifier: Apache-2.0
"""The lattice and the best way through it."""

from __future__ import annotations

import numpy as np
from drawing import paper, write
from numpy.typing import NDArray

from vision.decode import decode
from vision.ink import find_ink
from vision.lines import find_lines
from vision.page import flatten
from vision.reading import Box
from vision.segment import Hypothesis, Lattice, Piece, segment
from vision.strip import CHARACTER_PX, Strip, cut_out

HIGH = CHARACTER_PX


def certain(value: int, p: float = 0.98) -> NDArray[np.float32]:
    row = np.full(11, (1 - p) / 10, np.float32)
    row[value] = p
    return row


def lattice(pieces: list[Box], runs: list[tuple[int, int]]) -> Lattice:
    hypotheses = []
    for start, stop in runs:
        run = pieces[start:stop]
        x, y = min(b.x for b in run), min(b.y for b in run)
        box = Box(x, y, max(b.x + b.w for b in run) - x, max(b.y + b.h for b in run) - y)
        hypotheses.append(Hypothesis(start, stop, box, gap=0.0, cut=0.0))
    return Lattice(
        tuple(Piece(i + 1, box, 0.0) for i, box in enumerate(pieces)),
        tuple(hypotheses),
        np.zeros((len(runs), 28, 28), np.float32),
        np.zeros((1, 1), np.int32),
    )


def strip_of(text: str, pitch: float) -> Strip:
    ink = find_ink(flatten(write(paper(), text, (60, 140), pitch=pitch)))
    (line,) = find_lines(ink.pieces)
    return cut_out(ink, line)


def test_two_good_digits_beat_one_doubtful_whole() -> None:
    two = lattice([Box(0, 0, 20, HIGH), Box(22, 0, 20, HIGH)], [(0, 1), (1, 2), (0, 2)])
    decoded = decode(two, np.stack([certain(1), certain(3), certain(8, 0.4)]))
    assert [choice.value for choice in decoded.choices] == [1, 3]


def test_one_good_digit_beats_its_two_halves() -> None:
    two = lattice([Box(0, 0, 14, HIGH), Box(14, 0, 14, HIGH)], [(0, 1), (1, 2), (0, 2)])
    decoded = decode(two, np.stack([certain(10, 0.7), certain(1, 0.6), certain(0)]))
    assert [choice.value for choice in decoded.choices] == [0]


def test_a_dot_is_left_out_and_named() -> None:
    dotted = lattice([Box(0, 0, 20, HIGH), Box(30, 35, 5, 5)], [(0, 1), (1, 2)])
    decoded = decode(dotted, np.stack([certain(7), certain(1, 0.6)]))
    assert [choice.value for choice in decoded.choices] == [7]
    assert decoded.left_out == (Box(30, 35, 5, 5),)


def test_a_letter_is_left_out() -> None:
    row = lattice([Box(0, 0, 20, HIGH), Box(30, 0, 25, HIGH)], [(0, 1), (1, 2)])
    decoded = decode(row, np.stack([certain(7), certain(10, 0.9995)]))
    assert [choice.value for choice in decoded.choices] == [7]


def test_an_empty_lattice_says_nothing() -> None:
    decoded = decode(lattice([], []), np.zeros((0, 11), np.float32))
    assert decoded.choices == ()
    assert decoded.cost == 0


def test_digits_that_stand_apart_are_pieces_of_their_own() -> None:
    assert len(segment(strip_of("3758", 1.1)).pieces) >= 4


def test_touching_digits_are_offered_apart() -> None:
    strip = strip_of("0080", 0.56)
    cut = segment(strip)
    whole = np.flatnonzero((strip.ink > 0.5).any(axis=0))
    width = (whole[-1] - whole[0]) / 4
    single = [h for h in cut.hypotheses if abs(h.box.w - width) < 0.35 * width]
    assert len({round(h.box.x / width) for h in single}) >= 4


def test_every_hypothesis_has_its_glyph() -> None:
    cut = segment(strip_of("31758", 0.8))
    assert cut.glyphs.shape == (len(cut.hypotheses), 28, 28)
    assert all(glyph.max() > 0.9 for glyph in cut.glyphs)
