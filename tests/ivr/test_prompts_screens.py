# SPDX-License-Identifier: Apache-2.0
"""Every screen can be spoken in every language, shortly, with its keys named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from played_call import PlayedCall
from sample_readings import DOUBTFUL, digit, line, reading, unreadable

from ivr.catalogue import languages, load
from ivr.dialog.menu import KEYS, ORDER
from ivr.dialog.screens import SCREENS
from ivr.dialog.state import Ending, Manner, Screen, State
from ivr.dialog.types import Expect, Say
from vision.reading import Problem

# As our voice (espeak-ng) speaks the catalogues, pauses and all: 6.6 and 15.0 signs a second.
SIGNS_A_SECOND = {"ko": 6.6, "en": 15.0}
LONGEST_S = 10
FIRST_QUESTION_S = 6
LONGEST_HELP_S = 16
PHOTOS = (
    reading("482915"),
    reading("4829", "15"),
    DOUBTFUL,
    reading(line("48", _2=digit(8, 0.7)), sure=False),
    reading(
        line("7777", _1=digit(7, 0.5), _2=digit(7, 0.5), _3=digit(7, 0.5), _4=digit(7, 0.5)),
        sure=False,
    ),
    reading("482", sure=False),
    reading("4111111111111112"),
    replace(reading("482", sure=False), more_seen=True),
    reading(replace(line("482"), crossed_out=True), sure=False),
    reading(line("482"), replace(line("915"), crossed_out=True), sure=False),
    *(reading("48", sure=False, problems=(p,)) for p in Problem if p.startswith("cut_off")),
)

spoken_in = pytest.mark.parametrize("language", languages())


def seconds(language: str, says: tuple[Say, ...]) -> float:
    catalogue = load(language)
    words = "".join(catalogue.text(replace(say, slots=_without_digits(say))) for say in says)
    return len(words) / SIGNS_A_SECOND[language]


def _without_digits(say: Say) -> dict[str, str | int]:
    return {k: "8" if k in ("digits", "values") else v for k, v in say.slots.items()}


def states(screen: Screen, language: str) -> Iterator[State]:
    """The screen as callers get to it: for the first time and again, with all kinds of photos."""
    for photo in (*PHOTOS, *(unreadable(problem) for problem in Problem)):
        readable = bool(photo.lines)
        if readable == (screen is Screen.PROBLEM):
            continue
        state = PlayedCall(photo, photo, language=language, candidate=photo.text).state
        state = replace(state, screen=screen, person=True)
        state = replace(state, draft=photo.text, line=1, place=1, value="8")
        yield state
        yield from _corrections(state)
        yield replace(state, chosen=True, test_consent=True)
        yield replace(state, first_time=False, repeats=2, waits=3, arrived=True)
        yield replace(state, manner=Manner.BACKWARDS, waits=99, keyed=True)
        yield from (replace(state, only=position) for position in (1, 9))
        yield from (replace(state, screen=screen, ending=ending) for ending in Ending)
        yield from _helps(state, screen)


def _corrections(state: State) -> Iterator[State]:
    """Which line, which digit, is it to be left out, or is it yet another?"""
    yield replace(state, line=0, place=0, tries=1)
    yield replace(state, value="", tries=1)
    yield replace(state, named=True, denied=("0.0.1",), tries=2)


def _helps(state: State, screen: Screen) -> Iterator[State]:
    for asked in Screen if screen is Screen.HELP else ():
        yield from (replace(state, back=asked, page=page) for page in (0, 1, 2))


@spoken_in
@pytest.mark.parametrize("screen", Screen)
def test_a_screen_has_all_its_words_and_none_is_long(screen: Screen, language: str) -> None:
    asked = [SCREENS[screen].ask(state) for state in states(screen, language)]
    assert len(asked) > 10
    for says in asked:
        assert says
        assert all(seconds(language, (say,)) <= LONGEST_S for say in says)


@spoken_in
@pytest.mark.parametrize("screen", Screen)
def test_the_hints_of_a_screen_are_there(screen: Screen, language: str) -> None:
    for hint in SCREENS[screen].HOW:
        assert load(language).text(Say(hint))


@spoken_in
@pytest.mark.parametrize("screen", sorted(set(Screen) - {Screen.GOODBYE, Screen.PROBLEM}))
def test_after_two_misses_at_the_latest_the_keys_are_named(screen: Screen, language: str) -> None:
    module, keys = SCREENS[screen], load(language).keys
    wanted = {
        Expect.YES_NO: (keys["1"], keys["2"]),
        Expect.DIGITS: (keys["#"],),
        Expect.PHOTO: (keys["2"],),
        Expect.KEY: (keys["#"],),
    }[module.EXPECT]
    last = [module.ask(state)[-1] for state in states(screen, language)]
    named = " ".join(load(language).text(say) for say in (Say(module.HOW[1]), *last))
    assert all(key in named for key in wanted)


@spoken_in
def test_the_help_names_the_key_of_each_command(language: str) -> None:
    for key, meaning in KEYS.items():
        assert key in load(language).prompts[f"help_{meaning}"]


@spoken_in
def test_the_help_names_words_that_are_listened_for(language: str) -> None:
    catalogue = load(language)
    for meaning in set(ORDER) & set(catalogue.hearing):
        told = catalogue.prompts[f"help_{meaning}"].lower()
        assert any(phrase in told for phrase in catalogue.hearing[meaning]), meaning


@spoken_in
def test_whoever_is_rung_is_asked_something_soon(language: str) -> None:
    call = PlayedCall(PHOTOS[0], language=language).answered()
    assert seconds(language, tuple(call.says)) <= FIRST_QUESTION_S


@spoken_in
def test_regulars_hear_less(language: str) -> None:
    for photos in ((), (PHOTOS[0],)):
        first = PlayedCall(*photos, language=language).answered()
        regular = PlayedCall(*photos, language=language, first_time=False).answered()
        assert len(regular.words) < len(first.words)


@spoken_in
def test_a_page_of_help_is_no_lecture(language: str) -> None:
    for state in states(Screen.HELP, language):
        assert seconds(language, SCREENS[Screen.HELP].ask(state)) <= LONGEST_HELP_S


@spoken_in
def test_nobody_is_blamed(language: str) -> None:
    blame = {
        "ko": ("잘못 찍", "잘못 보내", "잘못 말씀"),
        "en": ("you did", "your fault", "you failed"),
    }
    said = " ".join(load(language).prompts.values())
    assert not [words for words in blame[language] if words in said]


@spoken_in
def test_consent_is_one_sentence(language: str) -> None:
    for asked in ("consent_ask", "test_consent_ask"):
        assert len(load(language).render(Say(asked))) == 1


@spoken_in
def test_the_words_that_delete_photos_are_listened_for(language: str) -> None:
    told = load(language).prompts["test_consent_how"].lower()
    assert any(phrase in told for phrase in load(language).hearing["forget"])
