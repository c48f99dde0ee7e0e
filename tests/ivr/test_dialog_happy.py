# SPDX-License-Identifier: Apache-2.0
"""Calls in which the reading is right, and what becomes of the answers."""

from __future__ import annotations

from dataclasses import replace

from played_call import NO, YES, PlayedCall, at_reading, keyed
from sample_readings import DOUBTFUL, digit, line, reading

from ivr.dialog.types import Heard, HungUp, Meaning, Remember
from vision.reading import Problem


def test_nothing_of_the_photo_is_said_before_a_yes() -> None:
    call = PlayedCall(reading("482915")).answered()
    assert call.prompts == ["greeting", "greeting_ask"]
    assert not any(say.secret for say in call.says)


def test_a_yes_leads_to_the_count_the_digits_and_the_question() -> None:
    call = at_reading(reading("482915"), first_time=False)
    assert call.prompts == ["digit_count", "digits", "reading_ask"]
    assert call.words == "여섯 자리입니다. 사 팔 이 구 일 오 맞습니까?"


def test_the_key_1_is_a_yes() -> None:
    call = PlayedCall(reading("482915")).answered().after(*keyed("1"))
    assert "digits" in call.prompts


def test_a_yes_that_the_recogniser_takes_counts_however_badly_its_sounds_fit() -> None:
    call = PlayedCall(reading("482915")).answered().after(Heard(Meaning.YES, 0.3, "네"))
    assert "digits" in call.prompts


def test_somebody_who_does_not_want_to_hear_it_now_is_told_how_to_hear_it_later() -> None:
    call = PlayedCall(reading("482915")).answered().after(NO)
    assert call.prompts == ["goodbye_later"]
    assert call.hangs_up
    assert not call.state.told


def test_a_first_time_caller_is_told_the_keys_and_a_regular_is_not() -> None:
    assert "reading_how" in at_reading(reading("48")).prompts
    assert "reading_how" not in at_reading(reading("48"), first_time=False).prompts


def test_a_yes_from_somebody_who_knows_the_number_confirms_it() -> None:
    call = at_reading(reading("482915")).after(YES)
    assert call.prompts == ["consent_ask"]
    call.after(YES)
    assert Remember("consent", "yes") in call.actions
    assert call.prompts == ["knows_ask"]
    call.after(YES)
    assert call.prompts == ["goodbye_done"]
    assert call.hangs_up
    assert call.labels == [("confirmed", "482915")]


def test_a_yes_from_somebody_who_does_not_know_the_number_is_unverified() -> None:
    call = at_reading(reading("482915"), consent=True).after(YES, NO)
    assert call.labels == [("unverified", "482915")]


def test_who_keeps_their_digits_is_asked_nothing_more() -> None:
    call = at_reading(reading("482915")).after(YES, NO)
    assert Remember("consent", "no") in call.actions
    assert call.hangs_up
    assert call.labels == [("unverified", "482915")]


def test_consent_is_asked_once_a_caller() -> None:
    assert at_reading(reading("48"), consent=True).after(YES).prompts == ["knows_ask"]
    assert at_reading(reading("48"), consent=False).after(YES).prompts == ["goodbye_done"]


def test_a_label_says_how_and_how_surely_it_was_heard() -> None:
    call = at_reading(reading("48"), consent=False).after(YES)
    assert (call.stored[0].heard_by, call.stored[0].confidence) == ("voice", 0.95)
    call = at_reading(reading("48"), consent=False).after(*keyed("1"))
    assert (call.stored[0].heard_by, call.stored[0].confidence) == ("keys", 1.0)


def test_hanging_up_after_a_yes_keeps_the_yes_and_no_more() -> None:
    call = at_reading(reading("482915")).after(YES, HungUp())
    assert call.labels == [("unverified", "482915")]
    assert call.after(HungUp()).actions == ()


def test_hanging_up_before_any_answer_keeps_nothing() -> None:
    assert at_reading(reading("482915")).after(HungUp()).labels == []


def test_several_lines_are_announced_and_read_one_by_one() -> None:
    call = at_reading(reading("4829", "15"), first_time=False)
    assert call.words == (
        "두 줄입니다. 첫 번째 줄, 네 자리입니다. 사 팔 이 구 "
        "두 번째 줄, 두 자리입니다. 일 오 맞습니까?"
    )
    assert call.after(YES, NO).labels == [("unverified", "4829|15")]


def test_several_photos_are_read_one_after_another_and_asked_about_once() -> None:
    call = at_reading(reading("48"), reading("29"), consent=True)
    assert call.prompts[:2] == ["photo_count", "photo_place"]
    call.after(YES)
    assert call.prompts[0] == "photo_place"
    assert call.words.startswith("두 번째 사진입니다.")
    call.after(YES)
    assert call.prompts == ["knows_ask"]
    call.after(YES)
    assert call.labels == [("confirmed", "48"), ("confirmed", "29")]


def test_a_doubtful_digit_is_named_by_its_position_with_what_else_it_may_be() -> None:
    call = at_reading(DOUBTFUL, first_time=False)
    assert call.words == (
        "여섯 자리입니다. 사 팔 칠 구 일 오 "
        "세 번째 숫자는 틀릴 수 있습니다. 칠, 아니면 일입니다. 처음 읽은 번호가 맞습니까?"
    )


def test_a_doubtful_digit_without_another_value_is_named_all_the_same() -> None:
    call = at_reading(reading(line("48", _2=digit(8, 0.7)), sure=False))
    assert "doubt_open" in call.prompts


def test_a_sure_reading_is_spoken_plainly() -> None:
    call = at_reading(reading(line("48", _2=digit(8, 0.7, _3=0.2))), first_time=False)
    assert call.prompts == ["digit_count", "digits", "reading_ask"]


def test_an_unsure_reading_without_a_doubtful_digit_still_says_that_it_may_be_wrong() -> None:
    assert "doubt_whole" in at_reading(reading("482915", sure=False)).prompts


def test_too_many_doubtful_digits_are_not_counted_out() -> None:
    shaky = digit(7, 0.5, _1=0.4)
    call = at_reading(reading(line("7777", _1=shaky, _2=shaky, _3=shaky, _4=shaky), sure=False))
    assert "doubt_many" in call.prompts
    assert "doubt" not in call.prompts


def test_digits_that_may_be_missing_are_spoken_of() -> None:
    cut = reading("482", sure=False, problems=(Problem.CUT_OFF_LEFT, Problem.BLURRED))
    call = at_reading(cut)
    assert "caution_cut_off_left" in call.prompts
    assert "doubt_whole" not in call.prompts


def test_a_number_that_may_be_crossed_out_is_spoken_of() -> None:
    struck, kept = (replace(line("482"), crossed_out=out) for out in (True, False))
    alone = at_reading(reading(struck, sure=False))
    assert "caution_crossed_out" in alone.prompts
    assert "doubt_whole" not in alone.prompts
    beside = at_reading(reading(kept, struck, sure=False))
    assert ("caution_crossed_out_line", {"line": 2}) in [(s.prompt, s.slots) for s in beside.says]


def test_digits_that_were_seen_and_not_read_are_spoken_of() -> None:
    assert "caution_more" not in at_reading(reading("482")).prompts
    for sure in (True, False):
        call = at_reading(replace(reading("482", sure=sure), more_seen=True))
        assert "caution_more" in call.prompts
        assert ("doubt_whole" in call.prompts) is not sure
