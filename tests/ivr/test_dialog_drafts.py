# SPDX-License-Identifier: Apache-2.0
"""A number being put right: places as the caller counts them, values as the reader weighs them."""

from __future__ import annotations

import pytest
from sample_readings import digit, line, reading

from ivr.dialog import draft, rivals
from ivr.dialog.draft import HOLE, Cell

THIRD = Cell(0, 2)


def test_a_digit_left_out_is_not_said_and_not_counted() -> None:
    left = draft.changed("4175|29", Cell(0, 1), "")
    assert left == f"4{HOLE}75|29"
    assert draft.spoken(left) == "475|29"
    assert draft.cell_at(left, 1, 2) == Cell(0, 2)
    assert draft.counted(left, Cell(0, 3)) == (1, 3)


def test_a_line_left_empty_is_gone() -> None:
    left = draft.changed("7|29", Cell(0, 0), "")
    assert draft.lines(left) == ("29",)
    assert draft.cell_at(left, 1, 1) == Cell(1, 0)
    assert draft.counted(left, Cell(1, 1)) == (1, 2)
    assert draft.lines(draft.changed("7", Cell(0, 0), "")) == ()


def test_a_place_beyond_the_number_is_an_error() -> None:
    with pytest.raises(IndexError):
        draft.cell_at("48", 1, 3)


def test_alternatives_come_by_likelihood_and_no_digit_is_one_of_them() -> None:
    unsure = reading(line("487", _3=digit(7, 0.6, _1=0.05, _9=0.15)), sure=False)
    found = rivals.rivals_at(unsure, THIRD)
    assert [rival.value for rival in found] == ["9", "", "1"]
    assert found[1].p == pytest.approx(0.1)


def test_what_was_refused_is_not_asked_again() -> None:
    unsure = reading(line("487", _3=digit(7, 0.9, _1=0.05, _9=0.03)))
    first = rivals.worth_asking(unsure, THIRD, ())
    assert first is not None
    second = rivals.worth_asking(unsure, THIRD, (first.key,))
    assert second is not None
    assert (first.value, second.value) == ("1", "9")
    assert rivals.worth_asking(unsure, THIRD, (first.key, second.key)) is None


def test_a_digit_already_changed_is_not_offered_unasked() -> None:
    unsure = reading(line("487", _3=digit(7, 0.6, _1=0.38)), sure=False)
    offered = rivals.worth_offering(unsure, "487", ())
    assert offered is not None
    assert (offered.cell, offered.value) == (THIRD, "1")
    assert rivals.worth_offering(unsure, "481", ()) is None


def test_an_unlikely_value_is_not_offered_unasked() -> None:
    assert rivals.worth_offering(reading(line("487", _3=digit(7, 0.9, _1=0.1))), "487", ()) is None


@pytest.mark.parametrize(("value", "likely"), [("1", True), ("9", False), ("7", False)])
def test_a_spoken_value_is_likely_where_the_reader_weighs_it(value: str, likely: bool) -> None:
    unsure = reading(line("487", _3=digit(7, 0.9, _1=0.05, _9=0.01)))
    assert rivals.is_likely(unsure, THIRD, value, ()) is likely
    assert not rivals.is_likely(unsure, THIRD, value, ("0.2.1",))
