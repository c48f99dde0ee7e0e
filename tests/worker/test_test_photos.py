# SPDX-License-Identifier: Apache-2.0
"""Whole photos are kept of chosen callers who agreed and gave the number, and of nobody else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from ledger import CALLER, LedgerStore, reading_of, text_photo
from PIL import Image
from PIL.ExifTags import GPS, IFD
from PIL.ExifTags import Base as TAGS
from sqlalchemy import select

from vision import Photo as Picture
from vision import decode_photo, load_model, read
from worker import ConfirmationRecord, Job, calls
from worker.callers import find
from worker.chosen import is_chosen
from worker.erasure import expire
from worker.forgetting import forget, forget_who_asked
from worker.readings import read_photo
from worker.records import Call, Caller, Confirmation, Photo, Sample, utcnow
from worker.samples import keep_samples
from worker.test_photos import object_key
from worker.training_records import TestPhoto

SAMPLE = Path(__file__).parents[2] / "ivr/devphone/samples/482915.jpg"
NUMBERS = [f"+82100000{number:04}" for number in range(400)]
LABELS = ("keyed", "spoken", "confirmed", "unverified", "denied")


def with_share(store: LedgerStore, share: float) -> LedgerStore:
    return replace(store, settings=store.settings.model_copy(update={"test_share": share}))


def a_call(
    store: LedgerStore,
    photo: bytes,
    *,
    number: int = 1,
    caller: str = CALLER,
    label: str = "keyed",
    digits: str = "482",
    sure: bool = True,
    photos: int = 1,
    **consents: bool,
) -> int:
    """A caller says what a photo says; the caller's id."""
    message_id = text_photo(store, number, media=photos, caller=caller)
    with store.snapshot() as session:
        ids = list(session.scalars(select(Photo.id).where(Photo.message_id == message_id)))
    for id in ids:
        read = reading_of("482", sure=sure)
        read_photo(store, id, fetch=lambda m, p: photo, read=lambda data, read=read: read)
    call = calls.start_inbound(store, f"CA{number}", caller, "ko")
    records = [ConfirmationRecord(id, label, digits, "keys", 1.0) for id, _ in call.readings]
    calls.save_step(
        store, call.id, version=0, state={}, waiting=False, turns=[], confirmations=records
    )
    calls.remember(store, call.caller_id, **consents)
    return call.caller_id


def keep_all(store: LedgerStore) -> None:
    with store.snapshot() as session:
        ids = list(session.scalars(select(Confirmation.id)))
    for id in ids:
        keep_samples(store, id)


def rows(store: LedgerStore) -> list[TestPhoto]:
    with store.snapshot() as session:
        return list(session.scalars(select(TestPhoto)))


def samples(store: LedgerStore) -> int:
    with store.snapshot() as session:
        return len(session.scalars(select(Sample)).all())


def lying(store: LedgerStore) -> int:
    """Copies in object storage."""
    folder = store.settings.data_dir / "objects" / "test-photos"
    return len(list(folder.iterdir())) if folder.exists() else 0


def pixels(data: bytes) -> bytes:
    picture = decode_photo(data, max_pixels=10**8, max_bytes=10**8)
    assert isinstance(picture, Picture)
    return picture.pixels.tobytes()


# ---- who is chosen


def test_of_all_numbers_about_the_share_is_chosen_and_always_the_same(store: LedgerStore) -> None:
    hashes = [store.keyring.number_hash(number) for number in NUMBERS]
    callers = [Caller(number_hash=one, language="ko") for one in hashes]

    def chosen(share: float) -> set[str]:
        shared = with_share(store, share)
        return {one.number_hash for one in callers if is_chosen(shared, one)}

    assert chosen(0.0) == set() and chosen(1.0) == set(hashes)
    assert 50 <= len(chosen(0.2)) <= 112
    assert chosen(0.2) == chosen(0.2) < chosen(0.3)


@pytest.mark.parametrize(
    ("share", "consents", "chosen"),
    [
        (0.0, {"test_consent": True}, True),
        (0.0, {"test_consent": False}, True),
        (1.0, {"consent": True}, False),
        (1.0, {"consent": False}, False),
        (1.0, {}, True),
    ],
)
def test_who_was_asked_stays_on_their_side_whatever_the_share_becomes(
    store: LedgerStore, photo: bytes, share: float, consents: dict[str, bool], chosen: bool
) -> None:
    a_call(store, photo, **consents)
    with store.snapshot() as session:
        caller = find(session, store.keyring, CALLER)
    assert caller is not None
    assert is_chosen(with_share(store, share), caller) is chosen


def test_a_call_knows_whether_its_caller_is_chosen(store: LedgerStore) -> None:
    view = calls.start_inbound(with_share(store, 1.0), "CA1", CALLER, "ko")
    assert (view.chosen, view.test_consent) == (True, None)
    calls.remember(store, view.caller_id, test_consent=True)
    later = calls.view(store, view.id)
    assert later is not None and (later.chosen, later.test_consent) == (True, True)


# ---- what is kept


@pytest.mark.parametrize("label", ["keyed", "spoken"])
def test_the_photo_is_kept_with_what_the_caller_said(
    store: LedgerStore, photo: bytes, label: str
) -> None:
    caller_id = a_call(store, photo, label=label, test_consent=True)
    keep_all(store)
    (kept,) = rows(store)
    assert (kept.caller_id, kept.confirmation_id, kept.label) == (caller_id, 1, label)
    assert kept.secret == {"text": "482"}
    assert pixels(store.objects.get(kept.object_key)) == pixels(photo)
    assert len(kept.day) == 10
    assert samples(store) == 0


@pytest.mark.parametrize(
    ("digits", "sure", "misled"),
    [("482", True, False), ("481", True, True), ("481", False, False), ("4|82", True, False)],
)
def test_it_misled_when_it_was_spoken_plainly_and_was_wrong(
    store: LedgerStore, photo: bytes, digits: str, sure: bool, misled: bool
) -> None:
    a_call(store, photo, digits=digits, sure=sure, test_consent=True)
    keep_all(store)
    assert [row.misled for row in rows(store)] == [misled]


@pytest.mark.parametrize("label", ["confirmed", "unverified", "denied"])
def test_what_is_not_surely_known_is_not_kept(store: LedgerStore, photo: bytes, label: str) -> None:
    a_call(store, photo, label=label, test_consent=True)
    keep_all(store)
    assert rows(store) == [] and samples(store) == 0 and lying(store) == 0


def test_a_copy_tells_nothing_but_the_picture_and_reads_as_the_photo_does(
    store: LedgerStore,
) -> None:
    sideways = taken_at_home()
    a_call(store, sideways, test_consent=True)
    keep_all(store)
    copy = store.objects.get(rows(store)[0].object_key)
    with Image.open(BytesIO(copy)) as image:
        assert not image.getexif() and not image.info
    assert pixels(copy) == pixels(sideways)
    model = load_model()
    assert replace(read(copy, model), ms=0.0) == replace(read(sideways, model), ms=0.0)


def taken_at_home() -> bytes:
    """A photo as telephones take it: turned by a tag, with the place beside it."""
    exif = Image.Exif()
    exif[TAGS.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    file = BytesIO()
    with Image.open(SAMPLE) as image:
        image.rotate(90, expand=True).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_of_a_call_about_several_photos_none_is_kept(store: LedgerStore, photo: bytes) -> None:
    a_call(store, photo, photos=2, test_consent=True)
    keep_all(store)
    assert rows(store) == [] and lying(store) == 0


def test_a_photo_is_kept_once(store: LedgerStore, photo: bytes) -> None:
    a_call(store, photo, test_consent=True)
    keep_all(store)
    keep_all(store)
    assert len(rows(store)) == lying(store) == 1


def test_a_task_that_was_cut_short_is_made_good(store: LedgerStore, photo: bytes) -> None:
    """The object was stored, the row was not."""
    a_call(store, photo, test_consent=True)
    store.objects.put(object_key(1), b"half of it")
    keep_all(store)
    assert pixels(store.objects.get(rows(store)[0].object_key)) == pixels(photo)


def test_retention_does_not_touch_the_copy(store: LedgerStore, photo: bytes) -> None:
    a_call(store, photo, test_consent=True)
    keep_all(store)
    with store.session() as session:
        session.get_one(Photo, 1).expires_at = utcnow().replace(year=2020)
        session.get_one(Call, 1).created_at = utcnow().replace(year=2020)
    expire(store)
    (kept,) = rows(store)
    with store.snapshot() as session:
        assert session.get_one(Photo, 1).object_key is None
    assert pixels(store.objects.get(kept.object_key)) == pixels(photo)
    assert kept.secret == {"text": "482"}


def test_nobody_is_learnt_from_and_tested_with(store: LedgerStore, photo: bytes) -> None:
    """Whatever they said, whatever they had agreed to before, and wherever chance put them."""
    store = with_share(store, 0.5)
    number = 0
    for label in LABELS:
        for consents in ({}, {"consent": True}, {"test_consent": True}, {"consent": False}):
            for _ in range(1):
                number += 1
                caller = NUMBERS[number]
                a_call(store, photo, number=number, caller=caller, label=label, **consents)
                before = samples(store), len(rows(store))
                keep_all(store)
                learnt, tested = samples(store) - before[0], len(rows(store)) - before[1]
                assert not (learnt and tested)
                assert not learnt or consents == {"consent": True}
                assert not tested or consents == {"test_consent": True}
    assert samples(store) and rows(store)


# ---- until they want it no more


def test_who_is_forgotten_takes_their_photos_along(store: LedgerStore, photo: bytes) -> None:
    a_call(store, photo, test_consent=True)
    keep_all(store)
    forget(store, CALLER)
    assert rows(store) == [] and lying(store) == 0


def test_who_asked_on_a_call_to_be_forgotten_takes_them_along(
    store: LedgerStore, photo: bytes
) -> None:
    caller_id = a_call(store, photo, test_consent=True)
    keep_all(store)
    calls.forget_after(store, caller_id)
    with store.session() as session:
        assert session.get_one(Caller, caller_id).test_consent is False
        session.get_one(Call, 1).status = "completed"
        session.get_one(Photo, 1).message.erased_at = utcnow()
    forget_who_asked(store, caller_id)
    assert rows(store) == [] and lying(store) == 0


def test_a_consent_taken_back_takes_them_along(store: LedgerStore, photo: bytes) -> None:
    caller_id = a_call(store, photo, test_consent=True)
    keep_all(store)
    calls.remember(store, caller_id, test_consent=False)
    assert rows(store) == [] and lying(store) == 0


def test_what_is_kept_while_the_caller_is_forgotten_goes(
    store: LedgerStore, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_call(store, photo, test_consent=True)
    put = type(store.objects).put

    def forgotten_meanwhile(self: object, key: str, data: bytes) -> None:
        put(self, key, data)  # type: ignore[arg-type]
        forget(store, CALLER)

    monkeypatch.setattr(type(store.objects), "put", forgotten_meanwhile)
    keep_samples(store, 1)
    assert rows(store) == [] and lying(store) == 0


def test_two_workers_at_once_keep_one_copy(
    store: LedgerStore, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_call(store, photo, test_consent=True)
    put = type(store.objects).put

    def other_was_first(self: object, key: str, data: bytes) -> None:
        put(self, key, data)  # type: ignore[arg-type]
        monkeypatch.setattr(type(store.objects), "put", put)
        keep_samples(store, 1)

    monkeypatch.setattr(type(store.objects), "put", other_was_first)
    keep_samples(store, 1)
    (kept,) = rows(store)
    assert pixels(store.objects.get(kept.object_key)) == pixels(photo)


def test_the_end_of_the_call_queues_it(store: LedgerStore, photo: bytes) -> None:
    a_call(store, photo, test_consent=True)
    calls.set_status(store, 1, "completed")
    assert store.queued(Job.KEEP_SAMPLES) == [1]
