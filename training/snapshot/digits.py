# SPDX-License-Identifier: Apache-2.0
"""Callers' digits, ready to be learnt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HELD_BACK = 8  # one of so many is held back, to choose among candidates


@dataclass(frozen=True, slots=True)
class Digits:
    """N digits. `glyphs` uint8 [N, 28, 28], ink 255 on 0; `cells` uint8 [84, sum of widths], the
    digits side by side as `training.bank` has them, `widths` [N]; `values` 0 to 9; `worth` 0 to 1;
    `denied`: `values` tells what it is not; `ids` unordered names."""

    glyphs: NDArray[np.uint8]
    cells: NDArray[np.uint8]
    widths: NDArray[np.int64]
    values: NDArray[np.int64]
    worth: NDArray[np.float32]
    denied: NDArray[np.bool_]
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def held_back(self) -> NDArray[np.bool_]:
        """Which are held back: by their names, so that a digit stays on its side for ever."""
        hashes = (hashlib.sha256(one.encode()).digest()[0] for one in self.ids)
        return np.array([value % HELD_BACK == 0 for value in hashes], bool)

    def cell(self, index: int) -> NDArray[np.uint8]:
        start = int(self.widths[:index].sum())
        return self.cells[:, start : start + int(self.widths[index])]

    def save(self, path: Path) -> None:
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(path, ids=np.array(self.ids, np.str_), **arrays)

    @classmethod
    def load(cls, path: Path) -> Digits:
        with np.load(path) as file:
            ids = tuple(str(one) for one in file["ids"])
            return cls(**{name: file[name] for name in _ARRAYS}, ids=ids)

    def digest(self) -> str:
        """SHA-256 over everything that is learnt."""
        state = hashlib.sha256("|".join(self.ids).encode())
        for name in _ARRAYS:
            state.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        return state.hexdigest()


_ARRAYS = ("glyphs", "cells", "widths", "values", "worth", "denied")
