# SPDX-License-Identifier: Apache-2.0
"""Whatever a caller and a line may do, in whatever order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from played_call import NO, YES, PlayedCall
from sample_readings import DOUBTFUL, digit, line, reading, unreadable

from ivr.catalogue import languages
from ivr.dialog.correcting import MOST_TURNS
from ivr.dialog.state import Screen
from ivr.dialog.types import (
    Answered,
    Event,
    HangUp,
    Heard,
    HungUp,
    Keyed,
    Listen,
    Meaning,
    PhotoRead,
    Say,
    Silence,
)
from vision.reading import Problem

READINGS = (
    reading("482915"),
    reading("4829", "15"),
    reading("7"),
    DOUBTFUL,
    reading(line("7777", _1=digit(7, 0.5, _1=0.4), _2=digit(7, 0.5, _1=0.4)), sure=False),
    reading("01", sure=False, problems=(Problem.CUT_OFF_TOP,)),
    unreadable(Problem.BLURRED),
    unreadable(),
)

readings = st.sampled_from(READINGS)
events: st.SearchStrategy[Event] = st.one_of(
    st.just(Answered()),
    st.builds(
        Heard,
        st.sampled_from(Meaning),
        st.sampled_from([0.3, 0.8, 1.0]),
        number=st.none() | st.integers(0, 9),
    ),
    st.builds(
        Keyed, st.one_of(st.sampled_from("1234567890*#"), st.text("0123456789*#", max_size=9))
    ),
    st.just(Silence()),
    st.builds(lambda id, r: PhotoRead(id, r.as_dict()), st.integers(1, 5), readings),
    st.just(HungUp()),
)
calls = st.builds(
    lambda photos, language, **state: PlayedCall(*photos, language=language, **state),
    st.lists(readings, max_size=3),
    st.sampled_from(languages()),
    inbound=st.booleans(),
    first_time=st.booleans(),
    consent=st.sampled_from([None, True, False]),
    lost=st.integers(0, 1),
)


@settings(max_examples=300, deadline=None)
@given(calls, st.lists(events, max_size=40))
def test_there_is_always_a_next_word_or_an_end(call: PlayedCall, happened: list[Event]) -> None:
    call.answered()
    for event in happened:
        call.after(event)
        if isinstance(event, HungUp):
            assert call.state.ended
            continue
        assert call.hangs_up or isinstance(call.actions[-1], Listen)
        assert call.hangs_up == call.state.ended
        assert call.words or call.hangs_up or call.state.waiting


@settings(max_examples=300, deadline=None)
@given(calls, st.lists(events, max_size=40))
def test_no_digit_is_spoken_before_a_person_said_yes(
    call: PlayedCall, happened: list[Event]
) -> None:
    proved = False
    for event in (Answered(), *happened):
        asked = "greeting_ask" in call.prompts or call.state.person
        call.after(event)
        proved = proved or (asked and _is_yes(event))
        assert proved or not any(say.secret for say in call.says)


def _is_yes(event: Event) -> bool:
    if isinstance(event, Heard):
        return event.meaning is Meaning.YES and event.confidence >= 0.7
    return event in (Keyed("1"), Keyed("1#"))


@settings(max_examples=300, deadline=None)
@given(calls, st.lists(events, max_size=40))
def test_no_label_is_kept_that_nobody_gave(call: PlayedCall, happened: list[Event]) -> None:
    call.answered().after(*happened, HungUp())
    said_yes = sum(_is_yes(event) for event in happened)
    keyed = {event.keys.removesuffix("#") for event in happened if isinstance(event, Keyed)}
    for label, digits in call.labels:
        lines = digits.split("|")
        texts = {photo.reading.text for photo in call.state.photos}
        # The greeting, the number itself, and that it is known: each took a yes of its own.
        assert label != "keyed" or (said_yes >= 3 and keyed.issuperset(lines))
        assert label not in ("confirmed", "spoken") or said_yes >= 3
        assert label != "unverified" or said_yes >= 2
        assert label != "denied" or digits in texts


@settings(max_examples=200, deadline=None)
@given(calls, st.lists(events, max_size=30))
def test_enough_silence_always_ends_a_call(call: PlayedCall, happened: list[Event]) -> None:
    call.answered().after(*happened, Answered())
    for _ in range(12):
        call.after(Silence())
    assert call.state.ended
    assert HangUp() in call.after(Silence()).actions


@settings(max_examples=200, deadline=None)
@given(calls, st.lists(events, max_size=30))
def test_answers_about_single_digits_are_few(call: PlayedCall, happened: list[Event]) -> None:
    for event in (Answered(), YES, NO, *happened):
        state = call.after(event).state
        asks_by_voice = state.screen in (Screen.ALTERNATIVE, Screen.PLACE)
        assert not asks_by_voice or state.tries + state.strikes < MOST_TURNS


@settings(max_examples=200, deadline=None)
@given(calls, st.lists(events, max_size=30))
def test_what_holds_digits_is_marked_secret(call: PlayedCall, happened: list[Event]) -> None:
    for event in (Answered(), YES, *happened):
        call.after(event)
        for say in call.says:
            assert say.secret == _names_digits(say)


def _names_digits(say: Say) -> bool:
    return bool({"digits", "value", "values"} & set(say.slots))
