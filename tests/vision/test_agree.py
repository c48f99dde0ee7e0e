# SPDX-License-Identifier: Apache-2.0
"""The second reader, and what the readers make of one line."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from drawing import paper, write
from numpy.typing import NDArray

from vision.agree import tell, uncut
from vision.classify import softmax
from vision.decode import decode, spell
from vision.glyph import Ink
from vision.reading import Box
from vision.segment import Hypothesis, Lattice, Piece
from vision.single import Sighting
from vision.strip import Strip
from vision.transcribe import BLANK, LINE_HEIGHT, SIDE_PX, Transcript, best_path, to_line_image

ONE = NDArray[np.float32]


def line_ink(text: str) -> Ink:
    page = write(paper(900, 300, 250), text, (40, 90))
    return ((255 - page.min(axis=2)) / 255 > 0.4).astype(np.float32)


def columns(values: list[int], p: float = 0.9) -> ONE:
    rows = np.full((len(values), 11), (1 - p) / 10, np.float32)
    rows[np.arange(len(values)), values] = p
    return rows


def test_a_line_image_has_one_height_and_empty_sides() -> None:
    image = to_line_image(line_ink("3758"))
    assert image.shape[0] == LINE_HEIGHT
    assert image.max() == pytest.approx(1.0)
    assert not image[:, : SIDE_PX - 1].any()
    assert not image[:, -SIDE_PX + 1 :].any()


def test_a_line_image_does_not_depend_on_where_and_how_large_the_line_is() -> None:
    ink = line_ink("3758")
    larger = np.kron(np.pad(ink, 30), np.ones((2, 2), np.float32))
    image, again = to_line_image(ink), to_line_image(larger)
    assert abs(image.shape[1] - again.shape[1]) <= 1
    width = min(image.shape[1], again.shape[1])
    assert np.abs(image[:, :width] - again[:, :width]).mean() < 0.05


def test_no_ink_gives_an_empty_image() -> None:
    assert not to_line_image(np.zeros((40, 200), np.float32)).any()


def test_repeats_are_joined_and_blanks_part_them() -> None:
    transcript = best_path(columns([BLANK, 7, 7, BLANK, 7, 1, 1, BLANK]))
    assert transcript.values == (7, 7, 1)
    assert [int(p.argmax()) for p in transcript.probabilities] == [7, 7, 1]


def test_blanks_alone_say_nothing() -> None:
    assert best_path(columns([BLANK] * 5)).values == ()


@pytest.mark.parametrize("values", [(), (3,), (3, 3), (1, 2)])
def test_the_cost_of_a_text_counts_every_alignment(values: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    transcript = best_path(softmax(random.normal(size=(4, 11)).astype(np.float32)))
    total = 0.0
    for path in product(range(11), repeat=4):
        if best_path(columns(list(path))).values == values:
            total += float(np.prod(transcript.columns[np.arange(4), path]))
    assert transcript.cost_of(values) == pytest.approx(-np.log(total), rel=1e-3)


def two_pieces() -> tuple[Lattice, ONE]:
    boxes = [Box(0, 0, 18, 40), Box(18, 0, 18, 40)]
    runs = [(0, 1, boxes[0]), (1, 2, boxes[1]), (0, 2, Box(0, 0, 36, 40))]
    hypotheses = tuple(Hypothesis(a, b, box, gap=0.0, cut=0.0) for a, b, box in runs)
    pieces = tuple(Piece(i + 1, box, 0.0) for i, box in enumerate(boxes))
    glyphs, labels = np.zeros((3, 28, 28), np.float32), np.zeros((40, 36), np.int32)
    return Lattice(pieces, hypotheses, glyphs, labels), columns([1, 1, 0], 0.8)


def test_a_path_can_be_asked_to_say_something_else() -> None:
    lattice, probabilities = two_pieces()
    assert [choice.value for choice in decode(lattice, probabilities).choices] == [0]
    spelled = spell(lattice, probabilities, (1, 1))
    assert spelled is not None
    assert [choice.box.x for choice in spelled.choices] == [0, 18]


def test_saying_the_best_costs_the_best() -> None:
    lattice, probabilities = two_pieces()
    spelled = spell(lattice, probabilities, (0,))
    assert spelled is not None
    assert spelled.cost == pytest.approx(decode(lattice, probabilities).cost)


def test_a_lattice_cannot_say_more_digits_than_it_has_pieces() -> None:
    lattice, probabilities = two_pieces()
    assert spell(lattice, probabilities, (1, 1, 1)) is None


def strip_of(lattice: Lattice) -> Strip:
    """Ink in all the pieces of `lattice`."""
    ink = np.zeros(lattice.labels.shape, np.float32)
    for x, y, w, h in (piece.box for piece in lattice.pieces):
        ink[y : y + h, x : x + w] = 1
    return Strip(ink, np.eye(2, 3))


def heard(values: list[int], p: float = 0.9) -> Transcript:
    """What a second reader says who has a column of blank around each digit."""
    return best_path(columns([BLANK, *(v for value in values for v in (value, BLANK))], p))


def test_readers_that_say_the_same_agree() -> None:
    lattice, probabilities = two_pieces()
    told = tell(strip_of(lattice), lattice, probabilities, heard([0]))
    assert told.agree and told.spelled and told.values == (0,)


def sighted(values: list[int], p: float = 0.9) -> Sighting:
    """What a third reader says who sees a digit every 18 pixels."""
    boxes = tuple(Box(18 * i, 0, 18, 40) for i in range(len(values)))
    return Sighting(boxes, tuple(columns(values, p)))


def test_the_third_reader_decides_between_the_others() -> None:
    lattice, probabilities = two_pieces()
    for values, votes in (([0], 2), ([1, 1], 2)):
        told = tell(strip_of(lattice), lattice, probabilities, heard([1, 1], 0.7), sighted(values))
        assert told.values == tuple(values) and told.votes_for(told.values) == votes and told.agree


def test_three_readers_that_say_three_things_agree_on_none() -> None:
    lattice, probabilities = two_pieces()
    told = tell(strip_of(lattice), lattice, probabilities, heard([4, 4], 0.6), sighted([7], 0.6))
    assert told.votes_for(told.values) == 1 and told.agree is False


def test_what_only_the_third_reader_can_place_is_told_where_it_was_detected() -> None:
    lattice, _ = two_pieces()
    doubtful, sighting = columns([1, 1, 0], 0.12), sighted([4, 5], 0.9999)
    told = tell(strip_of(lattice), lattice, doubtful, heard([4, 6], 0.5), sighting)
    assert told.values == (4, 5) and not told.spelled
    assert tuple(choice.box for choice in told.decoded.choices) == sighting.boxes


def test_a_line_that_the_third_reader_sees_is_not_denied() -> None:
    lattice, probabilities = two_pieces()
    silent = heard([])
    assert tell(strip_of(lattice), lattice, probabilities, silent, sighted([])).denied
    assert not tell(strip_of(lattice), lattice, probabilities, silent, sighted([0])).denied


def test_without_a_second_reader_nobody_agrees() -> None:
    lattice, probabilities = two_pieces()
    assert tell(strip_of(lattice), lattice, probabilities, None).agree is None


def test_the_likelier_of_two_readings_is_told() -> None:
    lattice, probabilities = two_pieces()
    told = tell(strip_of(lattice), lattice, probabilities, heard([1, 1], 0.99))
    assert told.values == (1, 1) and told.spelled and told.agree is False
    assert [choice.value for choice in told.own.choices] == [0]


def test_what_the_second_reader_is_believed_looks_as_good_as_it_finds_it() -> None:
    lattice, probabilities = two_pieces()
    probabilities[:2] = columns([7, 4], 0.7)
    probabilities[:2, 1] = 0.25
    told = tell(strip_of(lattice), lattice, probabilities, heard([1, 1], 0.999))
    assert told.spelled and told.decoded is not told.own
    assert all(choice.quality > 0.75 for choice in told.decoded.choices)


def test_digits_that_no_cut_parts_are_told_where_the_second_reader_saw_them() -> None:
    lattice, _ = two_pieces()
    doubtful = columns([1, 1, 0], 0.12)
    told = tell(strip_of(lattice), lattice, doubtful, heard([4, 5, 6], 0.999))
    assert told.values == (4, 5, 6) and not told.spelled and told.agree is False
    lefts = [choice.box.x for choice in told.decoded.choices]
    assert lefts == sorted(lefts) and lefts[0] == 0
    last = told.decoded.choices[-1].box
    assert last.x + last.w == 36 and last.h == 40


def test_what_the_lattice_could_only_spell_with_bad_digits_is_told_without_cuts_too() -> None:
    lattice, probabilities = two_pieces()
    probabilities[:2] = columns([1, 1], 0.9)  # says 4 and 5 only where it sees nothing like them
    probabilities[:2, 4:6] = 1e-4
    told = tell(strip_of(lattice), lattice, probabilities, heard([4, 5], 0.9999))
    assert spell(lattice, probabilities, (4, 5)) is not None
    assert told.values == (4, 5) and not told.spelled and told.agree is False


def test_digits_that_no_cut_parts_never_look_perfect() -> None:
    lattice, _ = two_pieces()
    decoded = uncut(strip_of(lattice), heard([4, 5, 6], 0.9999))
    assert all(0.5 < choice.quality < 0.9 for choice in decoded.choices)
