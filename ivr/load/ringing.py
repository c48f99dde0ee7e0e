# SPDX-License-Identifier: Apache-2.0
"""Calls that ring in with a photo already read, as many as are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from threading import Lock

import vision
from ivr import tokens
from ivr.load.web import Web
from ivr.load.words import LANGUAGE
from vision.reading import Reading
from worker import Inbound, calls, inbox
from worker.readings import read_photo
from worker.records import Photo

_NUMBERS = 1_000_000  # after +8210: callers that are nobody's


@dataclass(slots=True)
class Exchange:
    """Puts calls through to `web`: each has a caller, a photo, and a stream's parameters."""

    web: Web
    reading: Reading
    _rung: int = 0
    _lock: Lock = field(default_factory=Lock)

    def ring_in(self) -> Mapping[str, str]:
        """The parameters of the next call's stream."""
        with self._lock:  # one database, and numbers in order
            self._rung += 1
            sid = f"{self._rung:032x}"
            return self._put_through(sid, f"+8210{self._rung % _NUMBERS:08d}")

    def _put_through(self, sid: str, number: str) -> Mapping[str, str]:
        store = self.web.store
        inbox.receive(store, Inbound("MM" + sid, number, "mms", ("ME" + sid,), LANGUAGE))
        with store.snapshot() as session:
            photo = session.query(Photo.id).filter_by(media_sid="ME" + sid).scalar()
        read_photo(store, photo, fetch=lambda *_: b"read already", read=lambda _: self.reading)
        call = calls.start_inbound(store, "CA" + sid, number, LANGUAGE)
        return {"call": str(call.id), "token": tokens.issue(store, call.id)}


def open_exchange(web: Web) -> Exchange:
    """With what the reader makes of one of our own sample photos."""
    photo = files("ivr.devphone").joinpath("samples", "482915.jpg").read_bytes()
    return Exchange(web, vision.read(photo, vision.load_model()))
