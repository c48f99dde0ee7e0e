# SPDX-License-Identifier: Apache-2.0
"""Outgoing texts: each is written down once, by its key, and sent from a queue."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from worker.queue import Job
from worker.records import Text
from worker.store import Store


def queue_text(store: Store, caller_id: int, key: str, body: str) -> int:
    """Text the caller `body`, once for each `key`; the text's id. The body holds no digits."""
    known = select(Text.id).where(Text.key == key)
    with store.session() as session:
        text_id = session.scalar(known)
        if text_id is not None:
            return text_id
        text = Text(key=key, caller_id=caller_id, body=body)
        try:
            with session.begin_nested():
                session.add(text)
        except IntegrityError:  # the same text at the same moment
            return session.scalars(known).one()
    store.enqueue(Job.SEND_TEXT, text.id)
    return text.id
