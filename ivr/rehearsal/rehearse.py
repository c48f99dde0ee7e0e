# SPDX-License-Identifier: Apache-2.0
"""Texts a photo to a running stack and follows the call that comes back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.devphone.events import Event
from ivr.devphone.remote import RemotePhone
from ivr.devphone.transcript import Entry
from ivr.rehearsal.callers import Caller
from ivr.rehearsal.follow import Follower
from ivr.stack import Stack
from worker.store import Store

_RING_BACK_S = 60.0  # no call by then: something is wrong
_LONGEST_CALL_S = 600.0
_POLL_S = 0.1


class RehearsalError(Exception):
    """No call came, or it did not end: says what was waited for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. `good` when the call was completed and a label stored, without errors."""

    call: str
    status: str
    labels: tuple[str, ...]
    good: bool
    entries: tuple[Entry, ...]
    wire: tuple[Event, ...]
    recording: bytes

    def save(self, folder: Path) -> Path:
        """Write `call.wav` and `transcript.json` into `folder/<call>`; that folder."""
        place = folder / self.call
        place.mkdir(parents=True, exist_ok=True)
        (place / "call.wav").write_bytes(self.recording)
        (place / "transcript.json").write_text(self.as_json(), "utf-8")
        return place

    def as_json(self) -> str:
        """The transcript; times are seconds since the photo was texted."""
        start = self.wire[0].at
        data = {
            "call": self.call,
            "status": self.status,
            "good": self.good,
            "labels": self.labels,
            "entries": [_from(start, asdict(entry)) for entry in self.entries],
            "wire": [_from(start, event.as_dict()) for event in self.wire],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)


def rehearse(
    stack: Stack,
    store: Store,
    caller: Caller,
    photos: Sequence[Path],
    tell: Callable[[Entry, float], None],
) -> Outcome:
    """One whole call. `tell` is given every entry when it happens, and the start's Unix time.

    Raises `RehearsalError`, and `StackError` when a process ends meanwhile.
    """
    assert stack.plan.phone_url is not None, "a rehearsal needs the dev phone"
    phone = RemotePhone(stack.plan.phone_url)
    try:
        phone.switch_on(caller.number, caller.language, caller.script)
        start = time.time()
        phone.text(caller.number, photos)
        follower = Follower(phone, store, caller.number)
        entries = _follow(stack, follower, lambda entry: tell(entry, start))
        assert follower.call is not None
        recording = phone.recording(follower.call)
    finally:
        phone.close()
    return Outcome(
        call=follower.call,
        status=follower.status,
        labels=follower.labels,
        good=follower.status == "completed" and bool(follower.labels) and not follower.failed,
        entries=tuple(entries),
        wire=tuple(follower.wire),
        recording=recording,
    )


def _follow(stack: Stack, follower: Follower, tell: Callable[[Entry], None]) -> list[Entry]:
    entries: list[Entry] = []
    begun = time.monotonic()
    while not follower.over:
        stack.check()
        _check_patience(follower, time.monotonic() - begun)
        for entry in follower.news(_POLL_S):
            entries.append(entry)
            tell(entry)
    for entry in follower.news(0):
        entries.append(entry)
        tell(entry)
    return entries


def _check_patience(follower: Follower, waited_s: float) -> None:
    if follower.call is None and waited_s > _RING_BACK_S:
        raise RehearsalError(f"the photo was texted, but no call came within {_RING_BACK_S:.0f} s")
    if waited_s > _LONGEST_CALL_S:
        raise RehearsalError(f"the call did not end within {_LONGEST_CALL_S / 60:.0f} minutes")


def _from(start: float, item: dict[str, object]) -> dict[str, object]:
    at = item.pop("at")
    assert isinstance(at, float)
    return {"at_s": round(at - start, 2), **item}
