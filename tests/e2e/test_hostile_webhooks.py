# SPDX-License-Identifier: Apache-2.0
"""Webhooks that are forged, repeated, cut short or too long, against the running web process."""

from __future__ import annotations

import http.client
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from sqlalchemy import func, select

from ivr.devphone.sids import new_sid
from ivr.devphone.signing import HEADER, sign
from ivr.stack import Stack
from tests.e2e.conftest import SAMPLE
from tests.e2e.person import YES_TO_ALL, Person
from worker.records import Message
from worker.store import Store

STRANGER = "+12025550199"
PATHS = ["/messages", "/voice/incoming", "/voice/answer/1", "/voice/status/1", "/voice/keys/1"]


def form(**more: str) -> dict[str, str]:
    return {"MessageSid": new_sid("SM"), "CallSid": new_sid("CA"), "From": STRANGER} | more


def signature(stack: Stack, path: str, fields: dict[str, str]) -> dict[str, str]:
    token = stack.settings.twilio_auth_tokens
    return {HEADER: sign(stack.plan.web_url + path, fields, token)}


@pytest.mark.parametrize("path", PATHS)
def test_a_forged_webhook_is_refused(stack: Stack, path: str) -> None:
    url, fields = stack.plan.web_url + path, form(Body="hello")
    wrong = {HEADER: sign(url, fields, "another token")}
    assert requests.post(url, data=fields, timeout=5).status_code == 403
    assert requests.post(url, data=fields, headers=wrong, timeout=5).status_code == 403
    assert requests.post(url, json=fields, headers=wrong, timeout=5).status_code == 403


def test_a_repeated_webhook_changes_nothing(stack: Stack, store: Store, english: Person) -> None:
    english.texts(SAMPLE)
    call = english.is_rung()
    with store.snapshot() as session:
        newest = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    fields = form(MessageSid=newest.sid, From=english.number, Body="")
    for _ in range(3):
        headers = signature(stack, "/messages", fields)
        again = requests.post(
            f"{stack.plan.web_url}/messages", data=fields, headers=headers, timeout=5
        )
        assert again.ok and "Message" not in again.text
    english.converses(call, YES_TO_ALL)
    assert english.calls() == [call]
    with store.snapshot() as session:
        count = session.scalar(select(func.count()).where(Message.sid == newest.sid))
    assert count == 1


def test_a_truncated_webhook_is_refused_and_leaves_nothing(stack: Stack, store: Store) -> None:
    fields = form(Body="hello")
    body = urlencode(fields)
    headers = {
        **signature(stack, "/messages", fields),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    cut = requests.post(
        f"{stack.plan.web_url}/messages", data=body[:-10], headers=headers, timeout=5
    )
    assert cut.status_code == 403
    address = urlsplit(stack.plan.web_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.putrequest("POST", "/messages")
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        connection.putheader(name, value)
    connection.endheaders(body[:20].encode())
    assert connection.sock is not None
    connection.sock.shutdown(1)
    status = connection.getresponse().status
    connection.close()
    assert status in (400, 403)
    with store.snapshot() as session:
        assert session.scalar(select(Message).where(Message.sid == fields["MessageSid"])) is None


def test_an_oversized_webhook_is_refused(stack: Stack) -> None:
    fields = form(Body="x" * 1_000_000)
    headers = signature(stack, "/messages", fields)
    answer = requests.post(
        f"{stack.plan.web_url}/messages", data=fields, headers=headers, timeout=10
    )
    assert answer.status_code == 413


def test_the_service_is_well_after_all_this(stack: Stack) -> None:
    stack.check()
    assert requests.get(f"{stack.plan.web_url}/healthz", timeout=5).ok
