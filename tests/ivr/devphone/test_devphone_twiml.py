# SPDX-License-Identifier: Apache-2.0
"""TwiML is read strictly, and Media Streams messages too."""

from __future__ import annotations

import base64
import json

import pytest

from ivr.devphone.frames import Clear, Mark, Play, StreamError, Writer, read_message
from ivr.devphone.twiml import Connect, Gather, Hangup, Pause, Redirect, Say, TwimlError, parse


def test_a_document_gives_its_verbs_in_order() -> None:
    verbs = parse(
        '<Response><Say language="ko-KR">네 &amp; 예</Say><Pause length="2"/>'
        '<Redirect method="GET">/next</Redirect><Hangup/></Response>'
    )
    assert verbs == (Say("네 & 예", "ko-KR"), Pause(2.0), Redirect("/next", "GET"), Hangup())


def test_a_gather_holds_its_prompts_and_limits() -> None:
    (gather,) = parse(
        '<Response><Gather input="dtmf" action="/keys" numDigits="1" finishOnKey="" timeout="3"'
        ' actionOnEmptyResult="true"><Say>Press</Say><Pause/></Gather></Response>'
    )
    assert gather == Gather(
        prompts=(Say("Press"), Pause(1.0)),
        action="/keys",
        num_digits=1,
        finish_on_key="",
        timeout_s=3.0,
        action_on_empty=True,
    )


def test_a_connect_holds_one_stream_with_parameters() -> None:
    (connect,) = parse(
        '<Response><Connect action="/after"><Stream url="wss://x/stream">'
        '<Parameter name="call" value="7"/></Stream></Connect></Response>'
    )
    assert isinstance(connect, Connect)
    assert (connect.action, connect.stream.url) == ("/after", "wss://x/stream")
    assert connect.stream.parameters == {"call": "7"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 11770),
        ("not xml", 12100),
        ("<Response><Say>unclosed</Response>", 12100),
        ("<Html/>", 12102),
        ('<Response version="1"/>', 12200),
        ("<Response><Sing/></Response>", 12200),
        ("<Response><say>small</say></Response>", 12200),
        ('<Response><Say speed="2">x</Say></Response>', 12200),
        ("<Response><Say>a <b>b</b></Say></Response>", 12200),
        ("<Response><Say></Say></Response>", 13521),
        (f"<Response><Say>{'x' * 4097}</Say></Response>", 13521),
        ('<Response><Say voice="Polly.Joanna" language="ko-KR">x</Say></Response>', 13520),
        ('<Response><Say language="tlh">x</Say></Response>', 13520),
        ('<Response><Pause length="long"/></Response>', 12200),
        ('<Response><Gather input="speech"/></Response>', 12200),
        ("<Response><Gather><Hangup/></Gather></Response>", 12200),
        ('<Response><Redirect method="PUT">/x</Redirect></Response>', 12200),
        ("<Response><Connect/></Response>", 12200),
        ('<Response><Connect><Stream url="wss://x/?a=b"/></Connect></Response>', 31923),
        ("<Response><Connect><Stream/></Connect></Response>", 31923),
        (
            '<Response><Connect><Stream url="wss://x/"><Parameter name="n" value="'
            + "v" * 500
            + '"/></Stream></Connect></Response>',
            12200,
        ),
        ("<Response><Hangup>now</Hangup></Response>", 12200),
    ],
)
def test_what_twilio_would_refuse_or_skip_is_an_error(document: str, code: int) -> None:
    with pytest.raises(TwimlError) as refused:
        parse(document)
    assert refused.value.code == code


def message(**fields: object) -> str:
    return json.dumps({"streamSid": "MZ1", **fields})


def test_the_three_messages_of_a_service_are_understood() -> None:
    payload = base64.b64encode(b"\x00\x01").decode()
    assert read_message(message(event="media", media={"payload": payload}), "MZ1") == Play(
        b"\x00\x01"
    )
    assert read_message(message(event="mark", mark={"name": "m"}), "MZ1") == Mark("m")
    assert read_message(message(event="clear"), "MZ1") == Clear()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\x00", 31950),
        ("{", 31951),
        ("[]", 31951),
        (message(event="dance"), 31951),
        (message(event="media"), 31951),
        (message(event="media", media={"payload": "?"}), 31951),
        (message(event="media", media={"payload": "AA==", "track": "inbound"}), 31951),
        (message(event="mark", mark={"name": "m"}, extra=1), 31951),
        (json.dumps({"event": "clear", "streamSid": "MZ2"}), 31951),
    ],
)
def test_a_message_with_a_missing_or_extra_field_is_refused(text: str | bytes, code: int) -> None:
    with pytest.raises(StreamError) as refused:
        read_message(text, "MZ1")
    assert refused.value.code == code


def test_messages_are_numbered_as_strings() -> None:
    writer = Writer("AC1", "CA1", "MZ1")
    assert "sequenceNumber" not in json.loads(writer.connected())
    sent = [json.loads(m) for m in (writer.start({}), writer.media(b"x"), writer.media(b"y"))]
    assert [m["sequenceNumber"] for m in sent] == ["1", "2", "3"]
    assert [m["media"]["chunk"] for m in sent[1:]] == ["1", "2"]
    assert [m["media"]["timestamp"] for m in sent[1:]] == ["20", "40"]
    assert sent[0]["start"]["mediaFormat"] == {
        "encoding": "audio/x-mulaw",
        "sampleRate": 8000,
        "channels": 1,
    }
