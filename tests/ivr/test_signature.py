# SPDX-License-Identifier: Apache-2.0
"""Only what Twilio signed is let in, by the public address, whatever else comes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from signed_phone import CALLER, PUBLIC_URL, TOKEN, SignedPhone, sid
from twilio.request_validator import RequestValidator
from web_settings import settings_in

from ivr.app import create_app
from ivr.signature import Signatures
from worker import Store

HOOKS = [
    "/messages",
    "/voice/incoming",
    "/voice/answer/1",
    "/voice/after/1",
    "/voice/keys/1?version=3",
    "/voice/status/1",
    "/voice/status",
]
FORM = {"From": CALLER, "CallSid": sid("CA", 1), "MessageSid": sid("MM", 1)}
every_hook = pytest.mark.parametrize("path", HOOKS)


@every_hook
def test_an_unsigned_request_is_refused(phone: SignedPhone, path: str) -> None:
    assert phone.client.post(path, data=FORM).status_code == 403


@every_hook
def test_another_tokens_signature_is_refused(phone: SignedPhone, path: str) -> None:
    assert phone.post(path, token="forged", **FORM).status_code == 403


@every_hook
def test_a_get_is_refused_even_when_signed(phone: SignedPhone, path: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, {})
    answer = phone.client.get(path, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


@every_hook
def test_a_json_body_is_refused_even_with_its_hash_signed(phone: SignedPhone, path: str) -> None:
    body = b'{"From": "+821012345678"}'
    digest = hashlib.sha256(body).hexdigest()
    signed = f"{path}{'&' if '?' in path else '?'}bodySHA256={digest}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + signed, {})
    answer = phone.client.post(
        signed,
        data=body,
        content_type="application/json",
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 403


@every_hook
def test_a_field_changed_on_the_way_is_refused(phone: SignedPhone, path: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, FORM)
    changed = FORM | {"From": "+821000000000"}
    answer = phone.client.post(path, data=changed, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


def test_a_truncated_form_is_refused(phone: SignedPhone) -> None:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + "/messages", FORM)
    answer = phone.client.post(
        "/messages",
        data="From=%2B8210123456",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 403


def test_a_body_shorter_than_announced_is_refused(phone: SignedPhone) -> None:
    answer = phone.client.post(
        "/messages",
        data="From=%2B8210123456",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": "x", "Content-Length": "5000"},
    )
    assert answer.status_code in (400, 403)


@every_hook
def test_an_oversized_form_is_refused_by_its_size(phone: SignedPhone, path: str) -> None:
    assert phone.post(path, **(FORM | {"Body": "x" * 70_000})).status_code == 413


def test_while_a_token_is_rotated_both_are_good(tmp_path: Path, store: Store) -> None:
    settings = settings_in(tmp_path, twilio_auth_tokens=f"token-2, {TOKEN}")
    phone = SignedPhone(create_app(settings, store))
    for number, token in enumerate(("token-2", TOKEN)):
        answer = phone.post(
            "/messages", token=token, From=CALLER, MessageSid=sid("MM", number), Body="hello"
        )
        assert answer.status_code == 200


def test_without_a_token_nothing_is_let_in(tmp_path: Path, store: Store) -> None:
    phone = SignedPhone(create_app(settings_in(tmp_path, twilio_auth_tokens=""), store))
    assert phone.post("/messages", token="", **FORM).status_code == 403


def test_the_query_is_signed_byte_for_byte(phone: SignedPhone) -> None:
    answer = phone.post("/messages?a=%7e+b&empty=", From=CALLER, MessageSid=sid("MM", 1), Body="x")
    assert answer.status_code == 200


def test_the_signature_is_over_the_configured_address_not_the_one_seen(phone: SignedPhone) -> None:
    answer = phone.client.post(
        "/messages",
        data=FORM | {"Body": "hello"},
        base_url="http://10.0.0.7:8000",
        headers={
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(
                f"{PUBLIC_URL}/messages", FORM | {"Body": "hello"}
            )
        },
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "signed", ["wss://sonsori.example/voice/stream", "wss://sonsori.example/voice/stream/"]
)
def test_a_socket_is_signed_with_or_without_a_closing_slash(tmp_path: Path, signed: str) -> None:
    signatures = Signatures(settings_in(tmp_path))
    given = RequestValidator(TOKEN).compute_signature(signed, {})
    environ = {"PATH_INFO": "/voice/stream", "HTTP_X_TWILIO_SIGNATURE": given}
    assert signatures.cover_socket(environ)
    assert signatures.cover_socket(environ | {"RAW_URI": "/voice/stream"})
    assert not signatures.cover_socket(environ | {"RAW_URI": "/voice/stream?extra=1"})


@pytest.mark.parametrize("given", [None, "", "forged", "é" * 28])
def test_a_socket_without_a_signature_is_refused(tmp_path: Path, given: str | None) -> None:
    environ = {"PATH_INFO": "/voice/stream", "HTTP_X_TWILIO_SIGNATURE": given}
    assert not Signatures(settings_in(tmp_path)).cover_socket(environ)


def test_twilios_own_example_is_covered() -> None:
    """The vector of Twilio's documentation, with a query and keys out of order."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert RequestValidator("12345").validate(url, form, "L/OH5YylLD5NRKLltdqwSvS0BnU=")
