# SPDX-License-Identifier: Apache-2.0
"""Callers, transcripts, and what `sonsori call` refuses before it starts anything."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.devphone.events import Event
from ivr.devphone.handset import Press, Speak
from ivr.devphone.transcript import Entry, of_confirmation, of_event, of_turn
from ivr.rehearsal import Outcome, caller_for
from worker.records import Confirmation, Turn

NOON = datetime(2026, 11, 22, 12)
NOON_UNIX = 1795348800.0


def test_a_caller_says_yes_in_their_language_unless_told_otherwise() -> None:
    assert caller_for("ko").script == (Speak("네"),)
    assert caller_for("en").script == (Speak("yes"),)
    assert caller_for("ko", words=["네", "아니요"]).script == (Speak("네"), Speak("아니요"))


def test_keys_may_be_given_one_by_one_or_in_one_string() -> None:
    keys = (Press("1"), Press("2"), Press("482917#"))
    assert caller_for("en", keys=["1", "2", "482917#"]).script == keys
    assert caller_for("en", keys=["1 2 482917#"]).script == keys
    assert caller_for("en", keys=[]).script == caller_for("en", keys=[""]).script == (Press("1"),)


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(ValueError, match="ko, en"):
        caller_for("tlh")


@pytest.mark.parametrize(
    ("kind", "data", "entry"),
    [
        ("text_sent", {"text": "", "photos": 1}, ("caller", "texted", "texts a photo")),
        ("text_sent", {"text": "hi", "photos": 0}, ("caller", "texted", "hi")),
        ("text_received", {"text": "hello"}, ("service", "texted", "hello")),
        ("call", {"status": "ringing", "to": "+1"}, ("phone", "ringing", "rings +1")),
        ("call", {"status": "completed", "to": "+1"}, ("phone", "completed", "hung up")),
        ("said", {"text": "네"}, ("caller", "said", "네")),
        ("pressed", {"keys": "12#"}, ("caller", "pressed", "1 2 #")),
        ("put_down", {}, ("caller", "put_down", "puts the telephone down")),
        ("error", {"message": "bad", "code": 12200}, ("phone", "error", "bad (12200)")),
    ],
)
def test_what_the_telephone_saw_becomes_a_line(
    kind: str, data: dict[str, object], entry: tuple[str, str, str]
) -> None:
    assert of_event(Event(1, 5.0, kind, "CA1", data)) == Entry(5.0, *entry)


def test_what_only_engineers_look_at_does_not() -> None:
    assert of_event(Event(1, 5.0, "webhook", "CA1", {"path": "/messages"})) is None
    assert of_event(Event(1, 5.0, "call", "CA1", {"status": "initiated"})) is None


@pytest.mark.parametrize(
    ("kind", "data", "words", "text"),
    [
        ("said", {"prompt": "digits"}, "사 팔", "사 팔"),
        ("heard", {"meaning": "yes", "confidence": 0.98}, "네", "heard “네”: yes, 98% sure"),
        ("keyed", {"keys": 1}, "1", "keys 1"),
        ("silence", {}, None, "heard nothing"),
    ],
)
def test_what_the_service_noted_becomes_a_line(
    kind: str, data: dict[str, object], words: str | None, text: str
) -> None:
    secret = None if words is None else {"text": words}
    entry = of_turn(Turn(at=NOON, who="caller", kind=kind, data=data, secret=secret))
    assert entry is not None
    assert (entry.at, entry.text) == (NOON_UNIX, text)


def test_a_label_says_how_it_was_given() -> None:
    confirmation = Confirmation(
        created_at=NOON, label="keyed", heard_by="keys", secret={"text": "482917"}
    )
    assert of_confirmation(confirmation).text == "label stored: 482917, keyed, by keys"


def test_an_outcome_is_saved_with_times_since_the_photo_was_texted(tmp_path: Path) -> None:
    outcome = Outcome(
        call="CA1",
        status="completed",
        labels=("label stored: 1",),
        good=True,
        entries=(Entry(103.5, "caller", "said", "네"),),
        wire=(Event(1, 100.0, "text_sent", "", {}),),
        recording=b"RIFF",
    )
    place = outcome.save(tmp_path)
    saved = json.loads((place / "transcript.json").read_text("utf-8"))
    assert place == tmp_path / "CA1"
    assert (place / "call.wav").read_bytes() == b"RIFF"
    spoken = {"at_s": 3.5, "who": "caller", "kind": "said", "text": "네", "prompt": ""}
    assert saved["entries"] == [spoken]
    assert saved["wire"][0]["at_s"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--say", "네", "--keys"], "not both"),
        (["--language", "tlh", "--keys"], "no caller speaks"),
        (["--photo", "missing.jpg"], "does not exist"),
    ],
)
def test_bad_usage_is_told_before_anything_starts(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(app, ["call", *arguments], env={"TERM": "dumb", "COLUMNS": "200"})
    assert result.exit_code == 2
    assert told in result.output


def test_the_tables_are_made_by_a_command_that_may_be_repeated() -> None:
    for _ in range(2):
        result = CliRunner().invoke(app, ["db", "upgrade"])
        assert result.exit_code == 0 and "up to date" in result.output
