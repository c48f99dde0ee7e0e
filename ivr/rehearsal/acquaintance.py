# SPDX-License-Identifier: Apache-2.0
"""What the service knows of a caller before a rehearsed call, and after it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from ivr.devphone.call import FINAL
from worker import calls
from worker.callers import find, find_or_add
from worker.records import Message, utcnow
from worker.store import Store


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered for the calls to come."""

    language: str
    consent: bool | None
    test_consent: bool | None
    slowness: int


def introduce(
    store: Store,
    number: str,
    language: str,
    consent: bool | None,
    test_consent: bool | None = None,
) -> None:
    """Have the caller be one who was read to before; with a `test_consent`, a chosen one."""
    with store.session() as session:
        caller = find_or_add(session, store.keyring, number, language)
        caller.consent, caller.test_consent = consent, test_consent
        session.flush()
        sid = f"SM{uuid4().hex}"
        told = Message(sid=sid, caller_id=caller.id, channel="mms", told_at=utcnow())
        session.add(told)


def known(store: Store, number: str) -> Known | None:
    """What is remembered of the caller; None for somebody unknown, or forgotten."""
    with store.snapshot() as session:
        caller = find(session, store.keyring, number)
        if caller is None:
            return None
        return Known(caller.language, caller.consent, caller.test_consent, caller.slowness)


def has_ended(store: Store, sid: str) -> bool:
    """Whether the service knows that the call is over: status callbacks take their time."""
    call = calls.find(store, sid)
    view = None if call is None else calls.view(store, call)
    return view is not None and view.status in FINAL
