# SPDX-License-Identifier: Apache-2.0
"""Leases: what only one may do at a time, for as long as it is seen to be alive.

`lock` holds the row to the end of the transaction, so that whoever decides by it decides alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from worker.records import utcnow
from worker.store import changed
from worker.training_records import Lease

NOBODY = ""
_LONG_AGO = datetime(1970, 1, 1)


def lock(session: Session, name: str) -> Lease:
    """The lease, which nobody else changes or locks before this transaction ends."""
    row = select(Lease).where(Lease.name == name).with_for_update()
    lease = session.scalar(row)
    if lease is not None:
        return lease
    try:
        with session.begin_nested():
            session.add(Lease(name=name, holder=NOBODY, until=_LONG_AGO))
    except IntegrityError:  # somebody else was first
        pass
    return session.scalars(row).one()


def is_free(lease: Lease) -> bool:
    return lease.holder == NOBODY or lease.until < utcnow()


def take(lease: Lease, holder: str, for_s: float) -> None:
    """For a locked lease that is free."""
    lease.holder, lease.until = holder, utcnow() + timedelta(seconds=for_s)


def release(lease: Lease) -> None:
    """For a locked lease: anybody may take it."""
    lease.holder, lease.until = NOBODY, utcnow()


def renew(session: Session, name: str, holder: str, for_s: float) -> bool:
    """False when it is no longer `holder`'s: whoever had it stops at once."""
    ours = update(Lease).where(Lease.name == name, Lease.holder == holder)
    return changed(session, ours.values(until=utcnow() + timedelta(seconds=for_s)))
