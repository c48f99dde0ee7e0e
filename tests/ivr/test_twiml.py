# SPDX-License-Identifier: Apache-2.0
"""TwiML says what was meant, escaped, and the dev phone's strict reader takes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

import pytest
from web_settings import settings_in

from ivr import twiml
from ivr.catalogue import languages, load
from ivr.devphone.twiml import parse
from ivr.dialog.types import Action, Expect, HangUp, Listen, Say

DIGITS = Say("digits", {"digits": "482915"}, secret=True)


def keypad(folder: Path, *actions: Action, language: str = "ko") -> ElementTree.Element:
    document = twiml.keypad(settings_in(folder), 5, 3, actions, load(language))
    parse(document)
    return ElementTree.fromstring(document)


def test_words_are_escaped(tmp_path: Path) -> None:
    korean = load("ko")
    prompts = MappingProxyType({"greeting": 'Foo & Bar <b>"x"</b>.'})
    document = twiml.farewell(replace(korean, prompts=prompts), "greeting")
    assert ElementTree.fromstring(document)[0].text == 'Foo & Bar <b>"x"</b>.'


def test_a_reply_by_text_is_escaped() -> None:
    assert ElementTree.fromstring(twiml.text_reply("a<b>&c"))[0].text == "a<b>&c"


def test_no_reply_is_an_empty_response() -> None:
    assert len(ElementTree.fromstring(twiml.nothing())) == 0


def test_a_question_is_gathered_and_silence_comes_back_too(tmp_path: Path) -> None:
    document = keypad(tmp_path, Say("reading_ask"), Listen(Expect.YES_NO, 7.0))
    gather, redirect = document
    assert gather.attrib == {
        "input": "dtmf",
        "action": "https://sonsori.example/voice/keys/5?version=3",
        "method": "POST",
        "timeout": "2",
        "finishOnKey": "#",
        "actionOnEmptyResult": "true",
    }
    assert redirect.text == gather.get("action")


def test_the_first_key_of_an_answer_has_longer_than_the_next(tmp_path: Path) -> None:
    gather = keypad(tmp_path, Say("reading_ask"), Listen(Expect.YES_NO, 7.0))[0]
    assert [verb.tag for verb in gather] == ["Say", "Pause"]
    assert int(gather[1].get("length", "")) + int(gather.get("timeout", "")) == 7


def test_a_number_is_gathered_until_pound(tmp_path: Path) -> None:
    gather = keypad(tmp_path, Say("keying"), Listen(Expect.DIGITS, 15.0))[0]
    assert gather.get("finishOnKey") == "#"
    assert gather.get("numDigits") is None


def test_waiting_for_a_photo_listens_for_a_key(tmp_path: Path) -> None:
    document = keypad(tmp_path, Listen(Expect.PHOTO, 20.0))
    assert [verb.tag for verb in document] == ["Gather", "Redirect"]
    assert (document[0].get("numDigits"), document[0].get("timeout")) == ("1", "20")


def test_digits_are_words_between_commas(tmp_path: Path) -> None:
    document = keypad(tmp_path, DIGITS, HangUp())
    assert document[0].text == "사, 팔, 이. 구, 일, 오."
    assert [verb.tag for verb in document] == ["Say", "Hangup"]
    english = keypad(tmp_path, DIGITS, HangUp(), language="en")
    assert english[0].text == "four, eight, two. nine, one, five."


def test_a_slower_pace_puts_silence_between_groups(tmp_path: Path) -> None:
    document = keypad(tmp_path, replace(DIGITS, pace=0.7), HangUp())
    assert [verb.tag for verb in document] == ["Say", "Pause", "Say", "Pause", "Hangup"]


@pytest.mark.parametrize("language", languages())
def test_the_voice_speaks_the_language(tmp_path: Path, language: str) -> None:
    say = keypad(tmp_path, Say("goodbye_done"), HangUp(), language=language)[0]
    assert say.get("language") == load(language).locale
    assert (say.get("voice") or "").startswith("Polly.")


def test_the_stream_carries_its_call_and_token_and_no_query(tmp_path: Path) -> None:
    document = twiml.stream(settings_in(tmp_path), 5, "secret-token")
    parse(document)
    media = ElementTree.fromstring(document)[0][0]
    assert media.get("url") == "wss://sonsori.example/voice/stream"
    assert [(p.get("name"), p.get("value")) for p in media] == [
        ("call", "5"),
        ("token", "secret-token"),
    ]


def test_without_tls_the_stream_has_none_either(tmp_path: Path) -> None:
    plain = settings_in(tmp_path, public_url="http://127.0.0.1:8000/")
    assert plain.stream_url() == "ws://127.0.0.1:8000/voice/stream"
    assert "http://127.0.0.1:8000/voice/after/5" in twiml.stream(plain, 5, "t")
