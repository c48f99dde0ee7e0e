# SPDX-License-Identifier: Apache-2.0
"""Groups as they were written, and what check digits give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played_call import at_reading
from sample_readings import reading

from ivr.dialog.checks import Kind, is_business, is_resident, luhn, misses
from ivr.dialog.spacing import written
from ivr.dialog.types import Keyed
from vision.reading import Box, Digit, Line

HEIGHT = 40


def spaced(text: str, space: float = 0.9, gap: float = 0.2) -> Line:
    """A line with `space` heights of paper where `text` has a space, and `gap` elsewhere."""
    digits, x = [], 0
    for group in text.split(" "):
        for value in group:
            digits.append(Digit(int(value), 0.99, (), Box(x, 0, 24, HEIGHT)))
            x += 24 + round(gap * HEIGHT)
        x += round((space - gap) * HEIGHT)
    return Line(tuple(digits))


@pytest.mark.parametrize(
    "text",
    [
        "110 123 456789",
        "4829 1537 6482 9153",
        "010 1234 5678",
        "48 29",
        "123 45 67890",
        "900101 1234568",
    ],
)
def test_clear_gaps_are_groups(text: str) -> None:
    assert written(spaced(text)) == text


@pytest.mark.parametrize("text", ["482915", "7", "48"])
def test_even_gaps_are_one_group(text: str) -> None:
    assert written(spaced(text)) == text


@pytest.mark.parametrize(("space", "gap"), [(0.45, 0.2), (0.6, 0.4), (0.9, 0.7)])
def test_gaps_that_may_mean_nothing_are_no_groups(space: float, gap: float) -> None:
    assert written(spaced("482 915", space, gap)) == "482915"


@pytest.mark.parametrize("text", ["4 82915", "48291537 64"])
def test_a_digit_that_stands_apart_and_a_long_run_are_no_groups(text: str) -> None:
    assert written(spaced(text)) == text.replace(" ", "")


def test_boxes_that_overlap_are_no_groups() -> None:
    assert written(reading("482915").lines[0]) == "482915"


def test_written_groups_are_heard() -> None:
    call = at_reading(reading(spaced("11 0123 456789")), first_time=False)
    said = next(say for say in call.says if say.prompt == "digits")
    assert said.slots == {"digits": "11 0123 456789"}


# Numbers of the standards' own examples, and made-up ones that were computed by hand.
@pytest.mark.parametrize("number", ["4539578763621486", "79927398713", "4111111111111111"])
def test_a_card_number_agrees_with_its_last_digit(number: str) -> None:
    assert luhn([int(digit) for digit in number])


@given(st.text("0123456789", min_size=16, max_size=16), st.integers(0, 15), st.integers(1, 9))
def test_a_single_wrong_digit_is_always_noticed(number: str, at: int, by: int) -> None:
    digits = [int(digit) for digit in number]
    right = [*digits[:15], next(d for d in range(10) if luhn([*digits[:15], d]))]
    wrong = [*right[:at], (right[at] + by) % 10, *right[at + 1 :]]
    assert luhn(right)
    assert not luhn(wrong)


def test_a_resident_number_agrees_with_its_last_digit() -> None:
    # 9001011234567 weighs 2*9+3*0+4*0+5*1+6*0+7*1+8*1+9*2+2*3+3*4+4*5+5*6 = 124; 11-124%11 = 8
    assert is_resident([int(d) for d in "9001011234568"])
    assert not is_resident([int(d) for d in "9001011234567"])
    # A foreigner's, the same digits but a 5: 8*5 for 8*1 is 156; 13-156%11 = 11, which is 1.
    assert is_resident([int(d) for d in "9001015234561"])


def test_a_business_number_agrees_with_its_last_digit() -> None:
    # 123-45-6789?: 1+6+21+4+15+42+7+24+45 = 165, and 45//10 = 4 of the ninth: 169; 1 is missing.
    assert is_business([int(d) for d in "1234567891"])
    assert not is_business([int(d) for d in "1234567890"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4111111111111112", Kind.CARD),
        ("4111 1111 1111 1112", Kind.CARD),
        ("4111111111111111", None),  # agrees
        ("1111111111111111", None),  # no card begins with a 1
        ("411 1111 1111 11112", None),  # not written as a card
        ("9001011234567", Kind.RESIDENT),
        ("900101 1234567", Kind.RESIDENT),
        ("9001011234568", None),
        ("9013011234567", None),  # no such date
        ("2101013234567", None),  # born when the last digits were random already
        ("123 45 67890", Kind.BUSINESS),
        ("123 45 67891", None),
        ("1234567890", None),  # ten digits may be anything
    ],
)
def test_only_what_looks_like_such_a_number_and_cannot_be_one_is_doubted(
    text: str, kind: Kind | None
) -> None:
    assert misses(text) is kind


def test_the_doubt_is_told_with_an_if_and_nothing_when_it_agrees() -> None:
    call = at_reading(reading("4111111111111112"), first_time=False)
    assert "카드 번호라면, 틀린 숫자가 있을 수 있습니다. 맞습니까?" in call.words
    assert "caution_card" not in at_reading(reading("4111111111111111")).prompts


def test_a_number_that_was_keyed_is_checked_as_well() -> None:
    call = at_reading(reading("4111111111111111")).after(Keyed("4111111111111112"))
    assert call.prompts == ["checking_keys", "caution_card", "checking_ask"]
    assert "caution_card" not in call.after(Keyed("4111111111111111")).prompts


def test_of_several_lines_one_that_cannot_be_is_enough() -> None:
    call = at_reading(reading("48", "4111111111111112"))
    assert call.prompts.count("caution_card") == 1
