# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench calls`: figures from the record of calls that were really stored."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sample_readings import reading
from signed_phone import CALLER, sid
from told_photo import read_message, ring_back
from typer.testing import CliRunner

from ivr.cli import app
from ivr.conversation import Conversation
from ivr.dialog.types import Answered, Event, Heard, HungUp, Keyed, Meaning, Silence
from ivr.stuck import by_screen
from ivr.took import UNTIMED, Took
from worker import Store
from worker.records import Turn, utcnow
from worker.turnlog import LoggedTurn, recent_turns

YES = Heard(Meaning.YES, 0.9, "네")
UNCLEAR = Heard(Meaning.UNCLEAR, 0.0, "각")


def hold(store: Store, number: int, *events: Event | tuple[Event, Took]) -> None:
    """A call in which this happens."""
    message = read_message(store, sid("MM", number), CALLER, reading("482915"))
    conversation = Conversation(store, ring_back(store, message, sid("CA", number)))
    for event in events:
        conversation.step(*(event if isinstance(event, tuple) else (event, UNTIMED)))


def figures(store: Store) -> dict[str, dict[str, object]]:
    screens: dict[str, dict[str, object]] = by_screen(recent_turns(store, 1)).as_dict()["screens"]
    return screens


def test_turns_are_counted_by_screen_and_kind(store: Store) -> None:
    hold(store, 1, Answered(), Silence(), UNCLEAR, YES, Keyed("1"))
    screens = figures(store)
    assert list(screens)[:2] == ["greeting", "reading"]
    greeting = screens["greeting"]
    assert (greeting["turns"], greeting["silent"], greeting["unclear"]) == (3, 0.333, 0.333)
    assert greeting["confidence"] == 0.9
    assert (screens["reading"]["turns"], screens["reading"]["keyed"]) == (1, 1.0)


def test_who_hangs_up_left_where_they_were_and_only_once(store: Store) -> None:
    hold(store, 1, Answered(), YES, HungUp(), HungUp())
    hold(store, 2, Answered(), HungUp())
    assert {name: screen["left"] for name, screen in figures(store).items()} == {
        "greeting": 1, "reading": 1,
    }  # fmt: skip


def test_who_is_said_goodbye_to_has_not_left(store: Store) -> None:
    hold(store, 1, Answered(), Heard(Meaning.STOP, 0.9), HungUp())
    assert [screen["left"] for screen in figures(store).values()] == [0]


def test_times_are_medians_and_ninetieth_percentiles(store: Store) -> None:
    times = [Took(voice=10 * i, thought=100 * i, decision=200) for i in range(1, 12)]
    hold(store, 1, Answered(), *((Heard(Meaning.SLOWER, 0.9), took) for took in times))
    ms = figures(store)["greeting"]["ms"]
    assert ms == {
        "thought": {"median": 600, "p90": 1080},
        "decision": {"median": 200, "p90": 200},
        "voice": {"median": 60, "p90": 108},
    }


def test_an_answer_before_the_end_of_the_question_is_early(store: Store) -> None:
    hold(store, 1, Answered(), (Heard(Meaning.SLOWER, 0.9), Took(thought=-400)), YES)
    assert figures(store)["greeting"]["early"] == 0.5


def test_only_the_days_asked_for_count(store: Store) -> None:
    hold(store, 1, Answered(), YES)
    with store.session() as session:
        session.query(Turn).update({Turn.at: utcnow() - timedelta(days=3)})
    assert recent_turns(store, 2) == ()
    assert recent_turns(store, 4) != ()


def test_no_turn_shows_a_digit(store: Store) -> None:
    hold(store, 1, Answered(), YES, Keyed("482917"), HungUp())
    shown = json.dumps([dict(turn.data) for turn in recent_turns(store, 1)])
    assert "482915" not in shown and "482917" not in shown


def test_no_calls_are_no_error() -> None:
    assert by_screen(()).as_dict() == {"calls": 0, "screens": {}}
    assert by_screen([LoggedTurn(1, "status", {"status": "busy"})]).as_dict()["calls"] == 1


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_command_prints_what_the_database_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    hold(store, 1, Answered(), Silence(), YES)
    monkeypatch.setenv("SONSORI_DATA_DIR", str(Path(store.settings.data_dir)))
    result = CliRunner().invoke(app, ["bench", "calls", *form])
    assert result.exit_code == 0, result.output
    assert "greeting" in result.stdout
    if form:
        assert json.loads(result.stdout)["screens"]["greeting"]["silent"] == 0.5
