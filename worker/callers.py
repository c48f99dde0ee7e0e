# SPDX-License-Identifier: Apache-2.0
"""Who texts and rings: found by a keyed hash of the number, which itself lies encrypted."""

from __future__ import annotations

import re

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker import test_photos
from worker.crypto import Keyring
from worker.records import Call, Caller, CallStatus, utcnow
from worker.store import Store

_E164 = re.compile(r"\+[1-9]\d{6,14}")
# What arrives as caller ID when it is withheld: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
# UNAVAILABLE spelt on a keypad.
_WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8566696", "+86282452253"}


def bare_number(address: str) -> str:
    """The telephone number of a channel address: `whatsapp:+8210…` is `+8210…`."""
    return address.rpartition(":")[2]


def can_be_rung(number: str) -> bool:
    return bool(_E164.fullmatch(number)) and number not in _WITHHELD


def find(session: Session, keyring: Keyring, address: str) -> Caller | None:
    digest = keyring.number_hash(bare_number(address))
    return session.scalar(select(Caller).where(Caller.number_hash == digest))


def find_or_add(session: Session, keyring: Keyring, address: str, language: str) -> Caller:
    """The caller of `address`, new with `language` when the number is seen the first time."""
    caller = find(session, keyring, address)
    if caller is None:
        caller = _add(session, keyring, address, language)
    caller.secret = {"number": bare_number(address), "address": address}
    return caller


def _add(session: Session, keyring: Keyring, address: str, language: str) -> Caller:
    digest = keyring.number_hash(bare_number(address))
    caller = Caller(number_hash=digest, secret=None, language=language)
    try:
        with session.begin_nested():
            session.add(caller)
    except IntegrityError:  # somebody else was first
        return session.scalars(select(Caller).where(Caller.number_hash == digest)).one()
    return caller


def stop(store: Store, number: str) -> None:
    """The caller wants nothing more: no call, no text, until `start`."""
    with store.session() as session:
        caller = find_or_add(session, store.keyring, number, "en")
        session.flush()
        mark_stopped(session, caller.id)


def mark_stopped(session: Session, caller_id: int) -> None:
    stopped = update(Caller).where(Caller.id == caller_id, Caller.stopped_at.is_(None))
    session.execute(stopped.values(stopped_at=utcnow()))
    queued = update(Call).where(Call.caller_id == caller_id, Call.status == CallStatus.QUEUED)
    session.execute(queued.values(status=CallStatus.CANCELED, ended_at=utcnow()))


def start(store: Store, number: str) -> None:
    """Undo `stop`."""
    with store.session() as session:
        caller = find(session, store.keyring, number)
        if caller is not None:
            caller.stopped_at = None


def remember(
    store: Store,
    caller_id: int,
    *,
    consent: bool | None = None,
    test_consent: bool | None = None,
    language: str | None = None,
    slowness: int | None = None,
) -> None:
    """Keep what the caller chose; None leaves a choice as it is.

    A consent to whole photos that is taken back takes the photos with it.
    """
    with store.session() as session:
        caller = session.get_one(Caller, caller_id)
        caller.consent = caller.consent if consent is None else consent
        caller.test_consent = caller.test_consent if test_consent is None else test_consent
        caller.language = language or caller.language
        caller.slowness = caller.slowness if slowness is None else slowness
    if test_consent is False:
        test_photos.delete_of(store, caller_id)
