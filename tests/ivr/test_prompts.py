# SPDX-License-Identifier: Apache-2.0
"""The catalogues are complete, alike, short, and name their keys."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from ivr.catalogue import Catalogue, is_keyword, language_of, languages, load
from ivr.catalogue.loading import NUMBERED
from ivr.catalogue.page import PAGE, as_markdown
from ivr.dialog.checks import Kind
from ivr.dialog.machine import STRIKES
from ivr.dialog.menu import ORDER
from ivr.dialog.state import Ending
from ivr.dialog.types import Meaning, Say
from vision.reading import Problem

ROOT = Path(__file__).parents[2]
FOLDERS = ("dialog", "webhooks", "")
SOURCES = [path for name in FOLDERS for path in (ROOT / "ivr" / name).glob("*.py")]
LONGEST = {"ko": 70, "en": 115}  # about ten seconds of speech
QUESTIONS = re.compile(r".*_ask$|.*_ask_first$|alternative_.*")

catalogues = pytest.mark.parametrize(
    "catalogue", [load(code) for code in languages()], ids=languages()
)
prompts = pytest.mark.parametrize("prompt", load("ko").prompts)


def slots(catalogue: Catalogue, prompt: str) -> set[tuple[str, str]]:
    parsed = Formatter().parse(catalogue.prompts[prompt])
    return {(slot, spec or "") for _, slot, spec, _ in parsed if slot is not None}


def test_korean_and_english_are_there() -> None:
    assert {"ko", "en"} <= set(languages())


@catalogues
def test_every_language_says_everything(catalogue: Catalogue) -> None:
    reference = load("ko")
    assert list(catalogue.prompts) == list(reference.prompts)
    assert list(catalogue.page) == list(reference.page) and all(catalogue.page.values())
    assert set(catalogue.keys) == set(reference.keys) == set("120*#")
    assert set(catalogue.words.counters) == set(reference.words.counters)


@prompts
def test_the_slots_of_a_prompt_are_the_same_in_every_language(prompt: str) -> None:
    assert len({frozenset(slots(load(code), prompt)) for code in languages()}) == 1


@catalogues
@prompts
def test_a_prompt_is_short_and_a_question_comes_last(catalogue: Catalogue, prompt: str) -> None:
    written = catalogue.prompts[prompt]
    said = re.sub(r"\{[^}]*\}|\[[^]]*\]", "··", written)
    assert len(said) <= LONGEST.get(catalogue.language, 115)
    assert written.endswith("?") == bool(QUESTIONS.fullmatch(prompt))


@catalogues
@prompts
def test_digit_strings_stand_between_pauses(catalogue: Catalogue, prompt: str) -> None:
    for found in re.finditer(r"\{digits:\w+\}(.?)", catalogue.prompts[prompt]):
        assert found[1] in ("", ".")


def test_every_prompt_the_code_names_is_there_and_no_other() -> None:
    source = "\n".join(path.read_text("utf-8") for path in SOURCES)
    named = set(re.findall(r'"([a-z][a-z_0-9]+)"', source))
    named |= {f"problem_{problem}" for problem in Problem}
    named |= {f"problem_{found}" for found in re.findall(r'return "(lost)"', source)}
    named |= {f"caution_{problem}" for problem in Problem if problem.startswith("cut_off")}
    named |= {f"caution_{kind}" for kind in Kind}
    named |= {f"goodbye_{ending}" for ending in Ending}
    named |= {f"help_{meaning}" for meaning in ORDER}
    named |= {f"{kind}_{n}" for kind in ("silent", "unclear") for n in range(1, STRIKES)}
    assert set(load("ko").prompts) - named == set()


@catalogues
@pytest.mark.parametrize(
    ("prompt", "keys"),
    [
        ("greeting_ask", "1"),
        ("reading_how", "120"),
        ("yes_no_2", "12"),
        ("help_yes_no", "12*"),
        ("help_position", "*"),
        ("help_number", "#*"),
        ("help_waiting", "2*"),
        ("help_more", "0#"),
        ("help_back", "#"),
        ("keying", "#"),
        ("keying_line", "#"),
        ("keying_how", "#"),
        ("waiting_keys", "20"),
        ("waiting_last", "1"),
    ],
)
def test_a_prompt_names_the_keys_it_offers(catalogue: Catalogue, prompt: str, keys: str) -> None:
    for key in keys:
        assert catalogue.keys[key] in catalogue.prompts[prompt]


@catalogues
def test_every_meaning_has_words_but_the_unclear(catalogue: Catalogue) -> None:
    assert set(catalogue.hearing) == set(Meaning) - NUMBERED - {Meaning.UNCLEAR}
    assert all(catalogue.hearing.values())
    assert len(catalogue.positions) == 20 and all(catalogue.positions)
    assert len(catalogue.digits) == 10 and all(catalogue.digits)


@catalogues
def test_no_phrase_means_two_things_and_no_filler_is_an_answer(catalogue: Catalogue) -> None:
    spoken = (*catalogue.hearing.values(), *catalogue.positions, *catalogue.digits)
    phrases = [phrase for phrases in spoken for phrase in phrases]
    assert len(phrases) == len(set(phrases))
    words = {word for phrase in phrases for word in phrase.split()}
    assert len(set(catalogue.fillers)) == 40
    assert words.isdisjoint(catalogue.fillers) or catalogue.language != "ko"


@catalogues
def test_a_long_number_is_still_said_in_words(catalogue: Catalogue) -> None:
    assert len(catalogue.words.digits) == 10
    assert len(catalogue.words.numbers) == len(catalogue.words.ordinals) == 30
    assert catalogue.words.ordinal(31) == "31"


@pytest.mark.parametrize(
    ("number", "language"),
    [
        ("+821012345678", "ko"),
        ("whatsapp:+821012345678", "ko"),
        ("+14155550100", "en"),
        ("+4915112345678", "en"),
        ("", "en"),
    ],
)
def test_a_number_speaks_the_language_of_its_country(number: str, language: str) -> None:
    assert language_of(number, "en") == language


def test_the_default_is_for_numbers_that_say_nothing() -> None:
    assert language_of("+4915112345678", "ko") == "ko"


def test_whoever_wants_out_may_say_so_in_any_language() -> None:
    assert is_keyword("stop", " STOP ")
    assert is_keyword("stop", "수신거부")
    assert is_keyword("start", "Start")
    assert not is_keyword("stop", "stop sign photo")


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(LookupError, match="en, ko"):
        load("tlh")


def test_the_page_of_prompts_is_written_from_the_catalogues() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == as_markdown()


def test_texts_fit_one_message_of_korean_characters() -> None:
    for prompt in ("text_missed", "error_text"):
        assert len(load("ko").text(Say(prompt))) <= 67
