# SPDX-License-Identifier: Apache-2.0
"""Trying again what an operator asks to be tried again, where that can do any good."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from worker import retraining
from worker.failures import Kind
from worker.outstanding import TERMINAL
from worker.queue import Job
from worker.records import Call, CallStatus, Message, Photo, PhotoState, Text, TextStatus, utcnow
from worker.store import Store
from worker.upkeep import GIVE_UP_AFTER

log = structlog.get_logger(__name__)


class NotPossibleError(Exception):
    """Why it cannot be tried again, as a sentence for an operator."""


def retry(store: Store, kind: Kind, number: int) -> str:
    """Queue it again; what will happen, as a sentence. Raises `NotPossibleError`."""
    match kind:
        case Kind.PHOTO:
            done = _retry_photo(store, number)
        case Kind.CALL:
            done = _retry_call(store, number)
        case Kind.TEXT:
            done = _retry_text(store, number)
        case Kind.RUN:
            done = _resume(store, number)
        case _:
            assert_never(kind)
    log.info("tried_again", kind=str(kind), id=number)
    return done


def _retry_photo(store: Store, photo_id: int) -> str:
    lapsed = utcnow() - timedelta(seconds=store.settings.lease_s)
    with store.session() as session:
        photo = session.get(Photo, photo_id)
        if photo is None:
            raise NotPossibleError(f"There is no photo {photo_id}.")
        if photo.state == PhotoState.READ:
            raise NotPossibleError("The photo has been read.")
        if photo.claimed_at is not None and photo.claimed_at > lapsed and _is_held(photo):
            raise NotPossibleError("A worker has it at this moment.")
        if not _is_there(photo):
            raise NotPossibleError("The photo itself is gone: the caller has to send it again.")
        photo.state, photo.attempts, photo.claimed_at = PhotoState.PENDING, 0, utcnow()
        _tell_again(session, photo.message)
    store.enqueue(Job.READ_PHOTO, photo_id)
    return "It is queued to be read; then its caller is told."


def _is_held(photo: Photo) -> bool:
    return photo.state == PhotoState.CLAIMED


def _is_there(photo: Photo) -> bool:
    if photo.expires_at < utcnow():
        return False
    if photo.sha256 is not None:
        return photo.object_key is not None
    return photo.media_sid is not None and photo.message.erased_at is None


def _tell_again(session: Session, message: Message) -> None:
    """Whoever was told that the photo is lost is told what it says."""
    message.told_at = message.claimed_at = None
    over = update(Call).where(Call.delivers == message.id, Call.status.in_(TERMINAL))
    session.execute(over.values(delivers=None))


def _retry_call(store: Store, call_id: int) -> str:
    """The call is over for good; what it was to tell is told by another."""
    with store.session() as session:
        call = session.get(Call, call_id)
        if call is None:
            raise NotPossibleError(f"There is no call {call_id}.")
        if call.status != CallStatus.FAILED:
            raise NotPossibleError(f"The call did not fail: it is {call.status}.")
        message = session.get(Message, call.delivers) if call.delivers is not None else None
        if message is None or message.told_at is not None:
            raise NotPossibleError("There is nothing left to tell.")
        if message.received_at < utcnow() - timedelta(hours=store.settings.retention_hours):
            raise NotPossibleError("The digits were deleted after their time.")
        call.delivers = message.claimed_at = None
        message_id = message.id
    store.enqueue(Job.DELIVER, message_id)
    return "The caller is rung again."


def _resume(store: Store, run_id: int) -> str:
    try:
        retraining.resume(store, run_id)
    except retraining.CannotRetrain as error:
        raise NotPossibleError(str(error)) from error
    return "The retraining goes on from the step that failed."


def _retry_text(store: Store, text_id: int) -> str:
    with store.session() as session:
        text = session.get(Text, text_id)
        if text is None:
            raise NotPossibleError(f"There is no text {text_id}.")
        if text.created_at < utcnow() - GIVE_UP_AFTER:
            raise NotPossibleError("The text is more than an hour old.")
        failed = update(Text).where(Text.id == text_id, Text.status == TextStatus.FAILED)
        again = failed.values(status=TextStatus.QUEUED, claimed_at=utcnow()).returning(Text.id)
        if session.scalar(again) is None:
            raise NotPossibleError(f"The text did not fail: it is {text.status}.")
    store.enqueue(Job.SEND_TEXT, text_id)
    return "The text is queued to be sent."
