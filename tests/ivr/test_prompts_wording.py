# SPDX-License-Identifier: Apache-2.0
"""Numbers, positions, counters and particles come out as people say them."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.catalogue import Catalogue, Segment, load
from ivr.catalogue.grouping import grouped
from ivr.catalogue.particles import settle
from ivr.dialog.types import Say

KO, EN = load("ko"), load("en")


@pytest.mark.parametrize(
    ("digits", "groups"),
    [
        ("7", ["7"]),
        ("482", ["482"]),
        ("4829", ["48", "29"]),
        ("48291", ["482", "91"]),
        ("482915", ["482", "915"]),
        ("5551234", ["555", "1234"]),
        ("48291537", ["4829", "1537"]),
        ("482915376", ["482", "915", "376"]),
        ("110 123 456789", ["110", "123", "456", "789"]),
        ("48 29", ["48", "29"]),
        ("4829153764", ["482", "915", "3764"]),
        ("01012345678", ["010", "1234", "5678"]),
        ("4829153764829153", ["4829", "1537", "6482", "9153"]),
    ],
)
def test_numbers_are_grouped_as_people_say_them(digits: str, groups: list[str]) -> None:
    assert list(grouped(digits)) == groups


@pytest.mark.parametrize(
    ("catalogue", "digits", "groups"),
    [
        (KO, "01012345678", "010 1234 5678"),
        (KO, "0111234567", "011 123 4567"),
        (KO, "021234567", "02 123 4567"),
        (KO, "0212345678", "02 1234 5678"),
        (KO, "0311234567", "031 123 4567"),
        (KO, "03112345678", "031 1234 5678"),
        (KO, "050712345678", "0507 1234 5678"),
        (KO, "15881234", "1588 1234"),
        (KO, "9001011234568", "900 101 123 4568"),
        (KO, "11012345678", "110 1234 5678"),
        (EN, "4155550100", "415 555 0100"),
        (EN, "14155550100", "1 415 555 0100"),
        (EN, "0212345678", "021 234 5678"),
        (EN, "4111111111111111", "4111 1111 1111 1111"),
    ],
)
def test_a_language_has_habits_of_its_own(catalogue: Catalogue, digits: str, groups: str) -> None:
    assert list(grouped(digits, catalogue.habits)) == groups.split()
    spoken = catalogue.render(Say("digits", {"digits": digits}))
    ends = [at for at, segment in enumerate(spoken, start=1) if segment.pause_ms > 500]
    lengths = [len(group) for group in groups.split()]
    assert ends == list(accumulate(lengths))


@pytest.mark.parametrize("catalogue", [KO, EN])
@given(digits=st.text("0123456789", min_size=1, max_size=60))
def test_no_digit_is_lost_or_left_alone(catalogue: Catalogue, digits: str) -> None:
    groups = grouped(digits, catalogue.habits)
    assert "".join(groups) == digits
    alone = digits[:1] if len(digits) == 1 or groups[0] == "1" else ""
    assert all(2 <= len(group) <= 4 for group in groups if group != alone)


@given(st.lists(st.text("0123456789", min_size=1, max_size=7), min_size=2, max_size=6))
def test_what_was_written_apart_is_never_said_in_one_breath(written: list[str]) -> None:
    said = grouped(" ".join(written))
    assert "".join(said) == "".join(written)
    edges = set(accumulate(len(group) for group in written))
    assert edges <= set(accumulate(len(group) for group in said))


def test_backwards_begins_at_the_end_of_the_last_group() -> None:
    segments = EN.render(Say("digits_backwards", {"digits": "48 2915"}))
    assert [s.text for s in segments] == [
        "Backwards.",
        "five",
        "one",
        "nine",
        "two",
        "eight",
        "four",
    ]
    assert segments[4].pause_ms > segments[3].pause_ms


def test_one_by_one_the_places_run_over_the_groups() -> None:
    assert EN.text(Say("digits_singly", {"digits": "48 29"})).endswith("fourth, nine")


@pytest.mark.parametrize(
    ("digit", "topic", "subject", "object_"),
    [
        (0, "공은", "공이", "공을"),
        (1, "일은", "일이", "일을"),
        (2, "이는", "이가", "이를"),
        (3, "삼은", "삼이", "삼을"),
        (4, "사는", "사가", "사를"),
        (5, "오는", "오가", "오를"),
        (6, "육은", "육이", "육을"),
        (7, "칠은", "칠이", "칠을"),
        (8, "팔은", "팔이", "팔을"),
        (9, "구는", "구가", "구를"),
    ],
)
def test_every_digit_has_its_particles(digit: int, topic: str, subject: str, object_: str) -> None:
    word = KO.words.digits[digit]
    pairs = ("[은/는]", "[이/가]", "[을/를]")
    assert [settle(word + pair) for pair in pairs] == [topic, subject, object_]


def test_a_digit_is_육_wherever_it_stands_and_a_count_is_native() -> None:
    assert KO.text(Say("digits", {"digits": "16"})) == "일 육"
    assert KO.text(Say("digit_count", {"count": 16})) == "열여섯 자리입니다."
    assert KO.text(Say("digit_count", {"count": 6})) == "여섯 자리입니다."
    assert KO.text(Say("position_one", {"position": 16, "value": 6})) == (
        "열여섯 번째 숫자는 육입니다."
    )


def test_counted_things_are_native_up_to_thirty_and_figures_after() -> None:
    ones = [KO.words.count(number, "line") for number in (1, 2, 3, 4, 20, 21)]
    assert ones == ["한 줄", "두 줄", "세 줄", "네 줄", "스무 줄", "스물한 줄"]
    assert KO.words.count(31, "line") == "31 줄"
    assert [EN.words.count(n, "photo") for n in (1, 2)] == ["one photo", "two photos"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("칠[은/는]", "칠은"),
        ("이[은/는]", "이는"),
        ("공[이/가] 오[이/가]", "공이 오가"),
        ("육[을/를]", "육을"),
        ("사[이나/나]", "사나"),
        ("one[은/는]", "one는"),
        ("[은/는]", "는"),
        ("nothing to settle", "nothing to settle"),
    ],
)
def test_particles_follow_the_sound_before_them(written: str, said: str) -> None:
    assert settle(written) == said


def test_digits_are_spoken_one_a_segment_with_longer_pauses_between_groups() -> None:
    segments = KO.render(Say("digits", {"digits": "4829"}))
    assert [segment.text for segment in segments] == ["사", "팔", "이", "구"]
    pauses = [segment.pause_ms for segment in segments]
    assert pauses[0] == pauses[2] < pauses[1] < pauses[3]


def test_lines_of_a_number_are_further_apart_than_groups() -> None:
    segments = EN.render(Say("digits", {"digits": "48|29"}))
    assert segments[1].pause_ms == segments[3].pause_ms > 550


def test_zero_is_공_and_zero() -> None:
    assert KO.text(Say("digits", {"digits": "0"})) == "공"
    assert EN.text(Say("digits", {"digits": "0"})) == "zero"


def test_positions_are_native_ordinals() -> None:
    assert KO.text(Say("digits_singly", {"digits": "60"})) == "첫 번째, 육 두 번째, 공"
    assert EN.text(Say("digits_singly", {"digits": "60"})) == "first, six second, zero"


def test_counters_agree_with_their_number() -> None:
    assert KO.text(Say("digit_count", {"count": 20})) == "스무 자리입니다."
    assert KO.text(Say("digit_count", {"count": 3})) == "세 자리입니다."
    assert EN.text(Say("digit_count", {"count": 1})) == "I read one digit."
    assert EN.text(Say("digit_count", {"count": 2})) == "I read two digits."


def test_alternatives_are_joined_by_or() -> None:
    slots = {"position": 3, "values": "719"}
    assert KO.text(Say("doubt", slots)).endswith("칠, 아니면 일, 아니면 구입니다.")
    assert EN.text(Say("doubt", slots)).endswith("It is seven, or one, or nine.")


def test_a_sentence_is_a_segment() -> None:
    assert KO.render(Say("goodbye_done")) == (
        Segment("감사합니다.", 250),
        Segment("안녕히 계세요.", 250),
    )


def test_a_slot_kind_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="roman"):
        KO.words.word("roman", 4)
