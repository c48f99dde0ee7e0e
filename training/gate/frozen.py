# SPDX-License-Identifier: Apache-2.0
"""The frozen set: photos on which every new model is tried beside the one that serves.

A folder: `manifest.json`, `photos/`, and `readings/` with what models made of them. Nobody but its
owner may look into it, for it holds callers' photos. A photo is written once and never changed.
It leaves only when its caller's data are deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from training.files import write_whole
from training.gate.conditions import measured
from training.gate.manifest import (
    FrozenPhoto,
    FrozenSetError,
    Kind,
    Manifest,
    Withdrawn,
    digest_of,
    sha256_of,
)
from training.gate.overlap import Known, look_alike
from training.gate.rendered import Drawn, drawn_photos, name_of
from training.loop import Plan, TakeOut, TestPhoto
from training.progress import ProgressBar

OWNER_ONLY = 0o700
SAVED_EVERY = 20  # rendered photos; those after the last save are rendered again
SHA256_AT = slice(11, 75)  # of a line of kept readings, which begins with {"photo": "
BY_CALLERS = (Kind.KEYED, Kind.SPOKEN)


@dataclass(frozen=True, slots=True)
class FrozenSet:
    """The photos that are to be read. `withdrawn` names those that have left for good, `refused`
    says, a sentence each, which of the take-out's photos test nothing and why."""

    folder: Path
    photos: tuple[FrozenPhoto, ...]
    withdrawn: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The set as it lies there.

        Raises `FrozenSetError`, which names the photo, when one is missing or not what it was.
        """
        manifest = Manifest.load(folder / "manifest.json")
        for photo in manifest.photos:
            _check(folder, photo)
        return cls(folder, manifest.photos, tuple(one.name for one in manifest.withdrawn))

    @classmethod
    def ensure(cls, plan: Plan, takeout: TakeOut, progress: ProgressBar) -> Self:
        """The set of `plan`, with its rendered photos and the take-out's test photos.

        Photos of callers that the take-out no longer has are deleted. Raises `FrozenSetError` as
        `open` does, and when the take-out has a photo under a name that another one bears.
        """
        _private(plan.frozen)
        cls.open(plan.frozen)
        growing = _Growing(plan.frozen)
        growing.withdraw(takeout)
        growing.render(plan, progress)
        known = Known.of(takeout)
        testing, refused = growing.add(takeout, known)
        growing.sweep()
        whole = cls.open(plan.frozen)
        kept = tuple(p for p in whole.photos if p.rendered or p.name in testing)
        return replace(whole, photos=kept, refused=tuple(refused))

    @property
    def digest(self) -> str:
        """Names what is being read: the same photos with the same labels have the same one."""
        return digest_of(self.photos)

    @property
    def readings(self) -> Path:
        """The folder for what models made of the photos."""
        return self.folder / "readings"

    def path(self, photo: FrozenPhoto) -> Path:
        return self.folder / "photos" / photo.name


class _Growing:
    """The folder while photos come and go. The manifest is saved after each kind of change, after
    the files that come and before the files that go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest = Manifest.load(folder / "manifest.json")

    def withdraw(self, takeout: TakeOut) -> None:
        there = {_name_of(photo) for photo in takeout.photos()}
        gone = [p for p in self._manifest.photos if not p.rendered and p.name not in there]
        if not gone:
            return
        kept = tuple(photo for photo in self._manifest.photos if photo not in gone)
        went = tuple(Withdrawn(photo.name) for photo in gone)
        self._save(Manifest(kept, self._manifest.withdrawn + went))

    def render(self, plan: Plan, progress: ProgressBar) -> None:
        there = {photo.name for photo in self._manifest.photos}
        wanted = [i for i in range(plan.amounts.frozen_photos) if name_of(i) not in there]
        if not wanted:
            return
        progress.begin("frozen photos", len(wanted))
        for count, drawn in enumerate(drawn_photos(plan, wanted), 1):
            self._keep(_frozen(drawn), drawn.jpeg)
            progress.advance()
            if count % SAVED_EVERY == 0:
                self._save(self._manifest)
        self._save(self._manifest)

    def add(self, takeout: TakeOut, known: Known) -> tuple[set[str], list[str]]:
        """The names of the take-out's photos that test something, and why the others do not."""
        testing, refused = set(), []
        for photo in takeout.photos():
            why = self._refusal(photo, takeout.photo(photo), known)
            if why:
                refused.append(why)
                continue
            self._add(photo, takeout.photo(photo))
            testing.add(_name_of(photo))
        self._save(self._manifest)
        return testing, refused

    def sweep(self) -> None:
        """Deletes every file that the manifest does not name, and readings of photos that left."""
        there = {photo.name for photo in self._manifest.photos}
        for path in (self._folder / "photos").glob("*"):
            if path.name not in there:
                path.unlink()
        if self._manifest.withdrawn:
            _forget(self._folder / "readings", {p.sha256 for p in self._manifest.photos})

    def _refusal(self, photo: TestPhoto, data: bytes, known: Known) -> str | None:
        if photo.label not in BY_CALLERS:
            return f"Photo {photo.id} is {photo.label}: only keyed and spoken digits test a model."
        if not photo.text:
            return f"Photo {photo.id} has no digits to test a model with."
        if known.holds(data):
            return f"Photo {photo.id} is among what the model learns from, so it tests nothing."
        for other in self._others(photo):
            if look_alike(data, (self._folder / "photos" / other.name).read_bytes()):
                return f"Photo {photo.id} shows the same paper as another and is counted once."
        return None

    def _others(self, photo: TestPhoto) -> Iterator[FrozenPhoto]:
        """Photos of the same digits by the same writer, which are another one's."""
        for other in self._manifest.photos:
            if (other.writer, other.text) == (photo.writer, photo.text):
                if other.name == _name_of(photo):
                    return  # it is in the set, and was there first
                yield other

    def _add(self, photo: TestPhoto, data: bytes) -> None:
        new = FrozenPhoto(
            name=_name_of(photo),
            sha256=sha256_of(data),
            text=photo.text,
            kind=Kind(photo.label),
            writer=photo.writer,
            misled=photo.misled,
            day=photo.day,
        )
        old = next((p for p in self._manifest.photos if p.name == new.name), None)
        if old is None:
            self._keep(replace(new, conditions=measured(data)), data)
            back = [one for one in self._manifest.withdrawn if one.name != new.name]
            self._manifest = replace(self._manifest, withdrawn=tuple(back))
        elif replace(old, conditions=()) != new:
            raise FrozenSetError(f"photo {photo.id} is in the frozen set, and another one than now")

    def _keep(self, photo: FrozenPhoto, data: bytes) -> None:
        write_whole(self._folder / "photos" / photo.name, data)
        self._manifest = replace(self._manifest, photos=(*self._manifest.photos, photo))

    def _save(self, manifest: Manifest) -> None:
        self._manifest = manifest
        manifest.save(self._folder / "manifest.json")


def _frozen(drawn: Drawn) -> FrozenPhoto:
    return FrozenPhoto(
        name=drawn.name,
        sha256=sha256_of(drawn.jpeg),
        text=drawn.text,
        kind=Kind.RENDERED,
        writer="rendered",
        misled=False,
        day="",
        conditions=drawn.conditions,
    )


def _name_of(photo: TestPhoto) -> str:
    """Its file. Raises `FrozenSetError` for an id that would be a path."""
    if not photo.id.replace("-", "").replace("_", "").isalnum():
        raise FrozenSetError(f"{photo.id!r} is no id of a photo")
    return f"caller-{photo.id}"


def _check(folder: Path, photo: FrozenPhoto) -> None:
    path = folder / "photos" / photo.name
    if not path.is_file():
        raise FrozenSetError(f"{path} is missing from the frozen set")
    if sha256_of(path.read_bytes()) != photo.sha256:
        raise FrozenSetError(f"{path} is not the photo that was frozen: its sha256 differs")


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(OWNER_ONLY)


def _forget(readings: Path, kept: set[str]) -> None:
    """Readings of photos that are not `kept` go."""
    for path in readings.glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        held = [line for line in lines if line[SHA256_AT] in kept]
        if len(held) < len(lines):
            write_whole(path, "".join(held).encode())
