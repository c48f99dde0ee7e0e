# SPDX-License-Identifier: Apache-2.0
"""Twilio's Media Streams messages: JSON text in, values out, and the three we send.

What matters is checked strictly; fields and events we do not know are let pass, since Twilio
adds some without notice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ProtocolError(Exception):
    """The other side does not speak Media Streams: the stream is closed, the reason logged."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The first message."""


@dataclass(frozen=True, slots=True)
class Started:
    """The second: whose stream this is. `parameters` come from our own TwiML."""

    stream_sid: str
    call_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """Sound from the caller (mu-law, usually 20 ms); `timestamp_ms` counts from the start."""

    stream_sid: str
    timestamp_ms: int
    sound: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the caller's phone."""

    stream_sid: str
    key: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark of ours has come back: what was sent before it was played, or cleared."""

    stream_sid: str
    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The call is over, or has moved on to other instructions."""

    stream_sid: str


@dataclass(frozen=True, slots=True)
class Other:
    """An event we have no use for, or sound of a track we do not listen to."""

    event: str
    stream_sid: str = ""


Message = Connected | Started | Media | Key | Marked | Stopped | Other


def parse(text: str | bytes) -> Message:
    """One message. Raises `ProtocolError` for what is not one."""
    if isinstance(text, bytes):
        raise ProtocolError("a binary frame")
    try:
        data = json.loads(text)
        return _message(data["event"], data)
    except KeyError as error:
        raise ProtocolError(f"a field is missing: {error.args[0]}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError("not a Media Streams message") from error


def _message(event: str, data: dict[str, Any]) -> Message:
    match event:
        case "connected":
            return Connected()
        case "start":
            return _started(data["start"])
        case "media":
            return _media(data["streamSid"], data["media"])
        case "dtmf":
            return Key(data["streamSid"], _key(data["dtmf"]["digit"]))
        case "mark":
            return Marked(data["streamSid"], str(data["mark"]["name"]))
        case "stop":
            return Stopped(data["streamSid"])
    return Other(str(event), str(data.get("streamSid", "")))


def _started(start: dict[str, Any]) -> Started:
    encoding = start["mediaFormat"]["encoding"], start["mediaFormat"]["sampleRate"]
    if encoding != ("audio/x-mulaw", 8000):
        raise ProtocolError(f"mu-law at 8000 Hz wanted, {encoding[0]} at {encoding[1]} Hz offered")
    parameters = {str(k): str(v) for k, v in start.get("customParameters", {}).items()}
    return Started(str(start["streamSid"]), str(start["callSid"]), parameters)


def _media(stream_sid: str, media: dict[str, Any]) -> Message:
    if media.get("track", "inbound") != "inbound":
        return Other("media", stream_sid)
    try:
        sound = base64.b64decode(media["payload"], validate=True)
    except binascii.Error as error:
        raise ProtocolError("a payload is not base64") from error
    return Media(stream_sid, int(media["timestamp"]), sound)


def _key(digit: Any) -> str:
    if not isinstance(digit, str) or len(digit) != 1 or digit not in "0123456789*#ABCD":
        raise ProtocolError("a key that no phone has")
    return digit


def play(stream_sid: str, sound: bytes) -> str:
    """Play mu-law after what was sent before."""
    payload = base64.b64encode(sound).decode()
    return _text("media", stream_sid, media={"payload": payload})


def mark(stream_sid: str, name: str) -> str:
    """Send this mark back once everything before it has been played."""
    return _text("mark", stream_sid, mark={"name": name})


def clear(stream_sid: str) -> str:
    """Throw away what has not been played yet."""
    return _text("clear", stream_sid)


def _text(event: str, stream_sid: str, **body: Mapping[str, str]) -> str:
    return json.dumps({"event": event, "streamSid": stream_sid, **body}, separators=(",", ":"))
