# SPDX-License-Identifier: Apache-2.0
"""Which way up the digits that were detected stand, before any line of them is read.

The third reader was taught that a digit on its side or on its head is none. So each quarter by
which a page may be turned has its odds: those that what was detected would be digits then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.classify import NOT_A_DIGIT, Model, named
from vision.level_pages import Levelled
from vision.orient import angle_of, square
from vision.patch import cut_patches, spots_of

Odds = NDArray[np.float64]

UPRIGHT = 4.0  # log odds, from the start, that a photo stands as it was sent
MOST = 40  # digits that are asked: the likeliest ones
CLIPPED = 1e-3  # no digit is believed to be, or not to be, one more surely
SEVERAL = 3  # digits whose ink has an axis


def odds_of_turns(pages: tuple[Levelled, ...], model: Model) -> Odds:
    """Log odds [4] that the digits detected stand upright when `pages`, one page at several
    angles, are turned counter-clockwise by 0, 1, 2 and 3 quarters. Each digit counts as far as it
    was detected."""
    odds = np.array([UPRIGHT, 0.0, 0.0, 0.0])
    sheet = pages[-1].sheet if pages else None
    if sheet is None or model.patches is None:
        return odds
    spots, scores = spots_of(sheet.detected.boxes[:MOST]), sheet.detected.scores[:MOST]
    level = angle_of(square(sheet.to_sheet) @ square(pages[-1].to_page))
    for turns in range(4):
        patches = cut_patches(list(sheet.levels), spots, level + 90 * turns)
        none = np.clip(named(patches, model)[:, NOT_A_DIGIT], CLIPPED, 1 - CLIPPED)
        odds[turns] += float(scores @ np.log(1 / none - 1))
    return odds


def runs_at(pages: tuple[Levelled, ...], odds: Odds) -> float:
    """At how many degrees (-180 to 180, y down) the writing on a page runs, as far as the digits
    detected tell, with the `odds` of its turns; few tell only by how many quarters it is turned.
    0 without `pages`."""
    sheet = pages[-1].sheet if pages else None
    if sheet is None:
        return 0.0
    few = len(sheet.detected.boxes) < SEVERAL
    tilt = 0.0 if few else angle_of(square(pages[-1].to_page))
    return (tilt + 90 * int(odds.argmax()) + 180) % 360 - 180
