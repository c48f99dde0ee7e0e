# SPDX-License-Identifier: Apache-2.0
"""Digit crops for training, from callers who agreed, linked to nothing.

A crop has a random name, the digit, how surely it is known, and the day: not the caller, the
call, the photo or its place in the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom
from uuid import uuid4

import cv2
import numpy as np
import structlog
from sqlalchemy import select, update

from vision import Photo as Picture
from vision import Pixels, decode_photo
from vision.reading import Box, Digit, Problem, Reading
from worker.records import (
    Call,
    Caller,
    Confirmation,
    Label,
    Photo,
    Sample,
    StoredReading,
    utcnow,
)
from worker.store import Store, changed

MARGIN = 0.25  # of a digit's larger side: strokes the box cut off, and paper to tell ink from
_TEACHES = (Label.KEYED, Label.SPOKEN, Label.CONFIRMED)
_shuffle = SystemRandom().shuffle

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Source:
    """A confirmed reading of a caller who agreed: its digits are `digits`, whatever was read."""

    label: str
    digits: str
    reading: Reading
    object_key: str


def keep_samples(store: Store, confirmation_id: int) -> None:
    """Keep each digit of a confirmed reading as a crop, once, if the caller agreed to it."""
    source = _source(store, confirmation_id)
    crops = [] if source is None else _crops(store, source)
    _shuffle(crops)
    rows = [_stored(store, value, png, source.label) for value, png in crops] if source else []
    with store.session() as session:
        unsampled = update(Confirmation).where(
            Confirmation.id == confirmation_id, Confirmation.sampled_at.is_(None)
        )
        ours = changed(session, unsampled.values(sampled_at=utcnow()))
        if ours:
            session.add_all(rows)
    if not ours:
        for row in rows:
            store.objects.delete(row.object_key)
    log.info("samples_kept", confirmation_id=confirmation_id, kept=bool(rows) and ours)


def _source(store: Store, confirmation_id: int) -> _Source | None:
    """What there is to learn from, or None when there is nothing or it may not be kept."""
    found = (
        select(Confirmation.label, Confirmation.secret, StoredReading.secret, Photo.object_key)
        .join(StoredReading, StoredReading.id == Confirmation.reading_id)
        .join(Photo, Photo.id == StoredReading.photo_id)
        .join(Call, Call.id == Confirmation.call_id)
        .join(Caller, Caller.id == Call.caller_id)
        .where(
            Confirmation.id == confirmation_id,
            Confirmation.sampled_at.is_(None),
            Confirmation.label.in_(_TEACHES),
            Caller.consent.is_(True),
        )
    )
    with store.snapshot() as session:
        row = session.execute(found).one_or_none()
    if row is None or None in row:
        return None
    label, confirmed, reading, object_key = row
    return _Source(label, confirmed["text"], Reading.from_dict(reading), object_key)


def _crops(store: Store, source: _Source) -> list[tuple[int, bytes]]:
    """(digit, PNG) pairs; none when the caller's digits do not go one to one with the boxes."""
    boxes, values = source.reading.digits, source.digits.replace("|", "")
    if len(boxes) != len(values):
        return []
    picture = decode_photo(
        store.objects.get(source.object_key),
        max_pixels=store.settings.photo_max_pixels,
        max_bytes=store.settings.photo_max_bytes,
    )
    if isinstance(picture, Problem):
        return []
    return cut(picture, source.reading.rotation, boxes, values)


def cut(
    picture: Picture, rotation_deg: int, digits: tuple[Digit, ...], values: str
) -> list[tuple[int, bytes]]:
    """The crop of each digit, as PNG with a margin around it, next to its value."""
    pixels = np.rot90(picture.pixels, rotation_deg // 90)
    return [
        (int(value), _png(_around(pixels, digit.box, picture.shrink)))
        for digit, value in zip(digits, values, strict=True)
    ]


def _around(pixels: Pixels, box: Box, shrink: float) -> Pixels:
    margin = MARGIN * max(box.w, box.h)
    left, top = (max(0, round((edge - margin) / shrink)) for edge in (box.x, box.y))
    right, bottom = (round((edge + margin) / shrink) for edge in (box.x + box.w, box.y + box.h))
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]


def _png(pixels: Pixels) -> bytes:
    _, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    return encoded.tobytes()


def _stored(store: Store, value: int, png: bytes, label: str) -> Sample:
    id = uuid4().hex
    key = f"samples/{id}"
    store.objects.put(key, png)
    return Sample(id=id, value=value, label=label, object_key=key, day=f"{utcnow():%Y-%m-%d}")
