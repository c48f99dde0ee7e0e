# SPDX-License-Identifier: Apache-2.0
"""A set of labelled glyphs: what every data source delivers and the trainer eats."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NOT_A_DIGIT = 10
CLASSES = 11


@dataclass(frozen=True, slots=True)
class Glyphs:
    """`images`: uint8 [N, 28, 28], ink 255 on 0; `labels`: int64 [N], 10 is "not a digit"."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: NDArray[np.int64] | slice) -> Glyphs:
        return Glyphs(self.images[index], self.labels[index])

    def digest(self) -> str:
        """SHA-256 over pixels and labels: the same data gives the same text."""
        state = hashlib.sha256(np.ascontiguousarray(self.images).tobytes())
        state.update(self.labels.astype("<i8").tobytes())
        return state.hexdigest()


def join(parts: Sequence[Glyphs]) -> Glyphs:
    """All parts, one after the other."""
    return Glyphs(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]).astype(np.int64),
    )


def split(glyphs: Glyphs, held_back: float, seed: int) -> tuple[Glyphs, Glyphs]:
    """(the rest, a random `held_back` share), the same for the same seed."""
    order = np.random.default_rng(seed).permutation(len(glyphs))
    cut = len(order) - round(len(order) * held_back)
    return glyphs.take(order[:cut]), glyphs.take(order[cut:])


def save(glyphs: Glyphs, path: Path) -> None:
    """Writes the set as one compressed file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, images=glyphs.images, labels=glyphs.labels)
    partial.replace(path)


def load(path: Path) -> Glyphs:
    """The set that `save` wrote."""
    with np.load(path) as file:
        return Glyphs(file["images"], file["labels"])
