# SPDX-License-Identifier: Apache-2.0
"""Lines composed of callers' digits, for the line reader: nobody's number, and nobody's hand.

Which crops are of one writer is not known, so each hand is mixed of many.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.bank import BANK_PX, CELL_PX, MARKS, SKY_PX, Bank, Cell, Cells, fill_bank
from training.glyphs import NOT_A_DIGIT
from training.snapshot.folder import Digits
from training.synthesis.characters import Sources

HANDS = 150
COPIES = 4
DRAWN = 30  # hands of strokes, for marks and for digits that no crop shows
LOWEST, HIGHEST = 0.85, 1.3  # a crop does not tell how high its digit stood among the others
DEEPEST = 0.25  # nor how far below the line it went; in digit heights

Indices = NDArray[np.int64]


def bank_of(digits: Digits, chosen: Indices, seed: int) -> Bank:
    """Hands of the crops at `chosen`, whose `values` are taken for true."""
    random = np.random.default_rng([seed, 21])
    drawn = fill_bank(Sources(), DRAWN, seed)
    by_value = [chosen[digits.values[chosen] == value] for value in range(NOT_A_DIGIT)]
    hands = []
    for _ in range(HANDS):
        other = drawn.hands[int(random.integers(DRAWN))]
        hands.append(_hand(digits, by_value, other, random))
    return Bank(tuple(hands), drawn.words)


def _hand(
    digits: Digits, by_value: list[Indices], other: Cells, random: np.random.Generator
) -> Cells:
    found: Cells = {mark: other[mark] for mark in MARKS}
    for value, crops in enumerate(by_value):
        high = float(random.uniform(LOWEST, HIGHEST))
        deep = float(random.uniform(0, DEEPEST))
        if not len(crops):
            found[str(value)] = other[str(value)]
            continue
        picked = random.choice(crops, COPIES)
        found[str(value)] = tuple(_cell(digits.shapes[int(i)], high, deep) for i in picked)
    return found


def _cell(shape: Cell, high: float, deep: float) -> Cell:
    height = round(BANK_PX * high)
    size = max(1, round(shape.shape[1] * high)), height
    sized = np.asarray(cv2.resize(shape, size, interpolation=cv2.INTER_AREA), np.uint8)
    bottom = min(CELL_PX, round(SKY_PX + BANK_PX * (1 + deep)))
    top = max(0, bottom - height)
    cell = np.zeros((CELL_PX, size[0]), np.uint8)
    cell[top:bottom] = sized[: bottom - top]
    return cell
