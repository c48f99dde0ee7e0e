# SPDX-License-Identifier: Apache-2.0
"""The take-out: what a training gets of the callers, written from the database into a folder.

All of it is decrypted, so the folder is its owner's alone and goes as soon as nothing needs it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import select

from training.frozen import FrozenSetError, Manifest, name_of, withdraw
from training.loop import Crop, TakeOut, TestPhoto
from training.progress import ProgressBar
from worker.crypto import InvalidToken
from worker.records import Caller, Sample, utcnow
from worker.retraining import folders
from worker.store import Store
from worker.training_records import TestPhoto as TestPhotoRow
from worker.training_records import TrainingRun, TrainingState

KEPT_FOR = timedelta(days=7)  # of a run that may go on
RESUMABLE = (TrainingState.FAILED, TrainingState.GIVEN_UP)
UNDER_WAY = (TrainingState.QUEUED, TrainingState.RUNNING)

log = structlog.get_logger(__name__)


def write(
    store: Store, folder: Path, progress: ProgressBar, *, into: Callable[[Path], TakeOut] = TakeOut
) -> None:
    """Write the take-out into `folder`, whole or not at all; one that lies there is kept.

    Raises OSError, as for a full disk, and whatever `progress` raises; nothing is left then.
    """
    if folder.exists():
        return
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        folders.make_private(partial)
        _fill(store, into(partial), progress)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    drop_forgotten(store)


def _fill(store: Store, takeout: TakeOut, progress: ProgressBar) -> None:
    with store.snapshot() as session:
        samples = session.scalars(select(Sample)).all()
        callers = TestPhotoRow.caller_id == Caller.id
        photos = session.execute(select(TestPhotoRow, Caller.number_hash).join(Caller, callers))
        tested = [(row, store.keyring.pseudonym(number_hash)) for row, number_hash in photos]
    progress.begin("taking out", len(samples) + len(tested))
    for sample in samples:
        for png in _object(store, sample.object_key):
            crop = Crop(sample.id, sample.value, sample.label, sample.day)
            takeout.add_crop(crop, png)
        progress.advance()
    for row, writer in tested:
        for data in _object(store, row.object_key):
            takeout.add_photo(_photo(row, writer), data)
        progress.advance()


def _photo(row: TestPhotoRow, writer: str) -> TestPhoto:
    text = str((row.secret or {}).get("text", ""))
    return TestPhoto(row.id, text, row.label, writer, row.day, row.misled)


def _object(store: Store, key: str) -> Iterator[bytes]:
    """The bytes, or nothing when they are gone or locked with a key we do not have."""
    try:
        yield store.objects.get(key)
    except (FileNotFoundError, InvalidToken) as error:
        log.warning("not_taken_out", key=key, error=type(error).__name__)


def drop_forgotten(store: Store) -> None:
    """Remove test photos whose caller was forgotten from every take-out on this machine, and from
    the frozen set."""
    taken = [folder for _, folder in folders.inputs(store.settings) if folder.name == "input"]
    frozen = folders.frozen(store.settings)
    if not (taken or frozen.exists()):
        return
    with store.snapshot() as session:
        known = set(session.scalars(select(TestPhotoRow.id)))
    for folder in taken:
        lying = {file.name for file in (folder / "photos").glob("*")}
        if gone := lying - known:
            TakeOut(folder).drop_photos(gone)
            log.info("test_photos_dropped", count=len(gone))
    _withdraw(frozen, known)


def _withdraw(frozen: Path, known: Collection[str]) -> None:
    """A damaged manifest keeps nothing else from being forgotten; the gate refuses it, too."""
    try:
        if _has_others(frozen, known):
            log.info("frozen_photos_withdrawn", count=len(withdraw(frozen, known)))
    except FrozenSetError as error:
        log.error("frozen_set_damaged", why=str(error))


def _has_others(frozen: Path, known: Collection[str]) -> bool:
    """Looked at first: withdrawing sweeps the folder, where a gate may be at work."""
    names = {name_of(id) for id in known}
    photos = Manifest.load(frozen).photos
    return any(not photo.rendered and photo.name not in names for photo in photos)


def drop(store: Store, run_id: int) -> None:
    """Remove the run's take-out; none is fine."""
    folder = folders.of_run(store.settings, run_id)
    for one in (folder / "input", folder / "input.partial"):
        shutil.rmtree(one, ignore_errors=True)


def drop_old(store: Store) -> None:
    """Remove the take-outs of runs that have ended for good, and of others after `KEPT_FOR`."""
    lying = {run_id for run_id, _ in folders.inputs(store.settings)}
    if not lying:
        return
    recent = TrainingRun.state.in_(RESUMABLE) & (TrainingRun.ended_at > utcnow() - KEPT_FOR)
    needed = select(TrainingRun.id).where(TrainingRun.state.in_(UNDER_WAY) | recent)
    with store.snapshot() as session:
        kept = set(session.scalars(needed))
    for run_id in lying - kept:
        drop(store, run_id)
