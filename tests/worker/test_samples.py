# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from math import prod

import cv2
import numpy as np
import pytest
from ledger import CALLER, LedgerStore, reading_of, text_photo
from sqlalchemy import select

from vision import Photo
from vision.reading import Alternative, Box, Line, Reading
from worker import ConfirmationRecord, calls
from worker.readings import read_photo
from worker.records import Confirmation, Sample
from worker.samples import keep_samples

SHADES = (40, 90, 140)  # of the three boxes of `reading_of`


@pytest.fixture
def picture() -> bytes:
    """A grey square where each digit of `reading_of` has its box."""
    return png(boxes())


def boxes() -> np.ndarray:
    paper = np.full((120, 260, 3), 250, np.uint8)
    for i, shade in enumerate(SHADES):
        paper[20:80, 20 + 60 * i : 70 + 60 * i] = shade
    return paper


def png(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def confirm(
    store: LedgerStore,
    picture: bytes,
    *,
    consent: bool | None = True,
    label: str = "confirmed",
    digits: str = "482",
    reading: Reading | None = None,
) -> None:
    text_photo(store)
    read_photo(
        store, 1, fetch=lambda m, p: picture, read=lambda photo: reading or reading_of("482")
    )
    call = calls.start_inbound(store, "CA1", CALLER, "ko")
    record = ConfirmationRecord(1, label, digits, "keys", 1.0)
    calls.save_step(
        store, call.id, version=0, state={}, waiting=False, turns=[], confirmations=[record]
    )
    calls.remember(store, call.caller_id, consent=consent)


def kept(store: LedgerStore) -> dict[int, int]:
    """Digit -> shade in the middle of its crop."""
    with store.snapshot() as session:
        return {row.value: _shade(store.objects.get(row.object_key)) for row in _rows(session)}


def _rows(session) -> list[Sample]:
    return list(session.scalars(select(Sample)))


def _shade(crop: bytes) -> int:
    pixels = cv2.imdecode(np.frombuffer(crop, np.uint8), cv2.IMREAD_GRAYSCALE)
    return int(pixels[pixels.shape[0] // 2, pixels.shape[1] // 2])


@pytest.mark.parametrize("label", ["keyed", "spoken", "confirmed", "unverified"])
def test_each_digit_is_kept_as_its_own_crop(store: LedgerStore, picture: bytes, label: str) -> None:
    confirm(store, picture, label=label)
    keep_samples(store, 1)
    assert kept(store) == dict(zip((4, 8, 2), SHADES, strict=True))


def test_the_callers_digits_are_the_labels_not_the_readers(
    store: LedgerStore, picture: bytes
) -> None:
    confirm(store, picture, label="keyed", digits="481")
    keep_samples(store, 1)
    assert kept(store) == dict(zip((4, 8, 1), SHADES, strict=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": False},
        {"consent": None},
        {"label": "denied"},
        {"label": "keyed", "digits": "4821"},
    ],
    ids=["no consent", "not asked", "said no", "another count"],
)
def test_what_may_not_or_cannot_be_learnt_from_is_not_kept(
    store: LedgerStore, picture: bytes, changes: dict
) -> None:
    confirm(store, picture, **changes)
    keep_samples(store, 1)
    assert kept(store) == {}
    with store.snapshot() as session:
        assert session.get_one(Confirmation, 1).sampled_at is not None


def test_a_crop_says_how_surely_its_digit_is_known(store: LedgerStore, picture: bytes) -> None:
    confirm(store, picture, label="unverified")
    keep_samples(store, 1)
    with store.snapshot() as session:
        assert {row.label for row in _rows(session)} == {"unverified"}


def doubtful(text: str, *p: float) -> Reading:
    """A reading whose digits are right with these probabilities, and none missing."""
    (line,) = reading_of(text).lines
    digits = tuple(
        replace(digit, p=one, alternatives=(Alternative(7, 1 - one),))
        for digit, one in zip(line.digits, p, strict=True)
    )
    return replace(reading_of(text, sure=False), lines=(Line(digits),), confidence=prod(p))


def test_a_no_makes_of_the_one_doubtful_digit_what_it_is_not(
    store: LedgerStore, picture: bytes
) -> None:
    confirm(store, picture, label="denied", reading=doubtful("482", 0.999, 0.6, 0.999))
    keep_samples(store, 1)
    assert kept(store) == {8: SHADES[1]}
    with store.snapshot() as session:
        assert [row.label for row in _rows(session)] == ["denied"]


def test_a_no_to_several_doubtful_digits_tells_nothing_of_any(
    store: LedgerStore, picture: bytes
) -> None:
    confirm(store, picture, label="denied", reading=doubtful("482", 0.6, 0.6, 0.999))
    keep_samples(store, 1)
    assert kept(store) == {}


FOUND = (Box(20, 20, 50, 60), Box(140, 20, 50, 60))


def test_digits_of_another_length_are_kept_where_they_are_found_again(
    store: LedgerStore, picture: bytes
) -> None:
    asked: list[tuple[str, str]] = []

    def realign(photo: Photo, reading: Reading, digits: str) -> tuple[Box, ...]:
        asked.append((reading.text, digits))
        return FOUND

    confirm(store, picture, label="keyed", digits="42")
    keep_samples(store, 1, realign)
    assert asked == [("482", "42")]
    assert kept(store) == {4: SHADES[0], 2: SHADES[2]}


def test_a_digit_too_many_and_one_too_few_are_no_other_values_in_the_same_places(
    store: LedgerStore, picture: bytes
) -> None:
    confirm(store, picture, label="keyed", digits="821")
    keep_samples(store, 1)
    assert kept(store) == {}


def test_samples_are_kept_once(store: LedgerStore, picture: bytes) -> None:
    confirm(store, picture)
    keep_samples(store, 1)
    keep_samples(store, 1)
    assert len(kept(store)) == 3


def test_nothing_in_a_sample_leads_back_to_the_number(store: LedgerStore, picture: bytes) -> None:
    confirm(store, picture)
    keep_samples(store, 1)
    with store.snapshot() as session:
        rows = _rows(session)
    assert {column.name for column in Sample.__table__.columns} == {
        "id",
        "value",
        "label",
        "object_key",
        "day",
    }
    assert len({len(row.id) for row in rows}) == 1 and all(len(row.day) == 10 for row in rows)
    assert all(row.object_key == f"samples/{row.id}" for row in rows)


def test_samples_are_stored_in_shuffled_order(
    store: LedgerStore, picture: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[int] = []
    monkeypatch.setattr("worker.samples._shuffle", lambda crops: crops.reverse())
    put = type(store.objects).put

    def note(self: object, key: str, data: bytes) -> None:
        if key.startswith("samples/"):
            order.append(_shade(data))
        put(self, key, data)

    monkeypatch.setattr(type(store.objects), "put", note)
    confirm(store, picture)
    keep_samples(store, 1)
    assert order == list(reversed(SHADES))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photo_taken_sideways_is_cut_upright(store: LedgerStore, quarters: int) -> None:
    sideways = png(np.ascontiguousarray(np.rot90(boxes(), -quarters)))
    confirm(store, sideways, reading=reading_of("482", rotation=90 * quarters))
    keep_samples(store, 1)
    assert kept(store) == dict(zip((4, 8, 2), SHADES, strict=True))


def test_boxes_are_in_pixels_of_the_senders_photo(store: LedgerStore) -> None:
    """A large photo is worked on smaller than it came."""
    wide = np.full((120, 4000, 3), 250, np.uint8)
    wide[:, :260] = boxes()
    confirm(store, png(wide))
    keep_samples(store, 1)
    assert sorted(kept(store)) == [2, 4, 8]
    assert all(abs(kept(store)[v] - s) < 12 for v, s in zip((4, 8, 2), SHADES, strict=True))


def test_crops_are_encrypted_like_photos(
    store: LedgerStore, picture: bytes, settings: object
) -> None:
    confirm(store, picture)
    keep_samples(store, 1)
    folder = store.settings.data_dir / "objects" / "samples"
    files = list(folder.iterdir())
    assert len(files) == 3
    assert not any(path.read_bytes().startswith(b"\x89PNG") for path in files)


def test_wiped_digits_are_not_learnt_from(store: LedgerStore, picture: bytes) -> None:
    confirm(store, picture)
    with store.session() as session:
        session.get_one(Confirmation, 1).secret = None
    keep_samples(store, 1)
    assert kept(store) == {}
