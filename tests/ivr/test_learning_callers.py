# SPDX-License-Identifier: Apache-2.0
"""The callers of the bench of learning: what they believe, and what they press."""

from __future__ import annotations

from collections import Counter

import pytest

from ivr.catalogue import load
from ivr.devphone.transcript import Entry
from ivr.dialog.types import Say
from ivr.learning.belief import Belief, Kind, beliefs
from ivr.learning.mind import Mind

NUMBERS = [f"{number:06}" for number in range(100_000, 100_200)]
WORDS = load("ko").words.digits


def test_one_caller_in_twenty_is_wrong_and_half_of_these_agree_with_anything() -> None:
    kinds = Counter(one.kind for one in beliefs(NUMBERS, 0.05, seed=7))
    assert kinds == {Kind.KNOWS: 190, Kind.MISTAKEN: 5, Kind.AGREES: 5}


def test_the_same_seed_makes_the_same_callers_and_another_makes_others() -> None:
    assert beliefs(NUMBERS, 0.05, seed=7) == beliefs(NUMBERS, 0.05, seed=7)
    assert beliefs(NUMBERS, 0.05, seed=7) != beliefs(NUMBERS, 0.05, seed=8)


def test_who_is_mistaken_has_one_other_digit_in_mind() -> None:
    believed = zip(NUMBERS, beliefs(NUMBERS, 0.05, seed=7), strict=True)
    for number, belief in believed:
        differing = sum(a != b for a, b in zip(number, belief.number, strict=True))
        assert differing == (1 if belief.kind is Kind.MISTAKEN else 0)


def test_a_caller_says_yes_when_their_number_is_read() -> None:
    assert _mind("482915").answer(_read("482915")) == "1#"


@pytest.mark.parametrize("read", ["482917", "48291", "4829155"])
def test_a_caller_keys_their_number_when_another_is_read(read: str) -> None:
    assert _mind("482915").answer(_read(read)) == "482915#"


def test_who_agrees_with_anything_says_yes_to_a_wrong_number() -> None:
    assert _mind("482915", Kind.AGREES).answer(_read("482917")) == "1#"


def test_a_number_that_was_keyed_is_confirmed_only_when_it_is_read_back_right() -> None:
    mind = _mind("482915")
    mind.answer(_read("482917"))
    right = [_said("checking_keys", "482915"), _said("checking_ask")]
    assert mind.answer(right) == "1#"
    wrong = [_said("checking_keys", "482911"), _said("checking_ask")]
    assert mind.answer(wrong) == "2#"
    assert mind.answer([_said("keying")]) == "482915#"


def test_of_several_lines_all_digits_go_into_the_first() -> None:
    mind = _mind("482915")
    mind.answer([_said("digits", "482"), _said("digits", "91"), _said("reading_ask")])
    assert mind.answer([_said("keying_line")]) == "#"
    assert mind.answer([_said("keying_more")]) == "#"


@pytest.mark.parametrize("favour", ["consent_ask", "knows_ask", "greeting_ask"])
def test_every_favour_is_granted(favour: str) -> None:
    assert _mind("482915").answer([_said(favour)]) == "1#"


def test_at_what_a_caller_cannot_answer_the_telephone_is_put_down() -> None:
    assert _mind("482915").answer([_said("problem_no_digits"), _said("waiting_how")]) is None


def test_while_nothing_new_is_said_a_caller_waits() -> None:
    assert _mind("482915").answer([]) == ""


def _mind(number: str, kind: Kind = Kind.KNOWS) -> Mind:
    return Mind(Belief(kind, number), WORDS)


def _read(number: str) -> list[Entry]:
    return [_said("digits", number), _said("reading_ask")]


def _said(prompt: str, digits: str = "") -> Entry:
    """As the service words it."""
    slots = {"digits": digits} if digits else {}
    words = load("ko").text(Say(prompt, slots)) if digits else ""
    return Entry(0.0, "service", "said", words, prompt)
