# SPDX-License-Identifier: Apache-2.0
"""The challenger reads a photo again, after the call, when its caller agreed and nobody waits.

Only the comparison is kept: never what either of the two read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.exc import IntegrityError

from vision import Model, Reading, read
from worker.promotion import shadow
from worker.promotion.bundles import ModelStore
from worker.promotion.checks import Unusable, checked
from worker.promotion.shadow import Shadowing
from worker.records import (
    Call,
    Caller,
    Confirmation,
    Label,
    Message,
    Photo,
    PhotoState,
    StoredReading,
    utcnow,
)
from worker.store import Store
from worker.training_records import ShadowReading

MANY = 200  # photos queued at a time
CHAMPION, CHALLENGER, NONE, UNKNOWN = "champion", "challenger", "none", ""
_TOLD = (Label.KEYED, Label.SPOKEN, Label.CONFIRMED)  # by callers who know what stands there

log = structlog.get_logger(__name__)


class Challenger:
    """The bundle in shadow, loaded when it is first needed and kept by the worker process."""

    def __init__(self, models: ModelStore) -> None:
        self._models = models
        self._loaded: tuple[Shadowing, Model] | None = None
        self._refused: Shadowing | None = None

    def current(self) -> tuple[str, Model] | None:
        """Its version and the model; None when there is none, or it is broken."""
        try:
            found = shadow.current(self._models)
        except Unusable as error:
            log.error("challenger_refused", reason=str(error))
            return None
        if found is None or found == self._refused:
            self._loaded = None
            return None
        if self._loaded is None or self._loaded[0] != found:
            self._loaded = self._load(found)
        return self._loaded and (found.bundle, self._loaded[1])

    def _load(self, found: Shadowing) -> tuple[Shadowing, Model] | None:
        try:
            return found, checked(self._bundle(found), found.files)
        except Unusable as error:
            self._refused = found
            self._models.refuse(found.bundle, str(error))
            log.error("challenger_refused", bundle=found.bundle, reason=str(error))
            return None

    def _bundle(self, found: Shadowing) -> Path:
        return self._models.bundle(found.bundle)


@dataclass(frozen=True, slots=True)
class _Source:
    object_key: str
    reading: Reading


def to_read_along(store: Store) -> list[int]:
    """Readings that the challenger has not looked at yet, and may; newest first."""
    try:
        found = shadow.current(ModelStore(store.settings.models()))
    except Unusable:
        return []
    if found is None:
        return []
    open_ones = _allowed(select(StoredReading.id)).where(
        ~exists().where(
            ShadowReading.reading_id == StoredReading.id, ShadowReading.challenger == found.bundle
        ),
        StoredReading.model != found.bundle,
    )
    with store.snapshot() as session:
        return list(session.scalars(open_ones.order_by(StoredReading.id.desc()).limit(MANY)))


def read_along(store: Store, reading_id: int, challenger: Challenger) -> None:
    """Compare the challenger's reading of the photo with the one that was spoken, once."""
    current = challenger.current()
    source = _source(store, reading_id)
    if current is None or source is None or _somebody_waits(store):
        return
    try:
        photo = store.objects.get(source.object_key)
    except FileNotFoundError:  # deleted meanwhile
        return
    settings = store.settings
    again = read(
        photo,
        current[1],
        max_pixels=settings.photo_max_pixels,
        max_bytes=settings.photo_max_bytes,
    )
    _keep(store, reading_id, current[0], source.reading, again)


def _allowed(found: Select[int]) -> Select[int]:
    """Photos of callers who agreed that their digits are used, kept still, after their call."""
    heard = exists().where(Call.delivers == Message.id, Call.ended_at.is_not(None))
    return (
        found.join(Photo, Photo.id == StoredReading.photo_id)
        .join(Message, Message.id == Photo.message_id)
        .join(Caller, Caller.id == Message.caller_id)
        .where(*_consent(), heard)
        .where(StoredReading.secret.is_not(None), Photo.object_key.is_not(None))
        .where(Photo.expires_at > utcnow())
    )


def _consent() -> tuple[ColumnElement[bool], ...]:
    return Caller.consent.is_(True), Caller.forget_at.is_(None)


def _source(store: Store, reading_id: int) -> _Source | None:
    """Asked anew: consent may be gone, or the photo."""
    allowed = _allowed(select(StoredReading.id)).where(StoredReading.id == reading_id)
    with store.snapshot() as session:
        if session.scalar(allowed) is None:
            return None
        stored = session.get_one(StoredReading, reading_id)
        key, secret = stored.photo.object_key, stored.secret
    if key is None or secret is None:
        return None
    return _Source(key, Reading.from_dict(secret))


def _somebody_waits(store: Store) -> bool:
    """A caller's photo is to be read, or just being read: this one can wait for the next sweep."""
    waiting = select(Photo.id).where(Photo.state.in_([PhotoState.PENDING, PhotoState.CLAIMED]))
    with store.snapshot() as session:
        return session.scalar(waiting.limit(1)) is not None


def _keep(store: Store, reading_id: int, bundle: str, first: Reading, again: Reading) -> None:
    differs = _digits(first) != _digits(again)
    row = ShadowReading(
        reading_id=reading_id,
        challenger=bundle,
        differs=differs,
        champion_sure=first.sure,
        challenger_sure=again.sure,
        right=_right(_told(store, reading_id), first, again) if differs else UNKNOWN,
    )
    try:
        with store.session() as session:
            session.add(row)
    except IntegrityError:  # queued twice, or the caller was forgotten meanwhile
        return
    if differs:
        log.info(
            "challenger_differs",
            reading_id=reading_id,
            challenger=bundle,
            champion_sure=row.champion_sure,
            challenger_sure=row.challenger_sure,
            right=row.right,
        )


def _told(store: Store, reading_id: int) -> str | None:
    """What the caller said it is; None when nobody who knows said so."""
    said = select(Confirmation.secret).where(
        Confirmation.reading_id == reading_id, Confirmation.label.in_(_TOLD)
    )
    with store.snapshot() as session:
        secret = session.scalar(said.order_by(Confirmation.id.desc()).limit(1))
    return None if secret is None else str(secret["text"]).replace("|", "")


def _right(told: str | None, first: Reading, again: Reading) -> str:
    """Who was right, of two that differ."""
    if told is None:
        return UNKNOWN
    if _digits(first) == told:
        return CHAMPION
    return CHALLENGER if _digits(again) == told else NONE


def _digits(reading: Reading) -> str:
    return reading.text.replace("|", "")
