# SPDX-License-Identifier: Apache-2.0
"""The way in for applications: what it takes, what it refuses, what it never tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sample_readings import reading
from signed_phone import CALLER
from sqlalchemy import func, select
from told_photo import lose_table, read
from web_settings import settings_in
from werkzeug.test import TestResponse

from ivr.app import create_app
from ivr.clients import Clients
from ivr.settings import Settings
from worker import Store, calls
from worker.records import Call, Message, Photo, PhotoState, StoredReading, Text

JPEG = b"\xff\xd8\xff\xe0 a photo"
KEY, NEW_KEY, OTHERS_KEY = "k" * 20, "n" * 24, "o" * 20
KEYS = f"helper:{KEY}, helper:{NEW_KEY}, other:{OTHERS_KEY}"


@pytest.fixture
def client(settings: Settings, store: Store) -> FlaskClient:
    return client_with(settings, store)


def client_with(settings: Settings, store: Store, **changes: object) -> FlaskClient:
    given = settings_in(settings.data_dir, **({"api_keys": KEYS} | changes))
    return create_app(given, store).test_client()


def bearer(key: str = KEY, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }


def send(client: FlaskClient, photo: bytes = JPEG, key: str = KEY, **headers: str) -> TestResponse:
    given = bearer(key, **({"Content_Type": "image/jpeg"} | headers))
    return client.post("/api/readings", data=photo, headers=given)


def problem(answer: TestResponse) -> str:
    """The end of the problem's type; every problem is whole and is kept by no cache."""
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    said = json.loads(answer.text)
    assert set(said) == {"type", "title", "status", "detail"}
    assert said["status"] == answer.status_code
    return str(said["type"]).rpartition("/")[2]


def read_it(store: Store) -> None:
    with store.snapshot() as session:
        message_id = session.scalars(select(Message.id)).one()
    read(store, message_id, reading("482915"))


def count(store: Store, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_photo_is_taken_and_its_reading_asked_for(client: FlaskClient, store: Store) -> None:
    taken = send(client)
    assert (taken.status_code, taken.json and taken.json["state"]) == (202, "pending")
    url = taken.headers["Location"]
    waiting = client.get(url, headers=bearer())
    assert waiting.json == {"id": url.rpartition("/")[2], "state": "pending"}
    assert waiting.headers["Retry-After"] == "1"
    read_it(store)
    answer = client.get(url, headers=bearer())
    assert answer.json is not None
    assert answer.json["state"] == "read"
    assert {name: answer.json[name] for name in reading("482915").as_dict()} == reading(
        "482915"
    ).as_dict()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_photo_may_be_the_file_of_a_form(client: FlaskClient, store: Store) -> None:
    form = {"photo": (BytesIO(JPEG), "482915.jpg", "image/jpeg")}
    assert client.post("/api/readings", data=form, headers=bearer()).status_code == 202
    with store.snapshot() as session:
        photo = session.scalars(select(Photo)).one()
        assert store.objects.get(photo.object_key or "") == JPEG


def test_nobody_is_rung_or_texted(client: FlaskClient, store: Store) -> None:
    send(client)
    read_it(store)
    assert (count(store, Call), count(store, Text)) == (0, 0)
    assert calls.start_inbound(store, "CA1", CALLER, "ko").readings == ()


@pytest.mark.parametrize("key", [KEY, NEW_KEY])
def test_an_application_may_have_two_keys(client: FlaskClient, key: str) -> None:
    url = send(client, key=key).headers["Location"]
    for own in (KEY, NEW_KEY):
        assert client.get(url, headers=bearer(own)).status_code == 200


@pytest.mark.parametrize("method", ["get", "delete"])
def test_another_applications_reading_is_not_there(
    client: FlaskClient, store: Store, method: str
) -> None:
    url = send(client).headers["Location"]
    send(client, key=OTHERS_KEY)
    answer = client.open(url, method=method, headers=bearer(OTHERS_KEY))
    assert (answer.status_code, problem(answer)) == (404, "not_found")
    assert count(store, Photo) == 2


FORGED = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer " + "x" * 20},
    {"Authorization": f"Bearer {KEY}x"},
    {"Authorization": f"Bearer {KEY[:-1]}"},
    {"Authorization": f"Bearer helper:{KEY}"},
    {"Authorization": f"Basic {KEY}"},
    {"Authorization": f"Bearer {KEYS}"},
    {"Authorization": "Bearer é" + KEY},
    {"X-Api-Key": KEY},
]


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: str(headers)[:40])
def test_without_a_key_nothing_is_taken_or_told(
    client: FlaskClient, store: Store, headers: dict[str, str]
) -> None:
    url = send(client).headers["Location"]
    for answer in (
        client.post("/api/readings", data=JPEG, headers=headers, content_type="image/jpeg"),
        client.get(url, headers=headers),
        client.delete(url, headers=headers),
    ):
        assert (answer.status_code, problem(answer)) == (401, "no_key")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert count(store, Photo) == 1


def test_without_any_keys_there_is_no_api(settings: Settings, store: Store) -> None:
    client = client_with(settings, store, api_keys="")
    for key in ("", KEY):
        answer = send(client, key=key)
        assert (answer.status_code, problem(answer)) == (404, "about:blank")
    assert count(store, Photo) == 0


@pytest.mark.parametrize(
    "written", [KEY, f":{KEY}", "helper:", "helper:short", f"Helper:{KEY}", f"+8210:{KEY}", "a:b,"]
)
def test_a_key_that_cannot_be_is_refused_at_the_start_and_not_shown(
    settings: Settings, store: Store, written: str
) -> None:
    with pytest.raises(ValueError, match="entry 1 of SONSORI_API_KEYS") as refusal:
        client_with(settings, store, api_keys=written)
    assert KEY not in str(refusal.value) and "short" not in str(refusal.value)
    assert KEY not in repr(Clients.of(f"helper:{KEY}"))


WRONG = [
    (b"", "image/jpeg", 400, "no_photo"),
    (b"%PDF-1.7", "application/pdf", 415, "not_an_image"),
    (b"%PDF-1.7", "image/jpeg", 415, "not_an_image"),
    (b'{"photo": "482915"}', "application/json", 415, "not_an_image"),
    (JPEG + bytes(3_000), "image/jpeg", 413, "too_large"),
    (JPEG + bytes(90_000), "image/jpeg", 413, "too_large"),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x", 400, "no_photo"),
    (b"photo=482915", "application/x-www-form-urlencoded", 415, "not_an_image"),
]


@pytest.mark.parametrize(("body", "kind", "status", "name"), WRONG, ids=lambda part: str(part)[:20])
def test_what_cannot_be_taken_is_said(
    settings: Settings, store: Store, body: bytes, kind: str, status: int, name: str
) -> None:
    client = client_with(settings, store, photo_max_bytes=2_000)
    answer = send(client, body, Content_Type=kind)
    assert (answer.status_code, problem(answer)) == (status, name)
    assert count(store, Photo) == 0


@pytest.mark.parametrize("names", [("photo", "photo"), ("photo", "second"), ("image",), ()])
def test_a_form_with_other_than_one_photo_is_refused(
    client: FlaskClient, names: tuple[str, ...]
) -> None:
    files = [(name, (BytesIO(JPEG), "a.jpg", "image/jpeg")) for name in names]
    form: dict[str, list[object]] = {"word": ["hello"]}
    for name, file in files:
        form.setdefault(name, []).append(file)
    answer = client.post(
        "/api/readings", data=form, headers=bearer(), content_type="multipart/form-data"
    )
    assert (answer.status_code, problem(answer)) == (400, "no_photo")


def test_a_form_of_endless_parts_is_refused_unread(settings: Settings, store: Store) -> None:
    client = client_with(settings, store, photo_max_bytes=2_000)
    form = {"photo": (BytesIO(JPEG + bytes(50_000)), "a.jpg", "image/jpeg")}
    answer = client.post("/api/readings", data=form, headers=bearer())
    assert (answer.status_code, problem(answer)) == (413, "too_large")


def test_the_same_request_twice_is_one_photo(client: FlaskClient, store: Store) -> None:
    first, again = (send(client, Idempotency_Key="order-66") for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert count(store, Photo) == 1
    other = send(client, JPEG + b"!", Idempotency_Key="order-66")
    assert (other.status_code, problem(other)) == (422, "other_photo")


@pytest.mark.parametrize("key", ["", " ", "a" * 201, "a b"])
def test_an_idempotency_key_that_is_none_is_refused(client: FlaskClient, key: str) -> None:
    answer = send(client, Idempotency_Key=key)
    assert (answer.status_code, problem(answer)) == (400, "bad_idempotency_key")


def test_who_sends_too_much_is_asked_to_wait(settings: Settings, store: Store) -> None:
    client = client_with(settings, store, api_photos_at_once=1)
    send(client)
    answer = send(client)
    assert (answer.status_code, problem(answer)) == (429, "too_many")
    assert answer.headers["Retry-After"] == "1"


def test_deleting_deletes(client: FlaskClient, store: Store) -> None:
    url = send(client).headers["Location"]
    read_it(store)
    assert client.delete(url, headers=bearer()).status_code == 204
    for answer in (client.get(url, headers=bearer()), client.delete(url, headers=bearer())):
        assert (answer.status_code, problem(answer)) == (404, "not_found")
    assert count(store, StoredReading) == 0


def test_digits_that_were_wiped_are_gone(client: FlaskClient, store: Store) -> None:
    url = send(client).headers["Location"]
    read_it(store)
    with store.session() as session:
        session.scalars(select(StoredReading)).one().secret = None
    answer = client.get(url, headers=bearer())
    assert (answer.status_code, problem(answer)) == (410, "expired")


def test_a_lost_photo_is_said_to_be(client: FlaskClient, store: Store) -> None:
    url = send(client).headers["Location"]
    with store.session() as session:
        session.scalars(select(Photo)).one().state = PhotoState.LOST
    answer = client.get(url, headers=bearer())
    assert answer.json == {"id": url.rpartition("/")[2], "state": "lost"}


@pytest.mark.parametrize("id", ["RD0", "1", "..%2f..%2fetc", "%00", "A" * 4_000])
def test_an_id_that_is_none_is_not_found(client: FlaskClient, id: str) -> None:
    answer = client.get(f"/api/readings/{id}", headers=bearer())
    assert answer.status_code == 404
    assert problem(answer) in ("not_found", "about:blank")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("put", "/api/readings/RD0", 405), ("get", "/api/readings", 405), ("get", "/api/x", 404)],
)
def test_an_address_or_method_there_is_not_is_a_problem_too(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method, headers=bearer())
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_a_problems_type_leads_to_its_meaning(client: FlaskClient) -> None:
    said = json.loads(client.get("/api/readings/RD0").text)
    meaning = client.get(said["type"])
    assert meaning.status_code == 200 and said["detail"] in meaning.text
    assert client.get("/api/problems/none_of_them").status_code == 404


def test_what_is_not_of_the_api_fails_as_before(client: FlaskClient) -> None:
    assert client.get("/nowhere").mimetype == "text/html"


def test_a_failure_of_ours_is_said_and_nothing_of_it_logged(
    client: FlaskClient, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    url = send(client).headers["Location"]
    read_it(store)
    client.get(url, headers=bearer())
    lose_table(store, "photo")
    answer = send(client)
    assert (answer.status_code, problem(answer)) == (503, "failed")
    logged = "".join(capsys.readouterr())
    assert "api_failed" in logged
    assert "482915" not in logged and KEY not in logged
    assert list((store.settings.data_dir / "objects" / "photos").glob("*.part")) == []


@pytest.fixture(autouse=True)
def _no_key_in_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert KEY not in "".join(capsys.readouterr())
