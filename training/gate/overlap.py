# SPDX-License-Identifier: Apache-2.0
"""Whether a test photo is, or nearly is, something that a model learns from.

What can be checked is checked: no test photo may be one of the take-out's crops, bit for bit or to
the eye. A crop does not say which photo it was cut from, so that no photo of a learning caller is
in the set rests on the workers, who part callers, not photos. Rendered photos cannot overlap: they
have seeds that nothing else uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from training.frozen import sha256_of
from training.loop import TakeOut
from vision import Photo, decode_photo

Bits = NDArray[np.bool_]

SIDE = 16  # a fingerprint has 256 bits: of 64, one person's 1 is like anybody's
STEP = 3  # of 255: bare paper is as bright everywhere, whatever compression makes of it
ALIKE_BITS = 12  # so many may differ by compression, or by a hand that shook


@dataclass(frozen=True, slots=True)
class Known:
    """The crops to learn from: their hashes, and fingerprints bool [N, 256]."""

    hashes: frozenset[str]
    prints: Bits

    @classmethod
    def of(cls, takeout: TakeOut) -> Self:
        """The crops of `takeout`; none when it has no photos to compare them with."""
        if not takeout.photos():
            return cls(frozenset(), np.zeros((0, SIDE * SIDE), np.bool_))
        data = [takeout.png(crop) for crop in takeout.crops()]
        prints = [found for found in map(fingerprint, data) if found is not None]
        stacked = np.array(prints, np.bool_).reshape(-1, SIDE * SIDE)
        return cls(frozenset(map(sha256_of, data)), stacked)

    def holds(self, photo: bytes) -> bool:
        if sha256_of(photo) in self.hashes:
            return True
        found = fingerprint(photo)
        if found is None or not len(self.prints):
            return False
        return int((self.prints != found).sum(axis=1).min()) <= ALIKE_BITS


def look_alike(one: bytes, other: bytes) -> bool:
    """Whether two files show the same to the eye; files that show nothing are alike if equal."""
    prints = fingerprint(one), fingerprint(other)
    if prints[0] is None or prints[1] is None:
        return one == other
    return int((prints[0] != prints[1]).sum()) <= ALIKE_BITS


def fingerprint(photo: bytes) -> Bits | None:
    """Difference hash [256]: whether each of 16 by 16 cells is plainly brighter than the one to its
    left.

    None for what is no photo.
    """
    decoded = decode_photo(photo)
    if not isinstance(decoded, Photo):
        return None
    grey = cv2.cvtColor(decoded.pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.asarray(small[:, 1:] - small[:, :-1] >= STEP).ravel()
