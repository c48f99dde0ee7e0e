# SPDX-License-Identifier: Apache-2.0
"""A folder named by what is in it: `digits.npz` and `manifest.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from training.snapshot.digits import Digits

DIGITS, MANIFEST = "digits.npz", "manifest.json"


class SnapshotError(ValueError):
    """A folder that is no snapshot, or no longer what it was."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`digest` is the SHA-256 of the digits and of how the rendered data is made."""

    folder: Path
    digest: str
    manifest: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises `SnapshotError` for one that is missing or was changed."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text())
            found = cls(folder, manifest["digest"], manifest)
            same = found.digits().digest() == manifest["digits_sha256"]
        except (OSError, ValueError, KeyError) as error:
            raise SnapshotError(f"{folder} is no snapshot: {error}") from error
        if not same:
            raise SnapshotError(f"{folder} was changed after it was frozen")
        return found

    def digits(self) -> Digits:
        return Digits.load(self.folder / DIGITS)
