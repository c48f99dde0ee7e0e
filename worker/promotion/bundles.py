# SPDX-License-Identifier: Apache-2.0
"""The model store: a folder that all workers see, of bundles that never change.

bundles/<version>/           a bundle and `manifest.json`, the hashes of its files
bundles/<version>.refused    why a worker did not take it
current.json                 which one serves; replaced in one step
shadow.json                  which challenger reads along, if any
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from training.files import write_whole
from worker.promotion.checks import Hashes, Unusable, card_of, hashes_of, is_intact
from worker.promotion.pointer import Served

MANIFEST = "manifest.json"


class Busy(Exception):
    """Somebody else is promoting or rolling back at this moment."""


@dataclass(frozen=True, slots=True)
class ModelStore:
    folder: Path  # absolute

    @property
    def pointer(self) -> Path:
        return self.folder / "current.json"

    def current(self) -> Served | None:
        """What serves; None: the shipped bundle, as long as nothing was promoted.

        Raises `Unusable` for a pointer that cannot be read.
        """
        try:
            return Served.load(self.pointer)
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise Unusable(
                f"{self.pointer} cannot be read: {error}; move it away, then promote or roll back"
            ) from error

    def point(self, served: Served) -> None:
        """The step by which a bundle comes into service."""
        self.refusal_of(served.bundle).unlink(missing_ok=True)
        served.save(self.pointer)

    def bundle(self, version: str) -> Path:
        return self.folder / "bundles" / version

    def refusal_of(self, version: str) -> Path:
        return self.folder / "bundles" / f"{version}.refused"

    def refuse(self, version: str, reason: str) -> None:
        """Leave word for operators; a full or read-only disk is no reason to stop serving."""
        with suppress(OSError):
            write_whole(self.refusal_of(version), f"{reason}\n".encode())

    def refusals(self) -> dict[str, str]:
        """The bundles that a worker did not take, and why."""
        found = sorted(self.folder.glob("bundles/*.refused"))
        return {path.stem: path.read_text("utf-8").strip() for path in found}

    @contextmanager
    def lock(self) -> Iterator[None]:
        """For who changes what serves. A process that dies lets go of it. Raises `Busy`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "promotion.lock", timeout=0):
                yield
        except Timeout as error:
            raise Busy("another promotion or roll-back is going on: try again when it ends") from (
                error
            )

    def hashes(self, version: str) -> dict[str, str]:
        """The hashes a bundle was published with. Raises `Unusable`."""
        path = self.bundle(version) / MANIFEST
        try:
            return dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise Unusable(f"the bundle {version} is not in the model store, or broken") from error

    def publish(self, source: Path) -> str:
        """Copy a bundle into the store, whole or not at all; its version. Needs the lock.

        Publishing the same one again changes nothing; one that was damaged in the store is put
        right. Raises `Unusable` when other files have taken the version.
        """
        version, files = str(card_of(source)["version"]), hashes_of(source)
        target = self.bundle(version)
        if is_intact(target, files) and self._published(version) == files:
            return version
        self._make_way(version, files)
        partial = self._fresh(version)
        for name in files:
            _copy(source / name, partial / name)
        write_whole(partial / MANIFEST, json.dumps(files, indent=2).encode())
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
        return version

    def _published(self, version: str) -> Hashes | None:
        try:
            return self.hashes(version)
        except Unusable:
            return None

    def _make_way(self, version: str, files: Hashes) -> None:
        """A damaged bundle goes; a sound one of the same networks stays as it is."""
        target, published = self.bundle(version), self._published(version)
        if published is not None and published != files and is_intact(target, published):
            raise Unusable(
                f"the model store has another bundle with the networks {version}; bundles there "
                "never change: train anew, or set SONSORI_MODEL_DIR to serve this folder"
            )
        if target.exists():
            target.replace(self._fresh(f"{version}.damaged") / "was")

    def _fresh(self, name: str) -> Path:
        """An empty folder beside the bundles; what killed publishers left behind goes."""
        folder = self.folder / "bundles" / f".{name}.partial"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    _sync(target)


def _sync(path: Path) -> None:
    """What was written to a file, or renamed in a folder, survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
