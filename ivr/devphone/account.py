# SPDX-License-Identifier: Apache-2.0
"""What the provider keeps for the account: messages, their media, and who texted STOP."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Lock
from typing import Any

from ivr.devphone.errors import ApiError
from ivr.devphone.sids import new_sid

_TICKET_LIFE_S = 4 * 3600  # Twilio's signed media addresses
STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
START_WORDS = frozenset({"START", "UNSTOP"})


def rfc_date() -> str:
    """Now, as Twilio writes dates (RFC 2822)."""
    return format_datetime(datetime.now(UTC))


@dataclass
class Media:
    """One attachment. It answers 404 `late` times first, as Twilio's do for a second or two."""

    sid: str
    content_type: str
    data: bytes
    late: int = 0


@dataclass
class Message:
    """One text, in or out."""

    sid: str
    from_number: str
    to_number: str
    body: str
    direction: str  # inbound, outbound-api, outbound-reply
    media: dict[str, Media] = field(default_factory=dict)
    created: str = field(default_factory=rfc_date)

    def as_dict(self, account_sid: str) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "from": self.from_number,
            "to": self.to_number,
            "body": self.body,
            "direction": self.direction,
            "status": "received" if self.direction == "inbound" else "queued",
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "date_created": self.created,
            "error_code": None,
            "error_message": None,
        }


class Account:
    """The account's messages; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._messages: dict[str, Message] = {}
        self._tickets: dict[str, tuple[Media, float]] = {}
        self._stopped: set[str] = set()

    def add_message(
        self, from_number: str, to_number: str, body: str, direction: str, media: list[Media]
    ) -> Message:
        sid = new_sid("MM" if media else "SM")
        message = Message(sid, from_number, to_number, body, direction, {m.sid: m for m in media})
        with self._lock:
            self._messages[sid] = message
        return message

    def messages(self, from_number: str, to_number: str) -> list[Message]:
        """Texts between two numbers, newest first."""
        with self._lock:
            found = list(self._messages.values())
        return [
            m for m in reversed(found) if (m.from_number, m.to_number) == (from_number, to_number)
        ]

    def message(self, sid: str) -> Message:
        """Raises `ApiError` 20404 for one that never was or is deleted."""
        with self._lock:
            if sid not in self._messages:
                raise ApiError(404, 20404, f"The requested resource Messages/{sid} was not found")
            return self._messages[sid]

    def media(self, message_sid: str, media_sid: str) -> Media:
        """Raises `ApiError` 20404, also while the medium is late."""
        media = self.message(message_sid).media.get(media_sid)
        if media is None or media.late > 0:
            if media is not None:
                media.late -= 1
            raise ApiError(404, 20404, f"The requested resource Media/{media_sid} was not found")
        return media

    def delete_message(self, sid: str) -> None:
        self.message(sid)
        with self._lock:
            del self._messages[sid]

    def delete_media(self, message_sid: str, media_sid: str) -> None:
        message = self.message(message_sid)
        if message.media.pop(media_sid, None) is None:
            raise ApiError(404, 20404, f"The requested resource Media/{media_sid} was not found")

    def ticket(self, media: Media) -> tuple[str, int]:
        """(key, expiry in Unix seconds) of a download that needs no credentials."""
        key, expires = secrets.token_urlsafe(24), int(time.time()) + _TICKET_LIFE_S
        with self._lock:
            self._tickets[key] = (media, expires)
        return key, expires

    def redeem(self, key: str) -> Media | None:
        with self._lock:
            media, expires = self._tickets.get(key, (None, 0.0))
        return media if expires > time.time() else None

    def note_keyword(self, number: str, body: str) -> None:
        """STOP and START are acted on by the provider, whatever the product does."""
        word = body.strip().upper()
        with self._lock:
            if word in STOP_WORDS:
                self._stopped.add(number)
            elif word in START_WORDS:
                self._stopped.discard(number)

    def has_stopped(self, number: str) -> bool:
        with self._lock:
            return number in self._stopped
