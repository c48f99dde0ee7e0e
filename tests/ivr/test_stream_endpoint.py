# SPDX-License-Identifier: Apache-2.0
"""The real endpoint under gunicorn: who gets in, and who does not."""

from __future__ import annotations

import pytest
from real_service import TOKEN, Service, play, ring_in
from streamdouble.scenario import Hangup, Wait, WaitFor
from twilio.request_validator import RequestValidator
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect


def test_a_token_opens_one_stream_only(service: Service, url: str) -> None:
    parameters = ring_in(service[1], "CA" + "4" * 32)
    assert play(url, parameters, WaitFor("audio"), Hangup()).result.audio_received
    assert play(url, parameters, Wait(0.5)).result.closed_before_audio


@pytest.mark.parametrize("call", ["", "x", "9" * 18, "9" * 40, "-1", "²"])
def test_a_stream_of_no_call_hears_nothing(service: Service, url: str, call: str) -> None:
    assert play(url, {"call": call, "token": "t"}, Wait(0.5)).result.closed_before_audio


@pytest.mark.parametrize("signature", [None, "", "forged"])
def test_whoever_does_not_sign_is_refused_before_anything_is_accepted(
    service: Service, signature: str | None
) -> None:
    address = service[0].replace("http", "ws") + "/voice/stream"
    header = {} if signature is None else {"X-Twilio-Signature": signature}
    with pytest.raises(InvalidStatus) as refused:
        connect(address, additional_headers=header)
    assert refused.value.response.status_code == 403


def test_a_signature_over_the_address_with_a_slash_is_twilios_too(service: Service) -> None:
    address = service[0].replace("http", "ws") + "/voice/stream"
    signature = RequestValidator(TOKEN).compute_signature(address + "/", {})
    with connect(address, additional_headers={"X-Twilio-Signature": signature}) as socket:
        socket.send("no message")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
