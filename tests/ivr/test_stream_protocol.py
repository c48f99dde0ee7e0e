# SPDX-License-Identifier: Apache-2.0
import base64
import json
from typing import Any

import pytest

from ivr.stream.protocol import (
    Connected,
    Key,
    Marked,
    Media,
    Other,
    ProtocolError,
    Started,
    Stopped,
    clear,
    mark,
    parse,
    play,
)

START = {
    "accountSid": "AC1",
    "streamSid": "MZ1",
    "callSid": "CA1",
    "tracks": ["inbound"],
    "customParameters": {"call": "7"},
    "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
}


def said(event: str, **body: Any) -> str:
    return json.dumps({"event": event, "sequenceNumber": "3", "streamSid": "MZ1", **body})


def media(**changes: Any) -> str:
    body = {"track": "inbound", "chunk": "2", "timestamp": "40", "payload": "f/8="}
    return said("media", media={**body, **changes})


def test_every_message_of_twilio_is_understood() -> None:
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    assert parse(said("start", start=START)) == Started("MZ1", "CA1", {"call": "7"})
    assert parse(media()) == Media("MZ1", 40, b"\x7f\xff")
    assert parse(said("dtmf", dtmf={"track": "inbound_track", "digit": "#"})) == Key("MZ1", "#")
    assert parse(said("mark", mark={"name": "0:1"})) == Marked("MZ1", "0:1")
    assert parse(said("stop", stop={"callSid": "CA1"})) == Stopped("MZ1")


def test_fields_and_events_of_the_future_are_let_pass() -> None:
    assert parse(said("stop", stop={}, mood="good")) == Stopped("MZ1")
    assert parse(said("weather", weather={})) == Other("weather", "MZ1")


def test_sound_that_is_not_the_callers_is_not_listened_to() -> None:
    assert parse(media(track="outbound")) == Other("media", "MZ1")


@pytest.mark.parametrize(
    "text",
    [
        b"\x00",
        "",
        "{",
        "null",
        "[1]",
        '"start"',
        '{"event": 4, "streamSid": []}'[:-1],
        "[" * 100_000,
        "{}",
        said("start"),
        said("start", start={"streamSid": "MZ1"}),
        said("start", start=[]),
        said("media", media=None),
        media(payload="f/8"),
        media(payload="f/8=é"),
        media(payload=7),
        media(timestamp="soon"),
        said("dtmf", dtmf={"digit": "12"}),
        said("dtmf", dtmf={"digit": ""}),
        said("dtmf", dtmf={"digit": 1}),
        said("mark", mark={}),
        '{"event":"stop"}',
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(text: str | bytes) -> None:
    with pytest.raises(ProtocolError, match=r"\w"):
        parse(text)


def test_another_encoding_is_refused_by_name() -> None:
    wide = {**START, "mediaFormat": {"encoding": "audio/l16", "sampleRate": 16000}}
    with pytest.raises(ProtocolError, match="audio/l16 at 16000 Hz"):
        parse(said("start", start=wide))


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(ProtocolError) as refused:
        parse(said("dtmf", dtmf={"digit": "482915"}))
    assert "482915" not in str(refused.value)


def test_messages_of_ours_have_twilios_form() -> None:
    sound = b"\x7f\xff\x00"
    payload = base64.b64encode(sound).decode()
    assert json.loads(play("MZ1", sound)) == {
        "event": "media", "streamSid": "MZ1", "media": {"payload": payload},
    }  # fmt: skip
    assert json.loads(mark("MZ1", "0:1")) == {
        "event": "mark", "streamSid": "MZ1", "mark": {"name": "0:1"},
    }  # fmt: skip
    assert json.loads(clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}
