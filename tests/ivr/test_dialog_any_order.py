# SPDX-License-Identifier: Apache-2.0
"""Whatever a caller and a line may do, in whatever order: five hundred dialogs nobody planned."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from played_call import YES, PlayedCall, at_reading
from sample_readings import DOUBTFUL, digit, line, reading, unreadable

from ivr.catalogue import languages, load
from ivr.dialog.correcting import MOST_ANSWERS
from ivr.dialog.machine import MOST_TURNS, step
from ivr.dialog.state import Screen
from ivr.dialog.types import (
    ANSWERS,
    Answered,
    Event,
    Forget,
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
    reading("4829153764829153"),
    DOUBTFUL,
    reading(line("7777", _1=digit(7, 0.5, _1=0.4), _2=digit(7, 0.5, _1=0.4)), sure=False),
    reading("01", sure=False, problems=(Problem.CUT_OFF_TOP,)),
    unreadable(Problem.BLURRED),
    unreadable(),
)
GREETED = {"greeting_ask", "greeting_short_ask"}
DIGITS = {"digits", "value", "values"}
MOST_SILENCES = 30  # time-outs that end any call, from wherever it has got to

calls = st.builds(
    lambda photos, language, **state: PlayedCall(*photos, language=language, **state),
    st.lists(st.sampled_from(READINGS), max_size=3),
    st.sampled_from(languages()),
    inbound=st.booleans(),
    first_time=st.booleans(),
    consent=st.sampled_from([None, True, False]),
    chosen=st.booleans(),
    test_consent=st.sampled_from([None, True, False]),
    slowness=st.integers(-2, 3),
    lost=st.integers(0, 1),
)


class AnyCall(RuleBasedStateMachine):
    """One call, and what its caller really gave, whatever the machine makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.call = PlayedCall()
        self.yeses = 0
        self.keyed: set[str] = set()
        self.person = False

    @initialize(call=calls)
    def ring(self, call: PlayedCall) -> None:
        self.call = call
        self.happens(Answered())

    @rule(
        meaning=st.sampled_from(Meaning),
        confidence=st.sampled_from([0.3, 0.8, 1.0]),
        number=st.none() | st.integers(0, 12),
    )
    def a_word_is_heard(self, meaning: Meaning, confidence: float, number: int | None) -> None:
        listens, before = self.call.listens, self.call.state
        self.happens(Heard(meaning, confidence, number=number))
        if listens is not None and meaning not in listens.hears:
            unclear = Heard(Meaning.UNCLEAR, confidence)
            assert step(before, unclear) == (self.call.state, self.call.actions)

    @rule(meaning=st.sampled_from([Meaning.YES, Meaning.YES, Meaning.NO]))
    def the_question_is_answered(self, meaning: Meaning) -> None:
        self.happens(Heard(meaning, 0.95))

    @rule(chosen=st.data(), number=st.integers(1, 6))
    def something_is_asked_for_that_can_be(self, chosen: st.DataObject, number: int) -> None:
        hears = self.call.listens.hears if self.call.listens else frozenset({Meaning.YES})
        wanted = sorted(hears - {Meaning.STOP} or hears)
        self.happens(Heard(chosen.draw(st.sampled_from(wanted)), 0.9, number=number))

    @rule(keys=st.sampled_from("1234567890*#") | st.text("0123456789*#", max_size=9))
    def keys_are_pressed(self, keys: str) -> None:
        self.happens(Keyed(keys))

    @rule()
    def nothing_is_said(self) -> None:
        self.happens(Silence())

    @rule()
    def a_television_is_on(self) -> None:
        self.happens(Heard(Meaning.UNCLEAR, 0.4))

    @rule(id=st.integers(1, 5), photo=st.sampled_from(READINGS))
    def a_photo_is_read_or_announced_again(self, id: int, photo: object) -> None:
        self.happens(PhotoRead(id, photo.as_dict()))  # type: ignore[attr-defined]

    @rule()
    def the_line_is_answered_again(self) -> None:
        self.happens(Answered())

    @rule()
    def the_line_is_lost(self) -> None:
        self.happens(HungUp())

    def happens(self, event: Event) -> None:
        asked_for_a_person = bool(GREETED & set(self.call.prompts)) or self.call.state.person
        self.call.after(event)
        self.yeses += is_yes(event)
        self.person = self.person or (asked_for_a_person and is_yes(event))
        if isinstance(event, Keyed):
            self.keyed.add(event.keys.removesuffix("#"))
        if isinstance(event, HungUp):
            assert self.call.state.ended
        else:
            self.goes_on_or_ends()

    def goes_on_or_ends(self) -> None:
        call = self.call
        assert call.hangs_up or isinstance(call.actions[-1], Listen)
        assert call.hangs_up == call.state.ended
        assert call.words or call.hangs_up or call.state.waiting
        if call.listens is not None:
            assert call.listens.hears >= {Meaning.REPEAT, Meaning.STOP}
            assert call.listens.timeout_s > 0

    @invariant()
    def what_is_said_can_be_said_in_every_language(self) -> None:
        for say in self.call.says:
            assert all(load(code).text(say) for code in languages())
            assert 0.5 <= say.pace <= 1.5

    @invariant()
    def digits_are_for_a_person_and_marked_secret(self) -> None:
        for say in self.call.says:
            assert say.secret == bool(DIGITS & set(say.slots))
            assert self.person or not say.secret

    @invariant()
    def no_label_is_kept_that_nobody_gave(self) -> None:
        texts = {photo.reading.text for photo in self.call.state.photos}
        for label, digits in self.call.labels:
            # The greeting, the number itself, and that it is known: each took a yes of its own.
            assert label != "keyed" or (self.yeses >= 3 and self.has_keyed(digits))
            assert label not in ("confirmed", "spoken") or self.yeses >= 3
            assert label != "unverified" or self.yeses >= 2
            assert label != "denied" or digits in texts

    def has_keyed(self, digits: str) -> bool:
        """Line by line, or to examine the reader all of it in one go."""
        return self.keyed >= set(digits.split("|")) or digits.replace("|", "") in self.keyed

    @invariant()
    def only_who_was_chosen_is_examined_and_only_who_agreed(self) -> None:
        state = self.call.state
        assert not state.examined or (state.chosen and state.test_consent and state.knows)

    @invariant()
    def answers_about_single_digits_are_few(self) -> None:
        state = self.call.state
        by_voice = state.screen in (Screen.ALTERNATIVE, Screen.PLACE)
        assert not by_voice or state.tries + state.strikes < MOST_ANSWERS

    @invariant()
    def nothing_is_kept_of_who_wants_to_be_forgotten(self) -> None:
        if Forget() in self.call.actions:
            assert self.yeses
            assert not self.call.labelled_now

    def teardown(self) -> None:
        """However it went, a caller who falls silent is let go; and then it is over for good."""
        self.call.after(Answered())
        for _ in range(MOST_SILENCES):
            self.call.after(Silence())
        assert self.call.state.ended
        kept = len(self.call.stored)
        assert self.call.after(Silence(), YES).actions == (HangUp(),)
        assert len(self.call.stored) == kept


def is_yes(event: Event) -> bool:
    if isinstance(event, Heard):
        return event.meaning is Meaning.YES
    return event in (Keyed("1"), Keyed("1#"))


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=500, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("meaning", sorted(set(Meaning) - ANSWERS))
def test_no_call_goes_on_for_ever_whatever_is_said(meaning: Meaning) -> None:
    call = at_reading(DOUBTFUL)
    for _ in range(MOST_TURNS):
        call.after(Heard(meaning, 0.9, number=3))
    assert call.state.ended


def test_a_call_that_has_become_too_long_ends_with_a_word_and_keeps_what_was_said() -> None:
    call = at_reading(reading("48"), reading("29")).after(YES, *[Keyed("*")] * MOST_TURNS)
    assert call.labels == [("unverified", "48")]
    call = at_reading(reading("48"))
    while not call.hangs_up:
        call.after(Keyed("*"))
    assert [say.prompt for say in call.says if isinstance(say, Say)] == ["goodbye_long"]
