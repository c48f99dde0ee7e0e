# SPDX-License-Identifier: Apache-2.0
"""Deleting a caller for an operator, with what the provider still has of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from worker.callers import find
from worker.forgetting import Forgotten, forget, forget_after
from worker.outstanding import is_live
from worker.records import Call, Channel, Message
from worker.store import Store

Erase = Callable[[str, list[str]], None]  # (message sid, media sids), as `Gateway.delete_message`


def forget_with_copies(store: Store, number: str, erase: Erase) -> Forgotten | None:
    """As `forget`, with the provider's copies erased first.

    None: the caller is on the line, and all is deleted when the call is over. Whatever `erase`
    raises leaves everything of ours: without it nobody would know of the copies.
    """
    with store.snapshot() as session:
        caller = find(session, store.keyring, number)
        if caller is None:
            return Forgotten(0, 0, 0, 0, 0)
        live = select(Call.id).where(Call.caller_id == caller.id, is_live()).limit(1)
        on_the_line = session.scalar(live) is not None
        copies = [] if on_the_line else _copies(session, caller.id)
    if on_the_line:
        forget_after(store, caller.id)
        return None
    for sid, media_sids in copies:
        erase(sid, media_sids)
    return forget(store, number)


def _copies(session: Session, caller_id: int) -> list[tuple[str, list[str]]]:
    """(message sid, media sids) that the provider still has."""
    kept = select(Message).where(
        Message.caller_id == caller_id,
        Message.erased_at.is_(None),
        Message.channel.in_((Channel.MMS, Channel.WHATSAPP)),
    )
    return [
        (message.sid, [photo.media_sid for photo in message.photos if photo.media_sid])
        for message in session.scalars(kept)
    ]
