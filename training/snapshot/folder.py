# SPDX-License-Identifier: Apache-2.0
"""A frozen folder: `digits.npz`, what the networks eat, and `manifest.json`, what is told of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from training.snapshot.shapes import SHAPE_PX, glyph_of
from training.snapshot.worth import DENIED, worth_of

HELD_BACK = 0.1  # share of crops that only choose among the candidates


@dataclass(frozen=True)
class Digits:
    """Crops as the networks eat them, by `names` (sha256 of a crop's pixels).

    `pixels`: uint8 [40, sum of widths], the shapes side by side; `values` int64 [N], for a denied
    label what the digit is not; `labels` [N], how each was told.
    """

    names: tuple[str, ...]
    values: NDArray[np.int64]
    labels: tuple[str, ...]
    widths: NDArray[np.int64]
    pixels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def shapes(self) -> tuple[NDArray[np.uint8], ...]:
        ends = np.cumsum(self.widths)
        return tuple(
            self.pixels[:, end - width : end]
            for end, width in zip(ends.tolist(), self.widths.tolist(), strict=True)
        )

    @cached_property
    def glyphs(self) -> NDArray[np.uint8]:
        """uint8 [N, 28, 28]"""
        found = [glyph_of(shape) for shape in self.shapes]
        return np.stack(found) if found else np.zeros((0, 28, 28), np.uint8)

    @cached_property
    def worth(self) -> NDArray[np.float32]:
        return np.array([worth_of(label) for label in self.labels], np.float32)

    @cached_property
    def denied(self) -> NDArray[np.bool_]:
        return np.array([label == DENIED for label in self.labels], bool)

    @cached_property
    def held_back(self) -> NDArray[np.bool_]:
        """Which are held back: by their pixels, so the same in every run."""
        shares = [int(name[:8], 16) / 16**8 for name in self.names]
        return np.array(shares, float) < HELD_BACK

    def digest(self) -> str:
        state = hashlib.sha256(np.ascontiguousarray(self.pixels).tobytes())
        state.update(self.values.astype("<i8").tobytes() + self.widths.astype("<i8").tobytes())
        state.update("|".join((*self.names, *self.labels)).encode())
        return state.hexdigest()


def empty_pixels() -> NDArray[np.uint8]:
    return np.zeros((SHAPE_PX, 0), np.uint8)


@dataclass(frozen=True)
class Snapshot:
    """A frozen folder; its name is its digest (sha256)."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return self.folder.name

    @cached_property
    def digits(self) -> Digits:
        with np.load(self.folder / "digits.npz") as file:
            return Digits(
                tuple(str(name) for name in file["names"]),
                file["values"],
                tuple(str(label) for label in file["labels"]),
                file["widths"],
                file["pixels"],
            )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises `FileNotFoundError`, or `ValueError` when the folder is not what it was."""
        snapshot = cls(folder, json.loads((folder / "manifest.json").read_text()))
        if digest_of(snapshot.manifest) != folder.name:
            raise ValueError(f"{folder} is not what its name says")
        if snapshot.digits.digest() != snapshot.manifest["parts"]["digits"]:
            raise ValueError(f"{folder / 'digits.npz'} was changed")
        return snapshot


def digest_of(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest, which holds the digest of every part."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
