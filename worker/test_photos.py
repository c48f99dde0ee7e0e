# SPDX-License-Identifier: Apache-2.0
"""Whole photos to try new models on, from chosen callers who agreed and gave the number by keys or
digit by digit."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import delete, select

from worker.chosen import is_chosen
from worker.labelled import Labelled
from worker.pictures import as_png, picture_of
from worker.records import Label, Message, Photo, utcnow
from worker.store import Store
from worker.training_records import TestPhoto

__all__ = ["delete_of", "is_chosen", "keep", "object_key"]

_SURE_OF = (Label.KEYED, Label.SPOKEN)


def object_key(photo_id: int) -> str:
    """Where the copy of a photo lies, if one was kept."""
    return f"test-photos/{photo_id}"


def keep(store: Store, found: Labelled) -> TestPhoto | None:
    """Copy the photo and return its row, not stored yet; None where there is nothing to keep.

    The copy has the pixels that a reader gets, and nothing else that the sender's file told.
    Of a call about several photos none is kept: a number is asked for by keys only where there is
    one, so of several those that were misread would be left.
    """
    if not found.test_consent or not found.alone or found.label not in _SURE_OF:
        return None
    key = object_key(found.photo_id)
    with store.snapshot() as session:
        if session.scalar(select(TestPhoto.id).where(TestPhoto.object_key == key)) is not None:
            return None
    picture = picture_of(store, found.object_key)
    if picture is None:
        return None
    store.objects.put(key, as_png(picture.pixels))
    return TestPhoto(
        id=uuid4().hex,
        caller_id=found.caller_id,
        confirmation_id=found.confirmation_id,
        object_key=key,
        secret={"text": found.digits},
        label=found.label,
        misled=found.misled,
        day=f"{utcnow():%Y-%m-%d}",
    )


def delete_of(store: Store, caller_id: int) -> None:
    """Delete every photo that was kept of a caller: the objects first, so that it can be run again.

    Copies are looked for by the photos they were made of, row or no row.
    """
    photos = select(Photo.id).join(Photo.message).where(Message.caller_id == caller_id)
    with store.snapshot() as session:
        photo_ids = list(session.scalars(photos))
    for photo_id in photo_ids:
        store.objects.delete(object_key(photo_id))
    with store.session() as session:
        session.execute(delete(TestPhoto).where(TestPhoto.caller_id == caller_id))
