# SPDX-License-Identifier: Apache-2.0
"""What a training gets of the callers: all of it, nobody's name, and gone when it should be."""

from __future__ import annotations

import errno
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from ledger import CALLER, LedgerStore, text_photo
from sqlalchemy import select

from training.files import write_whole
from training.frozen import FrozenPhoto, Kind, Manifest, name_of
from training.loop import Crop, TakeOut
from training.progress import NullProgress
from worker.forgetting import forget
from worker.records import Caller, Sample, utcnow
from worker.retraining import drop_forgotten, drop_old, folders, takeout
from worker.training_records import TestPhoto, TrainingRun, TrainingState

OTHER = "+12025550101"


def keep_crop(store: LedgerStore, id: str, value: int, label: str = "keyed") -> None:
    store.objects.put(f"samples/{id}", b"crop " + id.encode())
    with store.session() as session:
        row = Sample(id=id, value=value, label=label, object_key=f"samples/{id}", day="2026-11-01")
        session.add(row)


def keep_test_photo(store: LedgerStore, id: str, *, caller: str = CALLER, number: int = 1) -> None:
    text_photo(store, number, caller=caller)
    store.objects.put(f"tests/{id}", b"photo " + id.encode())
    digest = store.keyring.number_hash(caller)
    with store.session() as session:
        caller_id = session.scalars(select(Caller.id).where(Caller.number_hash == digest)).one()
        row = TestPhoto(id=id, caller_id=caller_id, object_key=f"tests/{id}", label="spoken")
        row.secret, row.misled, row.day = {"text": "482|915"}, True, "2026-11-02"
        session.add(row)


def take_out(store: LedgerStore, run_id: int = 1) -> TakeOut:
    folder = folders.of_run(store.settings, run_id) / "input"
    takeout.write(store, folder, NullProgress())
    return TakeOut(folder)


def ended(store: LedgerStore, state: TrainingState, days_ago: float = 0) -> int:
    with store.session() as session:
        run = TrainingRun(asked_by="a test", state=state)
        run.ended_at = utcnow() - timedelta(days=days_ago)
        session.add(run)
        session.flush()
        return run.id


def test_every_crop_and_every_test_photo_is_taken_out_as_it_was(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    keep_crop(store, "b" * 32, 7, "denied")
    keep_test_photo(store, "c" * 32)
    taken = take_out(store)
    assert [(crop.value, crop.label) for crop in taken.crops()] == [(4, "keyed"), (7, "denied")]
    assert taken.png(taken.crops()[0]) == b"crop " + b"a" * 32
    (photo,) = taken.photos()
    assert (photo.text, photo.label, photo.misled, photo.day) == (
        "482|915",
        "spoken",
        True,
        "2026-11-02",
    )
    assert taken.photo(photo) == b"photo " + b"c" * 32


def test_a_writer_is_the_same_in_every_run_and_never_a_number(store: LedgerStore) -> None:
    keep_test_photo(store, "a" * 32)
    keep_test_photo(store, "b" * 32, number=2)
    keep_test_photo(store, "c" * 32, caller=OTHER, number=3)
    mine, too, other = (photo.writer for photo in take_out(store).photos())
    assert mine == too != other
    assert [photo.writer for photo in take_out(store, 2).photos()] == [mine, too, other]
    with store.snapshot() as session:
        hashes = session.scalars(select(Caller.number_hash)).all()
    assert not any(mine in known or CALLER.lstrip("+") in mine for known in hashes)


def test_only_its_owner_can_open_what_was_taken_out(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    for folder in (take_out(store).folder, folders.root(store.settings)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_crop_that_is_gone_is_left_out(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    keep_crop(store, "b" * 32, 7)
    store.objects.delete(f"samples/{'a' * 32}")
    assert [crop.value for crop in take_out(store).crops()] == [7]


def test_what_was_taken_out_whole_is_used_again(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    take_out(store)
    keep_crop(store, "b" * 32, 7)
    assert len(take_out(store).crops()) == 1


def test_what_was_half_taken_out_is_begun_anew(store: LedgerStore) -> None:
    partial = folders.of_run(store.settings, 1) / "input.partial"
    TakeOut(partial).add_crop(Crop("f" * 32, 1, "keyed", "2026-11-01"), b"of a killed try")
    keep_crop(store, "a" * 32, 4)
    assert [crop.value for crop in take_out(store).crops()] == [4]
    assert not partial.exists()


class FullDisk(TakeOut):
    """Has room for one crop."""

    def add_crop(self, crop: Crop, png: bytes) -> None:
        if self.crops():
            raise OSError(errno.ENOSPC, "No space left on device")
        super().add_crop(crop, png)


def test_a_full_disk_leaves_nothing_half_written(store: LedgerStore) -> None:
    keep_crop(store, "a" * 32, 4)
    keep_crop(store, "b" * 32, 7)
    folder = folders.of_run(store.settings, 1) / "input"
    with pytest.raises(OSError, match="No space"):
        takeout.write(store, folder, NullProgress(), into=FullDisk)
    assert list(folder.parent.iterdir()) == []


def test_a_forgotten_callers_photos_are_gone_from_every_take_out_at_once(
    store: LedgerStore,
) -> None:
    keep_test_photo(store, "a" * 32)
    keep_test_photo(store, "b" * 32, caller=OTHER, number=2)
    taken = take_out(store), take_out(store, 2)
    forget(store, CALLER)
    for one in taken:
        assert [photo.id for photo in one.photos()] == ["b" * 32]
        assert [file.name for file in (one.folder / "photos").iterdir()] == ["b" * 32]


def freeze(store: LedgerStore, *ids: str) -> Path:
    """A frozen set of these callers' photos; its folder."""
    folder = folders.frozen(store.settings)
    photos = tuple(
        FrozenPhoto(name_of(id), "5" * 64, "482", Kind.KEYED, "writer", False, "2026-11-02")
        for id in ids
    )
    for photo in photos:
        write_whole(folder / "photos" / photo.name, b"photo")
    Manifest(photos).save(folder)
    return folder


def test_a_forgotten_callers_photos_leave_the_frozen_set_at_once(store: LedgerStore) -> None:
    keep_test_photo(store, "a" * 32)
    keep_test_photo(store, "b" * 32, caller=OTHER, number=2)
    folder = freeze(store, "a" * 32, "b" * 32)
    (folder / "photos" / "drawn-0").touch()  # a gate at work has not named it yet
    drop_forgotten(store)
    assert (folder / "photos" / "drawn-0").exists()
    forget(store, CALLER)
    assert [photo.name for photo in Manifest.load(folder).photos] == [name_of("b" * 32)]
    assert not (folder / "photos" / name_of("a" * 32)).exists()


def test_a_damaged_frozen_set_keeps_nobody_from_being_forgotten(store: LedgerStore) -> None:
    keep_test_photo(store, "a" * 32)
    folder = freeze(store, "a" * 32)
    (folder / "manifest.json").write_text("none")
    assert forget(store, CALLER).callers == 1


def test_photos_of_a_caller_forgotten_elsewhere_are_swept_away(store: LedgerStore) -> None:
    keep_test_photo(store, "a" * 32)
    taken = take_out(store)
    with store.session() as session:
        session.delete(session.scalars(select(Caller)).one())
    drop_forgotten(store)
    assert taken.photos() == [] and list((taken.folder / "photos").iterdir()) == []


@pytest.mark.parametrize(
    ("state", "days_ago", "kept"),
    [
        (TrainingState.QUEUED, 0, True),
        (TrainingState.RUNNING, 0, True),
        (TrainingState.FAILED, 6, True),
        (TrainingState.GIVEN_UP, 6, True),
        (TrainingState.FAILED, 8, False),
        (TrainingState.GIVEN_UP, 8, False),
        (TrainingState.PASSED, 0, False),
        (TrainingState.REFUSED, 0, False),
        (TrainingState.NOTHING_NEW, 0, False),
    ],
)
def test_a_take_out_is_kept_only_for_a_run_that_may_go_on(
    store: LedgerStore, state: TrainingState, days_ago: float, kept: bool
) -> None:
    run_id = ended(store, state, days_ago)
    taken = take_out(store, run_id)
    half: Path = taken.folder.with_name("input.partial")
    half.mkdir()
    drop_old(store)
    assert (taken.folder.exists(), half.exists()) == (kept, kept)
