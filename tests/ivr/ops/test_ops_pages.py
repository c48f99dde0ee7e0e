# SPDX-License-Identifier: Apache-2.0
"""The operators' pages and figures: who sees them, what they show, what they never show."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from page_outline import Outline, check
from prometheus_client.parser import text_string_to_metric_families
from sample_readings import reading, unreadable
from signed_phone import CALLER, sid
from sqlalchemy import select
from told_photo import read_message, ring_back
from web_settings import settings_in
from werkzeug.test import TestResponse

from ivr.app import create_app
from ivr.conversation import Conversation
from ivr.dialog.types import Answered, Heard, HungUp, Meaning
from ivr.ops.concerns import concerns
from ivr.ops.words import duration, interval, share
from ivr.settings import Settings
from vision.reading import Problem
from worker import Store
from worker.drift import Alarm
from worker.overview import numbers
from worker.proportions import Share
from worker.queue import Queue
from worker.records import Call, Confirmation, StoredReading, utcnow
from worker.training_records import Promotion, TrainingRun, TrainingState

TOKEN = "t" * 24
PAGES = ["/ops/", "/ops/calls", "/ops/drift", "/ops/training", "/ops/models", "/ops/failed"]
EVERYTHING = [*PAGES, "/ops/static/ops.css", "/metrics"]


@pytest.fixture
def client(settings: Settings, store: Store) -> FlaskClient:
    return client_with(settings, store)


def client_with(settings: Settings, store: Store, token: str = TOKEN) -> FlaskClient:
    return create_app(settings_in(settings.data_dir, ops_token=token), store).test_client()


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, auth=("operator", TOKEN))


def page(client: FlaskClient, path: str) -> Outline:
    answer = get(client, path)
    assert answer.status_code == 200
    return check(answer.text)


def rows(found: Outline) -> dict[str, str]:
    """What stands beside a row's name, in tables of two columns."""
    heads = [e.text for e in found.all("th") if "tbody" in e.inside]
    return dict(zip(heads, [e.text for e in found.all("td")], strict=False))


def live_through(store: Store) -> None:
    """A day of everything: a read photo, a call that was left, a blurred photo, a failed run."""
    told = read_message(store, sid("MM", 1), CALLER, reading("482915"))
    conversation = Conversation(store, ring_back(store, told, sid("CA", 1)))
    for event in (Answered(), Heard(Meaning.YES, 0.9, "네"), HungUp()):
        conversation.step(event)
    read_message(store, sid("MM", 2), CALLER, unreadable(Problem.BLURRED))
    read_message(store, sid("MM", 3), CALLER, None)
    with store.session() as session:
        for number in range(20):
            call = Call(caller_id=1, direction="inbound", status="completed")
            session.add(call)
            session.flush()
            answer = Confirmation(
                call_id=call.id, reading_id=1, label="denied", heard_by="voice", confidence=0.9,
                agrees=number == 0,
            )  # fmt: skip
            session.add(answer)
        beat = {"step": "train", "job": "tuned: epoch 2", "done": 3, "total": 8, "eta_s": 600.0}
        session.add(
            TrainingRun(
                asked_by="schedule", state="running", beat=beat, beat_at=utcnow(), attempts=1
            )
        )
        session.add(TrainingRun(asked_by="labels", state="failed", reason="The disk <is> full."))
        session.add(
            Promotion(
                kind="promote", bundle="b2", version=2, replaced="b1", actor="kim",
                reason="It reads hooked 1s.", verdict={"passed": True},
            )
        )  # fmt: skip


@pytest.mark.parametrize("path", EVERYTHING)
def test_nobody_sees_anything_without_the_password(client: FlaskClient, path: str) -> None:
    for auth in (None, ("operator", ""), ("operator", TOKEN[:-1]), (TOKEN, "operator")):
        answer = client.get(path, auth=auth)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.text == "A password is needed.\n"


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic " + base64.b64encode(TOKEN.encode()).decode(), "Bearer",
               f"Bearer {TOKEN}x", f"Digest {TOKEN}", TOKEN]
)  # fmt: skip
def test_a_forged_header_is_no_password(client: FlaskClient, header: str) -> None:
    assert client.get("/ops/", headers={"Authorization": header}).status_code == 401


def test_a_password_with_other_letters_is_compared_all_the_same(client: FlaskClient) -> None:
    assert client.get("/ops/", auth=("operator", "é" * 24)).status_code == 401


def test_a_program_may_send_the_password_as_a_bearer(client: FlaskClient) -> None:
    given = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=given).status_code == 200


@pytest.mark.parametrize("path", EVERYTHING)
def test_without_a_password_set_there_are_no_pages(
    settings: Settings, store: Store, path: str
) -> None:
    client = client_with(settings, store, token="")
    for auth in (None, ("operator", ""), ("operator", TOKEN)):
        assert client.get(path, auth=auth).status_code == 404


def test_a_password_that_could_be_guessed_is_refused_at_the_start(
    settings: Settings, store: Store
) -> None:
    with pytest.raises(ValueError, match="SONSORI_OPS_TOKEN has fewer than 20") as refusal:
        client_with(settings, store, token="sesame")
    assert "sesame" not in str(refusal.value)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_there_changes_anything(client: FlaskClient, path: str) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert client.open(path, method=method, auth=("operator", TOKEN)).status_code == 405


@pytest.mark.parametrize("lived", [False, True], ids=["empty", "after a day"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_used_with_a_screen_reader(
    client: FlaskClient, store: Store, path: str, lived: bool
) -> None:
    if lived:
        live_through(store)
    found = page(client, path)
    current = [link for link in found.all("a") if "aria-current" in link.attributes]
    assert [link.attributes["href"] for link in current] == [path]
    assert bool(found.all("table")) or not lived


@pytest.mark.parametrize("path", [*PAGES, "/metrics"])
def test_no_digits_and_no_numbers_are_shown(client: FlaskClient, store: Store, path: str) -> None:
    live_through(store)
    shown = get(client, path)
    assert "482915" not in shown.text and CALLER[-4:] not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert re.findall(r"https?://", shown.text) == []
    assert "Set-Cookie" not in shown.headers


def test_the_overview_says_what_to_look_at(client: FlaskClient, store: Store) -> None:
    live_through(store)
    found = page(client, "/ops/")
    said = [item.text for item in found.all("li")]
    assert "The broker does not answer: photos are recorded, and read when it is back." in said
    assert "Failed in the last week: 2." in said
    assert rows(found)["Photos read in the last hour"] == "2"
    [run] = [e.text for e in found.all("p") if "Retraining" in e.text]
    assert run == ("Retraining 1 is running: train, tuned: epoch 2: 3 of 8, about 10 min left.")


def test_the_training_page_shows_how_far_and_why_not(client: FlaskClient, store: Store) -> None:
    live_through(store)
    text = get(client, "/ops/training").text
    assert "tuned: epoch 2: 3 of 8" in text and "10 min" in text
    assert "The disk &lt;is&gt; full." in text


def test_the_models_page_shows_what_served_when(client: FlaskClient, store: Store) -> None:
    live_through(store)
    cells = [cell.text for cell in page(client, "/ops/models").all("td", "th")]
    assert {"promote", "b2", "b1", "kim", "now", "It reads hooked 1s."} <= set(cells)
    assert "50.0 % (1 of 2)" in cells


def test_the_drift_page_shows_weeks_and_alarms(client: FlaskClient, store: Store) -> None:
    live_through(store)
    with store.session() as session:
        old = session.scalars(select(StoredReading).order_by(StoredReading.id)).first()
        assert old is not None
        old.created_at = utcnow() - timedelta(days=10)
    found = page(client, "/ops/drift")
    cells = [cell.text for cell in found.all("td", "th")]
    assert "5.0 % (1 of 20)" in cells and "1 to 24 %" in cells and "blurred" in cells
    said = [item.text for item in found.all("li")]
    assert "Drift: callers say too seldom that a reading is right." in said


def test_the_calls_page_shows_where_callers_left(client: FlaskClient, store: Store) -> None:
    live_through(store)
    cells = [cell.text for cell in page(client, "/ops/calls").all("td", "th")]
    assert cells[cells.index("greeting") + 1] == "1"


def metrics(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Values by name and label values, as Prometheus reads them."""
    families = text_string_to_metric_families(get(client, "/metrics").text)
    return {
        (sample.name.removeprefix("sonsori_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_prometheus_can_read_the_figures(client: FlaskClient, store: Store) -> None:
    live_through(store)
    found = metrics(client)
    assert found["readings", "test", "yes"] == found["readings", "test", "no"] == 1
    assert found["answers", "denied"] == 20
    assert found["problems_last_week", "blurred"] == 1
    assert (found["failures", "photo"], found["failures", "run"]) == (1, 1)
    assert (found["training_state", "failed"], found["training_state", "running"]) == (1, 0)
    assert found["drift_alarm", "confirmed"] == 1
    assert found["answers_agreed_share", "high"] == pytest.approx(0.236, abs=0.001)
    assert found["broker_up",] == 0
    assert get(client, "/metrics").content_type.startswith("text/plain; version=0.0.4")


def test_a_retraining_that_goes_on_says_when_it_last_lived(
    client: FlaskClient, store: Store
) -> None:
    with store.session() as session:
        alive_at = utcnow() - timedelta(seconds=90)
        session.add(TrainingRun(asked_by="kim", state=TrainingState.RUNNING, beat_at=alive_at))
    assert 90 <= metrics(client)["training_beat_seconds",] < 150


QUEUES = dict.fromkeys(Queue, 0)
SERVED = {"w1": ("delivery", "reading"), "w2": ("upkeep",)}


def test_a_service_in_order_has_nothing_to_look_at(store: Store) -> None:
    assert concerns(numbers(store), QUEUES, SERVED, (), 0) == []


def test_each_concern_is_one_sentence(store: Store) -> None:
    found = numbers(store)
    assert "broker" in concerns(found, None, {}, (), 0)[0]
    assert "No worker answers" in concerns(found, QUEUES, {}, (), 0)[0]
    assert concerns(found, QUEUES, {"w1": ("reading", "upkeep")}, (), 0) == [
        "No worker serves the queue delivery."
    ]
    assert len(concerns(found, QUEUES, SERVED, tuple(Alarm), 3)) == 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (-1, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (7500, "2 h 5 min"),
        (1e5, "1 d 3 h"),
    ],
)
def test_durations_are_told_to_two_units(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_shares_are_told_with_their_counts() -> None:
    assert (share(Share(81, 100)), share(Share(0, 0))) == ("81.0 % (81 of 100)", "–")
    assert (interval(Share(80, 100)), interval(Share(0, 0))) == ("71 to 87 %", "–")
