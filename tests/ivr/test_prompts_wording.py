# SPDX-License-Identifier: Apache-2.0
"""Numbers, positions, counters and particles come out as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.catalogue import Segment, load
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
        ("0212345678", ["021", "234", "5678"]),
        ("01012345678", ["010", "1234", "5678"]),
        ("4829153764829153", ["4829", "1537", "6482", "9153"]),
    ],
)
def test_numbers_are_grouped_as_people_say_them(digits: str, groups: list[str]) -> None:
    assert list(grouped(digits)) == groups


@given(st.text("0123456789", min_size=1, max_size=60))
def test_no_digit_is_lost_or_left_alone(digits: str) -> None:
    groups = grouped(digits)
    assert "".join(groups) == digits
    assert len(digits) == 1 or all(2 <= len(group) <= 4 for group in groups)


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
