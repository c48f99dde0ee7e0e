# SPDX-License-Identifier: Apache-2.0
"""Whole calls through every process: photo in, digits spoken, label stored."""

from __future__ import annotations

import json
import wave
from concurrent.futures import Future

import numpy as np
import pytest

from ivr.catalogue import load
from tests.e2e.conftest import SAMPLE, Command
from tests.e2e.person import YES_TO_ALL, Person

CORRECTED = YES_TO_ALL | {
    "reading_ask": "2",
    "reading_ask_first": "2",
    "alternative_one": "2",
    "alternative_whole": "2",
    "keying": "482917#",
}


def test_a_caller_hears_the_digits_and_confirms_them_by_keys(english: Person) -> None:
    english.texts(SAMPLE)
    call = english.is_rung()
    heard = english.converses(call, YES_TO_ALL)
    assert heard[0] == "greeting" and heard[-1] == "goodbye_done"
    assert "four eight two nine one five" in english.words(call)
    assert english.label(call) == ("confirmed", "keys", "482915")
    assert english.status(call) == "completed"


def test_a_wrong_digit_is_corrected_by_keys_and_read_back(english: Person) -> None:
    english.texts(SAMPLE)
    call = english.is_rung()
    heard = english.converses(call, CORRECTED)
    assert "checking_ask" in heard
    assert "four eight two nine one seven" in english.words(call)
    assert english.label(call) == ("keyed", "keys", "482917")


def test_a_number_keyed_straight_at_the_reading_corrects_it(english: Person) -> None:
    english.texts(SAMPLE)
    call = english.is_rung()
    heard = english.converses(call, YES_TO_ALL | {"reading_ask": "482917#"})
    assert "checking_ask" in heard and "keying" not in heard
    assert not {"unclear_1", "checking_counts"} & set(heard)
    assert english.label(call) == ("keyed", "keys", "482917")


def test_a_caller_who_hangs_up_in_the_middle_is_read_to_when_they_ring(english: Person) -> None:
    english.texts(SAMPLE)
    call = english.is_rung()
    english.hears(call, "greeting_ask")
    english.hangs_up(call)
    assert english.status(call) == "completed"
    assert english.label(call) is None
    again = english.rings()
    english.converses(again, YES_TO_ALL)
    assert english.label(again) == ("confirmed", "keys", "482915")


def test_a_caller_who_waits_on_the_line_is_read_to_at_once(korean: Person) -> None:
    call = korean.rings()
    korean.hears(call, "waiting_first")
    korean.texts(SAMPLE)
    korean.converses(call, YES_TO_ALL)
    assert korean.label(call) == ("confirmed", "keys", "482915")
    assert korean.calls() == [call], "a caller on the line is not rung as well"


def test_whoever_texts_a_word_takes_the_photo_on_the_page_and_is_rung(korean: Person) -> None:
    korean.texts(body="안녕하세요")
    page = korean.photographs(korean.is_texted(), SAMPLE)
    assert load("ko").page["received"] in page
    call = korean.is_rung()
    korean.converses(call, YES_TO_ALL)
    assert "사 팔 이 구 일 오" in korean.words(call)
    assert korean.label(call) == ("confirmed", "keys", "482915")


def test_a_link_asked_for_on_the_line_brings_the_photo_to_that_call(korean: Person) -> None:
    call = korean.rings()
    korean.hears(call, "waiting_first")
    korean.presses(call, "0")
    korean.hears(call, "help_more")
    korean.presses(call, "8")
    korean.photographs(korean.is_texted(), SAMPLE)
    korean.converses(call, YES_TO_ALL)
    assert korean.label(call) == ("confirmed", "keys", "482915")
    assert korean.calls() == [call], "a caller on the line is not rung as well"


def test_a_photo_that_the_network_has_late_is_still_read(korean: Person) -> None:
    korean.texts(SAMPLE, late=2)
    call = korean.is_rung()
    korean.converses(call, YES_TO_ALL)
    assert korean.label(call) == ("confirmed", "keys", "482915")


@pytest.mark.parametrize(
    ("language", "digits", "word"),
    [("ko", "사 팔 이 구 일 오", "네"), ("en", "four eight two nine one five", "yes")],
)
def test_the_command_lets_a_caller_hear_the_digits_and_confirm_them_by_voice(
    spoken_calls: dict[str, Future[Command]], language: str, digits: str, word: str
) -> None:
    command = spoken_calls[language].result()
    texts = [entry["text"] for entry in command.transcript["entries"]]
    assert command.status == 0, texts
    assert any(digits in text for text in texts)
    assert any(text.startswith(f"heard “{word}”: yes") for text in texts)
    assert command.transcript["labels"] == ["label stored: 482915, confirmed, by voice"]


def test_the_command_leaves_the_call_and_nothing_else(
    spoken_calls: dict[str, Future[Command]],
) -> None:
    command = spoken_calls["ko"].result()
    place = command.folder / "saved" / command.transcript["call"]
    assert json.loads((place / "transcript.json").read_text()) == command.transcript
    with wave.open(str(place / "call.wav")) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
        service_s, caller_s = (np.abs(frames) > 1000).sum(axis=0) / file.getframerate()
    assert service_s > 2 and caller_s > 0.1, "both voices are to be heard"
    assert list((command.folder / "var").iterdir()) == [], "the private data folder is gone"
