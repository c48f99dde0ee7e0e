# SPDX-License-Identifier: Apache-2.0
"""What is known of each photo of the frozen set, and the file that holds it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from training.files import write_whole

FILE = "manifest.json"


class Kind(StrEnum):
    """How it is known what stands on a photo."""

    KEYED = "keyed"
    SPOKEN = "spoken"
    RENDERED = "rendered"


class Condition(StrEnum):
    """What makes a photo hard to read, as far as it was told or measured when it was added."""

    TOUCHING = "touching"
    DARK = "dark"
    RULED = "ruled"
    BLURRED = "blurred"


class FrozenSetError(ValueError):
    """The frozen set is not what its manifest says."""


@dataclass(frozen=True, slots=True)
class FrozenPhoto:
    """A photo, the file `name` in the folder. `text`: its digits, lines by `|`. `writer` tells
    callers apart and no more; all rendered photos have the same. `misled`: it was once spoken
    plainly, and wrong. `day` (YYYY-MM-DD) is when a caller sent it; rendered ones have none."""

    name: str
    sha256: str
    text: str
    kind: Kind
    writer: str
    misled: bool
    day: str
    conditions: tuple[Condition, ...] = ()

    @property
    def rendered(self) -> bool:
        """Whether it shows nobody's secret."""
        return self.kind is Kind.RENDERED

    @property
    def corrected(self) -> bool:
        """Whether it is here because a model misread it: digits are only spoken to correct some,
        and who was misled had to. Any other model looks good on such photos."""
        return self.misled or self.kind is Kind.SPOKEN

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        kind, conditions = Kind(values["kind"]), tuple(map(Condition, values["conditions"]))
        return cls(**{**values, "kind": kind, "conditions": conditions})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The photos in the order in which they came, and the names of those that went."""

    photos: tuple[FrozenPhoto, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def save(self, folder: Path) -> None:
        write_whole(folder / FILE, json.dumps(asdict(self), indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The manifest in `folder`, an empty one before the first photo.

        Raises `FrozenSetError` for what is none.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        try:
            values = json.loads(path.read_text("utf-8"))
            photos = tuple(FrozenPhoto.from_dict(photo) for photo in values["photos"])
            return cls(photos, tuple(values["withdrawn"]))
        except (ValueError, KeyError, TypeError) as error:
            raise FrozenSetError(f"{path} is no manifest: {error}") from error


def name_of(id: str) -> str:
    """The file of a caller's photo. Raises `FrozenSetError` for an id that would be a path."""
    if not id.replace("-", "").replace("_", "").isalnum():
        raise FrozenSetError(f"{id!r} is no id of a photo")
    return f"caller-{id}"


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of(photos: Iterable[FrozenPhoto]) -> str:
    """SHA-256 over what the photos are and what stands on them, in whatever order."""
    rows = sorted([photo.sha256, photo.text, photo.kind, photo.misled] for photo in photos)
    return sha256_of(json.dumps(rows).encode())
