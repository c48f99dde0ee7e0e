# SPDX-License-Identifier: Apache-2.0
"""The camera page: what is sent to it, by people in a hurry and by people who mean harm."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from signed_phone import CALLER, SignedPhone
from sqlalchemy import func, select
from told_photo import lose_table
from web_settings import settings_in
from werkzeug.test import TestResponse

from ivr.app import create_app
from ivr.camera.kinds import is_photo
from ivr.catalogue import load
from ivr.settings import Settings
from worker import Store, inbox
from worker.records import Message, Photo

JPEG = b"\xff\xd8\xff\xe0 a photo"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
WORDS = load("ko").page


@pytest.fixture
def client(phone: SignedPhone) -> FlaskClient:
    return phone.client


@pytest.fixture
def address(phone: SignedPhone) -> str:
    """Path of the link somebody got who texted a word."""
    found = re.search(r"/photo/[A-Za-z]+", phone.text(Body="안녕하세요").text)
    assert found is not None
    return found[0]


def send(client: FlaskClient, address: str, *photos: bytes, **more: str) -> TestResponse:
    files = [(BytesIO(data), f"{n}.jpg", "image/jpeg") for n, data in enumerate(photos)]
    return client.post(address, data={"photo": files} | more)


def count(store: Store, table: type) -> int:
    with store.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_page_is_a_form_in_the_callers_language(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200 and '<html lang="ko">' in page.text
    assert 'accept="image/*" capture="environment"' in page.text
    assert f'<label class="main" for="take">{WORDS["take"]}</label>' in page.text
    assert 'role="status" aria-live="polite"' in page.text
    assert WORDS["answer"] in page.text and WORDS["hint_height"] in page.text


def test_nothing_comes_from_elsewhere_and_nothing_is_kept(
    client: FlaskClient, address: str
) -> None:
    page = client.get(address)
    assert re.findall(r"https?://", page.text) == []
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    for own in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        with client.get(own) as found:
            assert found.status_code == 200


def test_a_messaging_app_that_looks_first_uses_nothing_up(
    client: FlaskClient, store: Store, address: str
) -> None:
    assert [client.head(address).status_code, client.get(address).status_code] == [200, 200]
    assert client.options(address).status_code == 200
    assert WORDS["received"] in send(client, address, JPEG).text
    assert count(store, Photo) == 1


def test_an_upload_tells_that_the_answer_comes_by_phone(
    client: FlaskClient, store: Store, address: str
) -> None:
    answer = send(client, address, JPEG)
    assert answer.status_code == 200 and "<form" not in answer.text
    assert f"<title>{WORDS['received']}</title>" in answer.text
    with store.snapshot() as session:
        photo = session.scalars(select(Photo)).one()
        assert store.objects.get(photo.object_key or "") == JPEG


def test_several_photos_are_one_message_in_their_order(
    client: FlaskClient, store: Store, address: str
) -> None:
    send(client, address, JPEG, HEIC)
    with store.snapshot() as session:
        photos = session.scalars(select(Photo).order_by(Photo.position)).all()
        assert len({photo.message_id for photo in photos}) == 1
        assert [store.objects.get(photo.object_key or "") for photo in photos] == [JPEG, HEIC]


def test_an_empty_second_button_is_no_photo(
    client: FlaskClient, store: Store, address: str
) -> None:
    send(client, address, JPEG, b"")
    assert count(store, Photo) == 1


def test_the_same_upload_twice_is_one_message(
    client: FlaskClient, store: Store, address: str
) -> None:
    send(client, address, JPEG)
    again = send(client, address, JPEG)
    assert (again.status_code, count(store, Message)) == (410, 2)  # the word, and one upload
    assert WORDS["used"] in again.text and "<form" not in again.text
    assert client.get(address).status_code == 410


@pytest.mark.parametrize(
    ("photos", "status", "news"),
    [
        ((), 400, "no_photo"),
        ((b"",), 400, "no_photo"),
        ((b"%PDF-1.7 a letter",), 400, "not_an_image"),
        ((JPEG, b"<script>alert(1)</script>"), 400, "not_an_image"),
        ((JPEG,) * 11, 400, "too_many"),
        ((JPEG + bytes(3_000),), 413, "too_large"),
        ((JPEG + bytes(1_900),) * 3, 413, "too_large"),
    ],
    ids=["no file", "empty", "a letter", "one of two", "eleven", "too large", "all together"],
)
def test_what_cannot_be_taken_is_said_and_the_link_stays_good(
    settings: Settings,
    store: Store,
    address: str,
    photos: tuple[bytes, ...],
    status: int,
    news: str,
) -> None:
    small = settings.model_copy(update={"photo_max_bytes": 2_000, "upload_max_bytes": 5_000})
    client = create_app(small, store).test_client()
    answer = send(client, address, *photos)
    assert answer.status_code == status
    assert WORDS[news] in answer.text and "<form" in answer.text
    assert count(store, Photo) == 0
    assert send(client, address, JPEG).status_code == 200


def test_a_body_that_is_no_form_is_no_photo(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data=JPEG, content_type="image/jpeg")
    assert answer.status_code == 400 and WORDS["no_photo"] in answer.text
    text = client.post(address, data={"photo": "a photo"})
    assert text.status_code == 400 and WORDS["no_photo"] in text.text


@pytest.mark.parametrize("token", ["x", "A" * 32, "..%2f..%2fetc", "%F0%9F%93%B7", "A" * 4_000])
def test_a_forged_link_is_told_how_to_get_a_real_one(
    client: FlaskClient, store: Store, token: str
) -> None:
    for answer in (client.get(f"/photo/{token}"), send(client, f"/photo/{token}", JPEG)):
        assert answer.status_code == 404
    assert count(store, Photo) == 0


def test_a_stranger_is_spoken_to_in_the_browsers_language(client: FlaskClient) -> None:
    korean = client.get("/photo/forged", headers={"Accept-Language": "ko-KR,ko;q=0.9"})
    assert WORDS["gone"] in korean.text
    assert load("en").page["gone"] in client.get("/photo/forged").text


def test_an_expired_link_is_told_how_to_get_a_new_one(migrated: Path, store: Store) -> None:
    settings = settings_in(store.settings.data_dir, link_minutes=0)
    phone = SignedPhone(create_app(settings))
    found = re.search(r"/photo/[A-Za-z]+", phone.text(Body="hello").text)
    assert found is not None
    assert send(phone.client, found[0], JPEG).status_code == 404
    assert count(store, Photo) == 0


def test_whoever_texted_stop_is_not_uploaded_for(
    client: FlaskClient, store: Store, address: str
) -> None:
    inbox.stop(store, CALLER)
    assert send(client, address, JPEG).status_code == 404


def test_a_failure_of_ours_is_told_and_the_form_stays(
    client: FlaskClient, store: Store, address: str
) -> None:
    lose_table(store, "photo")
    answer = send(client, address, JPEG)
    assert answer.status_code == 503 and "<form" in answer.text
    assert load("en").page["failed"] in answer.text


def test_no_token_is_logged(
    client: FlaskClient, store: Store, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    send(client, address, JPEG)
    lose_table(store, "upload_link")
    client.get(address)
    logged = capsys.readouterr()
    token = address.rpartition("/")[2]
    assert "upload_failed" in logged.out and token not in logged.out + logged.err


@pytest.mark.parametrize(
    ("data", "photo"),
    [
        (JPEG, True),
        (HEIC, True),
        (b"\x89PNG\r\n\x1a\n", True),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", True),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", False),
        (b"\x00\x00\x00\x18ftypmp42", False),
        (b"%PDF-1.7", False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        (b"", False),
    ],
)
def test_a_photo_is_told_by_how_it_begins(data: bytes, photo: bool) -> None:
    assert is_photo(data) is photo
