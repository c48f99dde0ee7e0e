# SPDX-License-Identifier: Apache-2.0
"""A call as a transcript: what the telephone saw and what the service noted, as lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from ivr.devphone.events import Event
from worker.records import Confirmation, Turn

_CALL_STATUSES = {
    "ringing": "rings {to}",
    "in-progress": "picked up",
    "completed": "hung up",
    "busy": "engaged",
    "no-answer": "nobody answered",
    "failed": "the call failed",
    "canceled": "stopped ringing",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `at` is Unix time in seconds; `who` is phone, service, caller or record.

    `prompt` is the catalogue's name for what the service said.
    """

    at: float
    who: str
    kind: str
    text: str
    prompt: str = ""


def of_event(event: Event) -> Entry | None:
    """What happened on the telephone, as a line; None for what only engineers look at."""
    data = event.data
    match event.kind:
        case "text_sent":
            return Entry(event.at, "caller", "texted", data["text"] or _photos(data["photos"]))
        case "text_received":
            return Entry(event.at, "service", "texted", data["text"])
        case "call" if data["status"] in _CALL_STATUSES:
            text = _CALL_STATUSES[data["status"]].format(to=data["to"])
            return Entry(event.at, "phone", data["status"], text)
        case "said":
            return Entry(event.at, "caller", "said", data["text"])
        case "pressed":
            return Entry(event.at, "caller", "pressed", " ".join(data["keys"]))
        case "put_down":
            return Entry(event.at, "caller", "put_down", "puts the telephone down")
        case "error":
            return Entry(event.at, "phone", "error", f"{data['message']} ({data['code']})")
    return None


def _photos(count: int) -> str:
    return "texts a photo" if count == 1 else f"texts {count} photos"


def of_turn(turn: Turn) -> Entry | None:
    """What the service noted in its own record; None for what the telephone tells better."""
    at = turn.at.replace(tzinfo=UTC).timestamp()
    words = str((turn.secret or {}).get("text", ""))
    match turn.kind:
        case "said":
            return Entry(at, "service", "said", words, str(turn.data["prompt"]))
        case "heard":
            meaning, confidence = turn.data["meaning"], float(turn.data["confidence"])
            text = f"heard “{words}”: {meaning}, {confidence:.0%} sure"
            return Entry(at, "record", "heard", text)
        case "keyed":
            return Entry(at, "record", "keyed", f"keys {words}")
        case "silence":
            return Entry(at, "record", "silence", "heard nothing")
    return None


def of_confirmation(confirmation: Confirmation) -> Entry:
    """The label that training may learn from."""
    at = confirmation.created_at.replace(tzinfo=UTC).timestamp()
    digits = str((confirmation.secret or {}).get("text", ""))
    text = f"label stored: {digits}, {confirmation.label}, by {confirmation.heard_by}"
    return Entry(at, "record", "label", text)
