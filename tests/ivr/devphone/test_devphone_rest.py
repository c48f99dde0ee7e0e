# SPDX-License-Identifier: Apache-2.0
"""The REST side of the dev phone: media, texts, and the product's own gateway to it."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import pytest
import requests

from ivr.devphone.remote import RemotePhone
from ivr.devphone.settings import PhoneSettings
from tests.ivr.tiny_product import (
    ACCOUNT,
    CALLER,
    SERVICE,
    TOKEN,
    wait_for,
)
from worker import Settings as ServiceSettings
from worker.gateway import Gateway, GatewayError


def test_media_needs_credentials_and_is_redirected_without_them(product, phone) -> None:
    remote, _settings = phone
    message = send_photo(remote, late=1)
    assert message == product.sent_to("/messages")[0]["MessageSid"]
    url = product.sent_to("/messages")[0]["MediaUrl0"]
    assert requests.get(url, timeout=5).json()["code"] == 20003
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).json()["code"] == 20404
    redirect = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5, allow_redirects=False)
    assert redirect.status_code == 307
    address = redirect.headers["Location"]
    assert requests.get(address, timeout=5).content == b"a photo"
    assert requests.get(address, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 400


def send_photo(remote: RemotePhone, late: int = 0) -> str:
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder, "photo.jpg")
        photo.write_bytes(b"a photo")
        return remote.text(CALLER, [photo], late=late)


def test_the_products_gateway_can_do_with_it_what_it_does_with_twilio(product, phone) -> None:
    remote, settings = phone
    remote.switch_on(CALLER, "en", [])
    product.documents["/answer"] = '<Response><Pause length="60"/></Response>'
    gateway = Gateway(gateway_settings(settings))
    url = f"{product.url}/answer"
    sid = gateway.place_call(CALLER, answer_url=url, status_url=f"{product.url}/status")
    wait_for(remote, "webhook", path="/answer", status=200)
    long_ago = datetime(2020, 1, 1)
    assert gateway.find_call(CALLER, since=long_ago, known=frozenset()) == sid
    assert gateway.find_call(CALLER, since=long_ago, known=frozenset([sid])) is None
    assert gateway.hang_up(sid)
    wait_for(remote, "call", status="completed")
    assert not gateway.hang_up(sid)
    text = gateway.send_text(CALLER, "hello")
    assert gateway.find_text(CALLER, "hello", since=long_ago) == text
    remote.text(CALLER, body="STOP")
    with pytest.raises(GatewayError) as refused:
        gateway.send_text(CALLER, "hello")
    assert refused.value.code == 21610
    gateway.close()


def test_a_message_and_its_media_can_be_deleted_once(product, phone) -> None:
    remote, settings = phone
    sid = send_photo(remote)
    form = product.sent_to("/messages")[0]
    gateway = Gateway(gateway_settings(settings))
    for _ in range(2):
        gateway.delete_message(sid, [form["MediaUrl0"].rpartition("/")[2]])
    gone = requests.get(form["MediaUrl0"], auth=(ACCOUNT, TOKEN), timeout=5)
    assert gone.json()["code"] == 20404
    gateway.close()


def gateway_settings(settings: PhoneSettings) -> ServiceSettings:
    """The product's settings for this dev phone."""
    return ServiceSettings(
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=TOKEN,
        twilio_number=SERVICE,
        twilio_api_url=settings.api_url,
    )


def test_texting_stop_blocks_texts_and_a_reply_to_it_is_an_error(product, phone) -> None:
    remote, settings = phone
    product.documents["/messages"] = "<Response><Message>Bye</Message></Response>"
    with pytest.raises(requests.HTTPError, match="21610"):
        remote.text(CALLER, body="stop")
    url = f"{settings.api_url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    form = {"To": CALLER, "From": SERVICE, "Body": "hello"}
    refused = requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
