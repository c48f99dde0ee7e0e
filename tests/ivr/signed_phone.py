# SPDX-License-Identifier: Apache-2.0
"""Twilio's side of a webhook: signs forms, posts them, reads the TwiML that comes back."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

PUBLIC_URL, TOKEN = "https://sonsori.example", "token-1"
CALLER, SERVICE = "+821012345678", "+12025550143"


def sid(kind: str, number: int) -> str:
    return f"{kind}{number:032x}"


def media_url(number: int) -> str:
    account = f"https://api.twilio.com/2010-04-01/Accounts/{sid('AC', 0)}"
    return f"{account}/Messages/{sid('MM', 1)}/Media/{sid('ME', number)}"


class SignedPhone:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def post(self, path: str, *, token: str = TOKEN, **form: str) -> TestResponse:
        """A form as Twilio would post it."""
        signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
        return self.client.post(
            path,
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    def text(self, number: int = 1, *, photos: int = 0, **form: str) -> TestResponse:
        """A message with that many photos."""
        given = {"MessageSid": sid("MM", number), "From": CALLER, "To": SERVICE, "Body": ""}
        given |= {"NumMedia": str(photos)}
        given |= {f"MediaUrl{i}": media_url(i) for i in range(photos)}
        return self.post("/messages", **(given | form))

    def call(self, path: str, number: int = 1, **form: str) -> TestResponse:
        """A webhook of a call."""
        given = {"CallSid": sid("CA", number), "From": CALLER, "To": SERVICE}
        given |= {"CallStatus": "in-progress", "Direction": "inbound"}
        return self.post(f"/voice{path}", **(given | form))


def twiml(response: TestResponse) -> ElementTree.Element:
    """The document of a response that must hold one."""
    assert response.status_code == 200
    assert response.mimetype == "text/xml"
    root = ElementTree.fromstring(response.text)
    assert root.tag == "Response"
    return root


def words(document: ElementTree.Element) -> str:
    return " ".join(say.text or "" for say in document.iter("Say"))
