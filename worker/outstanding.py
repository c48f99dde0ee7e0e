# SPDX-License-Identifier: Apache-2.0
"""Which messages are read and still have to be told to their caller."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select

from worker.records import Call, CallStatus, Message, Photo, PhotoState, utcnow

TERMINAL = (
    CallStatus.COMPLETED,
    CallStatus.BUSY,
    CallStatus.FAILED,
    CallStatus.NO_ANSWER,
    CallStatus.CANCELED,
)
DONE = (PhotoState.READ, PhotoState.LOST)
# No conversation lasts this long (Twilio is told to end it); a call that seems to is one whose
# end was never reported.
CALL_LIMIT_S = 1800


def all_photos_done() -> ColumnElement[bool]:
    """The message has photos, and each of them is read or lost."""
    of_message = Photo.message_id == Message.id
    return exists().where(of_message) & ~exists().where(of_message, Photo.state.not_in(DONE))


def untold(retention_hours: float) -> Select[int]:
    """Ids of messages that are read, not yet told and not yet wiped, newest first."""
    cutoff = utcnow() - timedelta(hours=retention_hours)
    return (
        select(Message.id)
        .where(Message.told_at.is_(None), Message.received_at > cutoff, all_photos_done())
        .order_by(Message.id.desc())
    )


def uncalled(retention_hours: float) -> Select[int]:
    """Of those, the ones no call was ever made for."""
    return untold(retention_hours).where(~exists().where(Call.delivers == Message.id))


def is_live(now: datetime | None = None) -> ColumnElement[bool]:
    """The call has been answered and goes on."""
    since = (now or utcnow()) - timedelta(seconds=CALL_LIMIT_S)
    return (Call.status == CallStatus.IN_PROGRESS) & (Call.created_at > since)
