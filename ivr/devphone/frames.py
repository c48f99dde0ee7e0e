# SPDX-License-Identifier: Apache-2.0
"""Media Streams messages from the provider's side: what is sent, and what may be received."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

_FRAME_MS = 20


class StreamError(Exception):
    """A message that Twilio would refuse; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Play:
    sound: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    pass


_FIELDS = {
    "media": {"event", "streamSid", "media"},
    "mark": {"event", "streamSid", "mark"},
    "clear": {"event", "streamSid"},
}


def read_message(text: str | bytes, stream_sid: str) -> Play | Mark | Clear:
    """One message of the product's. Raises `StreamError` for what Twilio would not take."""
    if isinstance(text, bytes):
        raise StreamError(31950, "binary message: Media Streams are JSON text")
    try:
        message = json.loads(text)
        event = message["event"]
    except (ValueError, KeyError, TypeError) as error:
        raise StreamError(31951, f"not a JSON message with an event: {error}") from error
    if set(message) != _FIELDS.get(event):
        raise StreamError(31951, f"{event}: unknown, or fields {sorted(message)} are wrong")
    if message["streamSid"] != stream_sid:
        raise StreamError(31951, f"{event}: streamSid is not this stream's")
    return Clear() if event == "clear" else _read_body(event, message[event])


def _read_body(event: str, body: Any) -> Play | Mark:
    match event, body:
        case "mark", {"name": str(name)} if len(body) == 1:
            return Mark(name)
        case "media", {"payload": str(payload)} if len(body) == 1:
            try:
                return Play(base64.b64decode(payload, validate=True))
            except binascii.Error as error:
                raise StreamError(31951, f"media: payload is not base64: {error}") from error
    raise StreamError(31951, f"{event}: missing or extra field")


class Writer:
    """Messages of one stream, numbered as Twilio numbers them (numbers as strings)."""

    def __init__(self, account_sid: str, call_sid: str, stream_sid: str) -> None:
        self._ids = {"accountSid": account_sid, "callSid": call_sid}
        self._stream_sid = stream_sid
        self._sequence = count(1)
        self._chunks = 0

    def connected(self) -> str:
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        body = {
            **self._ids,
            "streamSid": self._stream_sid,
            "tracks": ["inbound"],
            "customParameters": dict(parameters),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return self._message("start", start=body)

    def media(self, sound: bytes) -> str:
        self._chunks += 1
        body = {
            "track": "inbound",
            "chunk": str(self._chunks),
            "timestamp": str(self._chunks * _FRAME_MS),
            "payload": base64.b64encode(sound).decode(),
        }
        return self._message("media", media=body)

    def dtmf(self, key: str) -> str:
        return self._message("dtmf", dtmf={"track": "inbound_track", "digit": key})

    def mark(self, name: str) -> str:
        return self._message("mark", mark={"name": name})

    def stop(self) -> str:
        return self._message("stop", stop=self._ids)

    def _message(self, event: str, **body: Mapping[str, Any]) -> str:
        return json.dumps(
            {
                "event": event,
                "sequenceNumber": str(next(self._sequence)),
                "streamSid": self._stream_sid,
                **body,
            }
        )
