# SPDX-License-Identifier: Apache-2.0
"""Chosen callers: asked for whole photos, and for the number by keys, to examine the reader."""

from __future__ import annotations

import pytest
from played_call import NO, UNCLEAR, YES, PlayedCall, at_reading, keyed
from sample_readings import reading, unreadable

from ivr.dialog.types import Event, Expect, Heard, HungUp, Meaning, PhotoRead, Remember, Silence
from vision.reading import Problem

CERTAIN = reading("482915")
TWO_LINES = reading("4829", "15")


def at_exam(*readings: object, **state: object) -> PlayedCall:
    """A chosen caller who agreed before has said yes to the number, and that they know it."""
    chosen = at_reading(*(readings or (CERTAIN,)), chosen=True, test_consent=True, **state)  # type: ignore[arg-type]
    return chosen.after(YES, YES)


# ---- may the photo be kept?


def test_a_chosen_caller_is_asked_for_the_photo_instead_of_the_digits() -> None:
    call = at_reading(CERTAIN, chosen=True).after(YES)
    assert call.prompts == ["test_consent_how", "test_consent_ask"]


@pytest.mark.parametrize(("said", "kept"), [(YES, "yes"), (NO, "no")])
def test_what_they_say_to_it_is_remembered_and_no_consent_to_learn(said: Event, kept: str) -> None:
    call = at_reading(CERTAIN, chosen=True).after(YES, said)
    assert [one for one in call.actions if isinstance(one, Remember)] == [
        Remember("test_consent", kept)
    ]
    assert call.state.consent is None


def test_who_does_not_want_the_photo_kept_is_asked_nothing_more() -> None:
    call = at_reading(CERTAIN, chosen=True).after(YES, NO)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("unverified", "482915")]


def test_they_are_asked_once_a_caller() -> None:
    refused = at_reading(CERTAIN, chosen=True, test_consent=False).after(YES)
    assert refused.prompts == ["goodbye_done"]
    agreed = at_reading(CERTAIN, chosen=True, test_consent=True).after(YES)
    assert agreed.prompts == ["knows_ask"]


def test_a_second_question_is_the_question_alone() -> None:
    call = at_reading(CERTAIN, chosen=True).after(YES, Silence())
    assert call.prompts == ["silent_1", "yes_no_1", "test_consent_ask"]


def test_nobody_else_is_asked_for_a_photo_or_for_keys() -> None:
    call = at_reading(CERTAIN, consent=True).after(YES, YES)
    assert call.prompts == ["goodbye_done"]


# ---- the number by keys


def test_who_said_yes_and_knows_the_number_is_asked_to_key_it() -> None:
    call = at_exam()
    assert call.prompts == ["exam_skip", "exam"]
    assert call.listens is not None
    assert call.listens.expect is Expect.DIGITS


def test_the_same_digits_make_the_label_keyed_without_a_word_more() -> None:
    call = at_exam().after(*keyed("482915#"))
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("keyed", "482915")]
    assert call.stored[0].heard_by == "keys"


def test_several_lines_are_keyed_in_one_go_and_kept_as_lines() -> None:
    assert at_exam(TWO_LINES).after(*keyed("482915#")).labels == [("keyed", "4829|15")]


SKIPS = [*keyed("#"), NO, Silence(), UNCLEAR]


@pytest.mark.parametrize("skip", SKIPS, ids=["pound", "no", "silence", "a noise"])
def test_who_would_rather_not_is_not_asked_again(skip: Event) -> None:
    call = at_exam().after(skip)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("confirmed", "482915")]


def test_hanging_up_there_costs_nothing() -> None:
    assert at_exam().after(HungUp()).labels == [("confirmed", "482915")]


def test_a_star_drops_what_was_keyed_and_says_it_again() -> None:
    call = at_exam().after(*keyed("48*"))
    assert call.prompts == ["exam_skip", "exam"]
    assert call.after(*keyed("482915#")).labels == [("keyed", "482915")]


def test_who_does_not_know_the_number_is_not_asked_for_it() -> None:
    call = at_reading(CERTAIN, chosen=True, test_consent=True).after(YES, NO)
    assert call.prompts == ["goodbye_done"]


def test_who_keyed_the_number_before_is_not_asked_for_it_again() -> None:
    call = at_reading(CERTAIN, chosen=True, test_consent=True)
    call.after(*keyed("482917"), YES, YES)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("keyed", "482917")]


def test_who_put_a_digit_right_is_not_asked_for_it_again() -> None:
    call = at_reading(CERTAIN, chosen=True, test_consent=True)
    call.after(NO, Heard(Meaning.POSITION, 0.9, number=3), *keyed("7"), YES, YES)
    assert call.labels == [("spoken", "487915")]
    assert call.hangs_up


def test_of_several_numbers_none_is_asked_for() -> None:
    call = at_reading(CERTAIN, reading("29"), chosen=True, test_consent=True).after(YES, YES, YES)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("confirmed", "482915"), ("confirmed", "29")]


def test_a_bad_photo_beside_a_good_one_is_not_the_one_examined() -> None:
    call = at_reading(CERTAIN, unreadable(Problem.BLURRED), chosen=True, test_consent=True)
    call.after(YES, NO, YES)
    assert call.prompts == ["exam_skip", "exam"]
    assert call.after(*keyed("482915#")).labels == [("keyed", "482915")]


# ---- keyed otherwise than read


def test_other_digits_are_read_back_as_what_was_keyed() -> None:
    call = at_exam(language="en").after(*keyed("482917#"))
    assert call.words == (
        "That is not what I read. I may have read it wrong. "
        "You pressed: four eight two nine one seven Is that right?"
    )


def test_more_or_fewer_digits_are_counted_to_the_caller() -> None:
    call = at_exam().after(*keyed("48291#"))
    assert call.prompts == ["exam_differs", "checking_counts", "digits", "checking_ask"]


def test_confirmed_what_was_keyed_counts_whatever_was_read() -> None:
    call = at_exam().after(*keyed("482917#"), YES)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("keyed", "482917")]


def test_a_slip_has_the_photo_read_once_more_and_no_second_examination() -> None:
    call = at_exam().after(*keyed("482917#"), NO)
    assert "digits" in call.prompts
    assert call.prompts[-1] == "reading_ask"
    call.after(YES)
    assert call.prompts == ["goodbye_done"]
    assert call.labels == [("confirmed", "482915")]


def test_who_now_hears_that_it_was_misread_can_put_it_right() -> None:
    call = at_exam().after(*keyed("482917#"), NO, NO, Heard(Meaning.POSITION, 0.9, number=6))
    call.after(*keyed("8"), YES)
    assert call.labels == [("spoken", "482918")]


def test_it_may_be_keyed_once_more_where_it_is_read_back() -> None:
    call = at_exam().after(*keyed("482917#", "482915#"))
    assert call.labels == [("keyed", "482915")]


def test_a_photo_that_arrives_meanwhile_changes_nothing_of_it() -> None:
    call = at_exam().after(PhotoRead(2, reading("29").as_dict()), *keyed("482915#"))
    assert call.state.outcomes[0].verdict == "keyed"
