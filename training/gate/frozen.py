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
from training.frozen import (
    FrozenPhoto,
    FrozenSetError,
    Kind,
    Manifest,
    digest_of,
    name_of,
    sha256_of,
    withdraw,
)
from training.gate.conditions import measured
from training.gate.overlap import Known, look_alike
from training.gate.rendered import Drawn, drawn_name, drawn_photos
from training.loop import Plan, TakeOut, TestPhoto
from training.progress import ProgressBar

OWNER_ONLY = 0o700
SAVED_EVERY = 20  # rendered photos; those after the last save are rendered again
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
        manifest = Manifest.load(folder)
        for photo in manifest.photos:
            _check(folder, photo)
        return cls(folder, manifest.photos, manifest.withdrawn)

    @classmethod
    def ensure(cls, plan: Plan, takeout: TakeOut, progress: ProgressBar) -> Self:
        """The set of `plan`, with its rendered photos and the take-out's test photos.

        Photos of callers that the take-out no longer has are deleted. Raises `FrozenSetError` as
        `open` does, and when the take-out has a photo under a name that another one bears.
        """
        _private(plan.frozen)
        withdraw(plan.frozen, {photo.id for photo in takeout.photos()})
        cls.open(plan.frozen)
        growing = _Growing(plan.frozen)
        growing.render(plan, progress)
        testing, refused = growing.add(takeout, Known.of(takeout))
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
    """The folder while photos come. The manifest is saved after their files: what it names is
    there, and a file that it does not name is written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest = Manifest.load(folder)

    def render(self, plan: Plan, progress: ProgressBar) -> None:
        there = {photo.name for photo in self._manifest.photos}
        wanted = [i for i in range(plan.amounts.frozen_photos) if drawn_name(i) not in there]
        if not wanted:
            return
        progress.begin("frozen photos", len(wanted))
        for count, drawn in enumerate(drawn_photos(plan, wanted), 1):
            self._keep(_frozen(drawn), drawn.jpeg)
            progress.advance()
            if count % SAVED_EVERY == 0:
                self._manifest.save(self._folder)
        self._manifest.save(self._folder)

    def add(self, takeout: TakeOut, known: Known) -> tuple[set[str], list[str]]:
        """The names of the take-out's photos that test something, and why the others do not."""
        testing, refused = set(), []
        for photo in takeout.photos():
            why = self._refusal(photo, takeout.photo(photo), known)
            if why:
                refused.append(why)
                continue
            self._add(photo, takeout.photo(photo))
            testing.add(name_of(photo.id))
        self._manifest.save(self._folder)
        return testing, refused

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
                if other.name == name_of(photo.id):
                    return  # it is in the set, and was there first
                yield other

    def _add(self, photo: TestPhoto, data: bytes) -> None:
        new = FrozenPhoto(
            name=name_of(photo.id),
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
            back = tuple(name for name in self._manifest.withdrawn if name != new.name)
            self._manifest = replace(self._manifest, withdrawn=back)
        elif replace(old, conditions=()) != new:
            raise FrozenSetError(f"photo {photo.id} is in the frozen set, and another one than now")

    def _keep(self, photo: FrozenPhoto, data: bytes) -> None:
        write_whole(self._folder / "photos" / photo.name, data)
        self._manifest = replace(self._manifest, photos=(*self._manifest.photos, photo))


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


def _check(folder: Path, photo: FrozenPhoto) -> None:
    path = folder / "photos" / photo.name
    if not path.is_file():
        raise FrozenSetError(f"{path} is missing from the frozen set")
    if sha256_of(path.read_bytes()) != photo.sha256:
        raise FrozenSetError(f"{path} is not the photo that was frozen: its sha256 differs")


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(OWNER_ONLY)
