# SPDX-License-Identifier: Apache-2.0
"""Whole calls of the dev phone with a product of a few lines on the other side."""

from __future__ import annotations

import base64
import io
import json
import re
import wave
from typing import Any

import numpy as np
import pytest
import requests
from websockets.sync.client import connect

from ivr.devphone.handset import Press, PutDown, Speak
from ivr.devphone.settings import PhoneSettings
from tests.ivr.tiny_product import (
    ACCOUNT,
    CALLER,
    SERVICE,
    TOKEN,
    TinyProduct,
    phone_for,
    wait_for,
)
from tests.processes import wait_until

STREAM = (
    '<Response><Connect action="/after"><Stream url="$WS/stream">{}</Stream></Connect></Response>'
)


def ring_back(settings: PhoneSettings, path: str = "/answer", **more: Any) -> str:
    """What the product does over REST: rings the caller's handset; the call's sid."""
    url = f"{settings.api_url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    form = {
        "To": CALLER,
        "From": SERVICE,
        "Url": f"{settings.public_url}{path}",
        "StatusCallback": f"{settings.public_url}/status",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    }
    response = requests.post(url, data=form | more, auth=(ACCOUNT, TOKEN), timeout=10)
    assert response.status_code == 201, response.text
    return str(response.json()["sid"])


def stream_document(product: TinyProduct, parameters: str = "") -> str:
    return STREAM.format(parameters).replace("$WS", product.url.replace("http", "ws"))


def test_a_gather_speaks_takes_keys_and_posts_them(product, phone) -> None:
    remote, settings = phone
    product.documents["/answer"] = (
        '<Response><Gather action="/keys" numDigits="1"><Say language="en-US">Press one</Say>'
        "</Gather></Response>"
    )
    product.documents["/keys"] = "<Response><Say>Goodbye</Say><Hangup/></Response>"
    remote.switch_on(CALLER, "en", [Press("1")])
    ring_back(settings)
    wait_for(remote, "call", status="completed")
    keys = product.sent_to("/keys")
    assert [form["Digits"] for form in keys] == ["1"]
    assert keys[0]["CallStatus"] == "in-progress"
    assert [e.data["text"] for e in remote.events() if e.kind == "spoken"] == [
        "Press one",
        "Goodbye",
    ]


def test_status_callbacks_come_in_order_with_sequence_numbers(product, phone) -> None:
    remote, settings = phone
    remote.switch_on(CALLER, "en", [Press("1")])
    ring_back(settings)
    wait_for(remote, "webhook", path="/status", status=200)
    wait_for(remote, "call", status="completed")
    statuses = statuses_of(product, 4)
    assert [form["CallStatus"] for form in statuses] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [form["SequenceNumber"] for form in statuses] == ["0", "1", "2", "3"]
    assert int(statuses[-1]["CallDuration"]) >= 1


def test_status_callbacks_may_come_in_disorder_and_twice(product) -> None:
    with phone_for(product, devphone_disorder=True) as (remote, settings):
        remote.switch_on(CALLER, "en", [Press("1")])
        ring_back(settings)
        statuses = [form["CallStatus"] for form in statuses_of(product, 8)]
    assert statuses[:2] == ["ringing", "initiated"]
    assert statuses.index("completed") < statuses.index("in-progress")
    assert {s: statuses.count(s) for s in statuses} == dict.fromkeys(
        ("initiated", "ringing", "in-progress", "completed"), 2
    )


def statuses_of(product: TinyProduct, count: int) -> list[dict[str, str]]:
    """The first `count` status callbacks, waited for."""
    wait_until(lambda: len(product.sent_to("/status")) >= count)
    return product.sent_to("/status")


def test_a_stream_carries_both_voices_keys_and_marks(product, phone) -> None:
    remote, settings = phone
    seen: list[dict[str, Any]] = []

    def converse(socket: Any) -> None:
        while True:
            message = json.loads(socket.receive())
            seen.append(message)
            if message["event"] == "start":
                sid = message["streamSid"]
                tone = base64.b64encode(bytes([0x90, 0x10] * 4000)).decode()
                for body in (
                    {"event": "media", "streamSid": sid, "media": {"payload": tone}},
                    {"event": "mark", "streamSid": sid, "mark": {"name": "spoken"}},
                ):
                    socket.send(json.dumps(body))
            if message["event"] == "dtmf":
                return

    product.stream = converse
    product.documents["/answer"] = stream_document(product, '<Parameter name="token" value="t1"/>')
    product.documents["/after"] = "<Response><Hangup/></Response>"
    remote.switch_on(CALLER, "en", [Speak("yes"), Press("7")])
    sid = ring_back(settings)
    said = wait_for(remote, "said", text="yes")
    remote.hang_up(sid)
    wait_for(remote, "call", status="completed")
    kinds = [message["event"] for message in seen]
    assert said.call == sid
    assert kinds[:2] == ["connected", "start"]
    assert seen[1]["start"]["customParameters"] == {"token": "t1"}
    assert "mark" in kinds and kinds[-1] == "stop"
    media = [message for message in seen if message["event"] == "media"]
    assert {len(base64.b64decode(m["media"]["payload"])) for m in media} == {160}
    assert [int(m["media"]["chunk"]) for m in media] == list(range(1, len(media) + 1))
    numbers = [int(message["sequenceNumber"]) for message in seen[1:]]
    assert numbers == list(range(1, len(numbers) + 1))
    service, caller = sides(remote.recording(sid))
    assert np.abs(service).max() > 1000 and np.abs(caller).max() > 1000


def sides(recording: bytes) -> tuple[np.ndarray, np.ndarray]:
    with wave.open(io.BytesIO(recording)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return frames[:, 0], frames[:, 1]


def test_when_the_service_closes_the_stream_the_action_is_requested(product, phone) -> None:
    remote, settings = phone
    product.stream = lambda socket: socket.receive()
    product.documents["/answer"] = stream_document(product)
    product.documents["/after"] = "<Response><Hangup/></Response>"
    remote.switch_on(CALLER, "en", [Press("1")])
    ring_back(settings)
    wait_for(remote, "call", status="completed")
    assert len(product.sent_to("/after")) == 1


def test_a_live_call_is_moved_by_the_rest_api(product, phone) -> None:
    remote, settings = phone
    product.documents["/answer"] = '<Response><Pause length="60"/></Response>'
    product.documents["/moved"] = "<Response><Hangup/></Response>"
    remote.switch_on(CALLER, "en", [])
    sid = ring_back(settings)
    wait_for(remote, "webhook", path="/answer", status=200)
    url = f"{settings.api_url}/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    moved = requests.post(
        url, data={"Url": f"{product.url}/moved"}, auth=(ACCOUNT, TOKEN), timeout=10
    )
    assert moved.ok
    wait_for(remote, "call", status="completed")
    again = requests.post(url, data={"Status": "completed"}, auth=(ACCOUNT, TOKEN), timeout=10)
    assert (again.status_code, again.json()["code"]) == (400, 21220)
    assert len(product.sent_to("/moved")) == 1


def test_an_unknown_verb_ends_the_call_loudly(product, phone) -> None:
    remote, settings = phone
    product.documents["/answer"] = "<Response><Sing>la</Sing></Response>"
    remote.switch_on(CALLER, "en", [])
    ring_back(settings)
    error = wait_for(remote, "error", code=12200)
    assert "<Sing>" in error.data["message"]
    wait_for(remote, "call", status="completed")


def test_a_caller_who_rings_is_answered_by_the_voice_webhook(product, phone) -> None:
    remote, _ = phone
    product.documents["/voice/incoming"] = "<Response><Say>Hello</Say></Response>"
    remote.switch_on(CALLER, "en", [PutDown()])
    remote.ring(CALLER)
    wait_for(remote, "call", status="completed", direction="inbound")
    first = product.sent_to("/voice/incoming")[0]
    assert (first["Direction"], first["CallStatus"], first["From"]) == (
        "inbound",
        "ringing",
        CALLER,
    )


@pytest.mark.parametrize("picks_up", [True, False])
def test_a_number_without_an_answer_is_told_as_no_answer(product, phone, picks_up: bool) -> None:
    remote, settings = phone
    if not picks_up:
        remote.switch_on(CALLER, "en", [], picks_up=False)
    ring_back(settings, Timeout="1")
    wait_for(remote, "call", status="no-answer")


def test_a_page_of_another_site_is_refused(product, phone) -> None:
    _, settings = phone
    url = f"{settings.api_url}/devphone/events"
    assert requests.get(url, timeout=5).ok
    for headers in ({"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}):
        assert requests.get(url, headers=headers, timeout=5).status_code == 403


def test_a_person_answers_speaks_and_listens_at_the_page(product, phone) -> None:
    remote, settings = phone
    heard: list[bytes] = []

    def converse(socket: Any) -> None:
        while (message := json.loads(socket.receive()))["event"] != "dtmf":
            if message["event"] == "media":
                heard.append(base64.b64decode(message["media"]["payload"]))

    product.stream = converse
    product.documents["/answer"] = stream_document(product)
    product.documents["/after"] = "<Response><Say>Goodbye</Say></Response>"
    remote.switch_on(CALLER, "en", None)
    sid = ring_back(settings)
    wait_for(remote, "call", status="ringing")
    remote.answer(sid)
    wait_for(remote, "stream", what="started")
    address = f"ws://127.0.0.1:{settings.devphone_port}/devphone/calls/{sid}/sound"
    spoken = bytes([0x90, 0x10] * 80)
    with connect(address) as page:
        page.send(spoken)
        wait_until(lambda: spoken in heard)
        remote.press(sid, "7")
        assert any(page.recv() != b"\xff" * 160 for _ in range(200)), "Goodbye is not heard"
    wait_for(remote, "call", status="completed")


def test_the_page_names_every_control(product, phone) -> None:
    _remote, settings = phone
    page = requests.get(f"{settings.api_url}/devphone", timeout=5).text
    controls = re.findall(r'<(?:input|select) [^>]*id="([^"]+)"', page)
    assert {"number", "photo", "body"} <= set(controls)
    for name in controls:
        labelled = f'<label for="{name}">' in page or re.search(
            rf'<label><input[^>]*id="{name}"', page
        )
        assert labelled, name
    assert len(re.findall(r'data-key="[0-9*#]" aria-label=', page)) == 12
    assert 'aria-live="polite"' in page
    for script in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert requests.get(settings.api_url + script, timeout=5).ok
