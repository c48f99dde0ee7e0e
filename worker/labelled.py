# SPDX-License-Identifier: Apache-2.0
"""A reading, what its caller said of it, and what they agreed to; looked at after the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vision.reading import Reading
from worker.chosen import is_chosen
from worker.records import (
    Base,
    Call,
    Caller,
    Confirmation,
    Photo,
    StoredReading,
    utcnow,
)
from worker.store import Store, changed


@dataclass(frozen=True, slots=True)
class Labelled:
    """`digits` (lines joined with `|`) are what the caller said, or for `denied` what they refused.

    `object_key` is the photo's. `chosen`: new models are tried on it, and nothing is learnt from
    it. `alone`: the call was about this one reading.
    """

    confirmation_id: int
    caller_id: int
    photo_id: int
    object_key: str
    reading: Reading
    label: str  # records.Label
    digits: str
    chosen: bool
    consent: bool
    test_consent: bool
    alone: bool

    @property
    def misled(self) -> bool:
        """Whether the digits were spoken plainly, and were others."""
        return self.reading.sure and bare(self.reading.text) != bare(self.digits)


def bare(text: str) -> str:
    """The digits of `text`, whatever lines they stand on."""
    return text.replace("|", "")


def find(store: Store, confirmation_id: int) -> Labelled | None:
    """What was said; None once it was looked at, or when the photo is gone."""
    with store.snapshot() as session:
        row = session.execute(
            select(Confirmation, StoredReading, Photo, Caller)
            .join(StoredReading, StoredReading.id == Confirmation.reading_id)
            .join(Photo, Photo.id == StoredReading.photo_id)
            .join(Call, Call.id == Confirmation.call_id)
            .join(Caller, Caller.id == Call.caller_id)
            .where(Confirmation.id == confirmation_id, Confirmation.sampled_at.is_(None))
        ).one_or_none()
        return None if row is None else _of(store, session, *row)


def _of(
    store: Store,
    session: Session,
    said: Confirmation,
    read: StoredReading,
    photo: Photo,
    caller: Caller,
) -> Labelled | None:
    if said.secret is None or read.secret is None or photo.object_key is None:
        return None
    same_call = select(func.count()).where(Confirmation.call_id == said.call_id)
    return Labelled(
        confirmation_id=said.id,
        caller_id=caller.id,
        photo_id=photo.id,
        object_key=photo.object_key,
        reading=Reading.from_dict(read.secret),
        label=said.label,
        digits=said.secret["text"],
        chosen=is_chosen(store, caller),
        consent=caller.consent is True,
        test_consent=caller.test_consent is True,
        alone=session.scalar(same_call) == 1,
    )


def close(store: Store, confirmation_id: int, rows: Sequence[Base]) -> bool:
    """Store `rows`, once for each confirmation; False when that was done, or it was forgotten."""
    with store.session() as session:
        unseen = update(Confirmation).where(
            Confirmation.id == confirmation_id, Confirmation.sampled_at.is_(None)
        )
        ours = changed(session, unseen.values(sampled_at=utcnow()))
        if ours:
            session.add_all(rows)
    return ours
