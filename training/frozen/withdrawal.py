# SPDX-License-Identifier: Apache-2.0
"""Taking photos out of the frozen set whose callers' data are deleted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from training.files import write_whole
from training.frozen.manifest import Manifest, name_of

SHA256_AT = slice(11, 75)  # of a line of kept readings, which begins with {"photo": "


def withdraw(folder: Path, known: Collection[str]) -> tuple[str, ...]:
    """Delete callers' photos whose id is not `known`, with their labels and all that was read on
    them. Returns their names, of which the manifest keeps a list. Run again, it does what is left.

    A gate that is at work meanwhile may miss a file and fail; resumed, it goes on without.

    Raises `FrozenSetError` for a damaged manifest.
    """
    if not folder.exists():
        return ()
    manifest, kept = Manifest.load(folder), {name_of(one) for one in known}
    gone = [one for one in manifest.photos if not one.rendered and one.name not in kept]
    names = tuple(photo.name for photo in gone)
    if gone:
        photos = tuple(photo for photo in manifest.photos if photo not in gone)
        manifest = replace(manifest, photos=photos, withdrawn=manifest.withdrawn + names)
        manifest.save(folder)
    sweep(folder, manifest)
    return names


def sweep(folder: Path, manifest: Manifest) -> None:
    """Delete every file that the manifest does not name, and readings of photos that have left."""
    there = {photo.name for photo in manifest.photos}
    for path in (folder / "photos").glob("*"):
        if path.name not in there:
            path.unlink(missing_ok=True)
    if manifest.withdrawn:
        _forget(folder / "readings", {photo.sha256 for photo in manifest.photos})


def _forget(readings: Path, kept: set[str]) -> None:
    for path in readings.glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        held = [line for line in lines if line[SHA256_AT] in kept]
        if len(held) < len(lines):
            write_whole(path, "".join(held).encode())
