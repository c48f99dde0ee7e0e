# SPDX-License-Identifier: Apache-2.0
"""What is kept to learn from, or to test with, of what a caller said: only if they agreed to it.

To learn from: digit crops, linked to nothing. A crop has a random name, the digit, how surely it
is known, and the day: not the caller, the call, the photo or its place in the number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import SystemRandom
from uuid import uuid4

import numpy as np
import structlog
from sqlalchemy import select

from training.alignment import distance
from vision import Photo as Picture
from vision import Pixels
from vision.blame import likely_wrong
from vision.reading import Box, Reading
from worker import labelled, test_photos
from worker.labelled import Labelled, bare
from worker.pictures import as_png, picture_of
from worker.records import Label, Sample, utcnow
from worker.store import Store
from worker.training_records import TestPhoto

Realign = Callable[[Picture, Reading, str], tuple[Box, ...] | None]
"""Where each digit of a number stands on a photo that was read otherwise; None if unsure."""

MARGIN = 0.25  # of a digit's larger side: strokes the box cut off, and paper to tell ink from
_shuffle = SystemRandom().shuffle

log = structlog.get_logger(__name__)


def unsure(picture: Picture, reading: Reading, digits: str) -> None:
    """A `Realign` that never knows."""


def keep_samples(store: Store, confirmation_id: int, realign: Realign = unsure) -> None:
    """Keep, once, what the caller agreed to: each digit as a crop, or of a chosen caller the photo.

    Nobody's digits are kept both ways.
    """
    found = labelled.find(store, confirmation_id)
    rows: Sequence[Sample | TestPhoto] = ()
    if found is not None:
        rows = _test_photo(store, found) if found.chosen else _samples(store, found, realign)
    ours = labelled.close(store, confirmation_id, rows)
    if not ours:
        _drop(store, rows)
    log.info("samples_kept", confirmation_id=confirmation_id, kept=bool(rows) and ours)


def _test_photo(store: Store, found: Labelled) -> list[TestPhoto]:
    photo = test_photos.keep(store, found)
    return [] if photo is None else [photo]


def _samples(store: Store, found: Labelled, realign: Realign) -> list[Sample]:
    if not found.consent:
        return []
    picture = picture_of(store, found.object_key)
    if picture is None:
        return []
    crops = cut(picture, found.reading.rotation, _told(found, picture, realign))
    _shuffle(crops)
    return [_stored(store, value, png, found.label) for value, png in crops]


def _told(found: Labelled, picture: Picture, realign: Realign) -> list[tuple[Box, int]]:
    """Boxes of the photo and what the caller's word makes of each; none where that is unclear."""
    if found.label == Label.DENIED:
        return [(digit.box, digit.value) for digit in likely_wrong(found.reading)]
    boxes: Sequence[Box] | None = [digit.box for digit in found.reading.digits]
    if not _stand_alike(bare(found.reading.text), bare(found.digits)):
        boxes = realign(picture, found.reading, found.digits)
    values = [int(character) for character in bare(found.digits)]
    return [] if boxes is None else list(zip(boxes, values, strict=True))


def _stand_alike(read: str, said: str) -> bool:
    """Whether the digits go one to one: a digit too many and one too few shift all between them."""
    changed = sum(one != other for one, other in zip(read, said, strict=False))
    return len(read) == len(said) and distance(read, said) == changed


def cut(
    picture: Picture, rotation_deg: int, told: Sequence[tuple[Box, int]]
) -> list[tuple[int, bytes]]:
    """The crop of each box, as PNG with a margin around it, next to its value."""
    pixels = np.rot90(picture.pixels, rotation_deg // 90)
    return [(value, as_png(_around(pixels, box, picture.shrink))) for box, value in told]


def _around(pixels: Pixels, box: Box, shrink: float) -> Pixels:
    margin = MARGIN * max(box.w, box.h)
    left, top = (max(0, round((edge - margin) / shrink)) for edge in (box.x, box.y))
    right, bottom = (round((edge + margin) / shrink) for edge in (box.x + box.w, box.y + box.h))
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]


def _stored(store: Store, value: int, png: bytes, label: str) -> Sample:
    id = uuid4().hex
    key = f"samples/{id}"
    store.objects.put(key, png)
    return Sample(id=id, value=value, label=label, object_key=key, day=f"{utcnow():%Y-%m-%d}")


def _drop(store: Store, rows: Sequence[Sample | TestPhoto]) -> None:
    """Delete what was kept in vain: somebody else was first, or the caller was forgotten."""
    keys = {row.object_key for row in rows}
    with store.snapshot() as session:
        stored = session.scalars(select(TestPhoto.object_key).where(TestPhoto.object_key.in_(keys)))
        keys -= set(stored)
    for key in keys:
        store.objects.delete(key)
