# SPDX-License-Identifier: Apache-2.0
"""What still has to be done, as conditions on the tables."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, exists, select

from worker.records import Call, Caller, CallStatus, Channel, Message, Photo, PhotoState, utcnow

TERMINAL = (
    CallStatus.COMPLETED,
    CallStatus.BUSY,
    CallStatus.FAILED,
    CallStatus.NO_ANSWER,
    CallStatus.CANCELED,
)
DONE = (PhotoState.READ, PhotoState.LOST)
# Longer than Twilio lets a call ring and last together: one that seems to go on is one whose end
# was never reported.
CALL_LIMIT_S = 1800


def all_photos_done() -> ColumnElement[bool]:
    """The message has photos, and each of them is read or lost."""
    of_message = Photo.message_id == Message.id
    return exists().where(of_message) & ~exists().where(of_message, Photo.state.not_in(DONE))


def untold(retention_hours: float) -> Select[int]:
    """Ids of messages that are read, not yet told and not yet wiped, newest first.

    What an application sent is told to nobody: it asks.
    """
    cutoff = utcnow() - timedelta(hours=retention_hours)
    return (
        select(Message.id)
        .where(
            Message.channel != Channel.API,
            Message.told_at.is_(None),
            Message.received_at > cutoff,
            all_photos_done(),
        )
        .order_by(Message.id.desc())
    )


def uncalled(retention_hours: float, *, caller_id: int) -> Select[int]:
    """A caller's untold messages that no call was ever made for."""
    nobody = ~exists().where(Call.delivers == Message.id)
    return untold(retention_hours).where(Message.caller_id == caller_id, nobody)


def to_deliver(retention_hours: float) -> Select[int]:
    """Of the untold, the ones to look at again: nobody was rung yet, or a line is held for them."""
    held = exists().where(Call.delivers == Message.id, Call.waiting)
    begun = exists().where(Call.delivers == Message.id)
    wanted = exists().where(Caller.id == Message.caller_id, Caller.stopped_at.is_(None))
    return untold(retention_hours).where(wanted, held | ~begun)


def is_live() -> ColumnElement[bool]:
    """The call has been answered and goes on."""
    since = utcnow() - timedelta(seconds=CALL_LIMIT_S)
    return (Call.status == CallStatus.IN_PROGRESS) & (Call.created_at > since)


def is_under_way() -> ColumnElement[bool]:
    """The call goes on, rings, or is about to."""
    since = utcnow() - timedelta(seconds=CALL_LIMIT_S)
    return Call.status.not_in(TERMINAL) & (Call.created_at > since)
