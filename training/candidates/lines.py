# SPDX-License-Identifier: Apache-2.0
"""Teaches the line reader callers' digits: nobody's numbers, lines composed of them anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from training import linedata
from training.bank import DIGITS, Bank, Cells
from training.fit import Callback, Recipe
from training.line_training import train_lines
from training.linedata import Lines, compose_lines
from training.progress import ProgressBar
from training.snapshot import Digits

HANDS = 120  # drawn together out of callers' digits; nobody knows who wrote which
COPIES = 4  # of each digit of such a hand
BORROWED = 0.15  # share of its digits that are another's: known and new writing side by side


def bank_of(digits: Digits, chosen: NDArray[np.intp], old: Bank, seed: int) -> Bank:
    """Hands of the `chosen` digits; marks, words, and digits nobody wrote come from `old`."""
    random = np.random.default_rng([seed, 5])
    by_digit = [chosen[digits.values[chosen] == value] for value in range(10)]
    hands = []
    for _ in range(HANDS):
        other = old.hands[int(random.integers(len(old.hands)))]
        hand: Cells = dict(other)
        for value, index in zip(DIGITS, by_digit, strict=True):
            if len(index) and random.random() >= BORROWED:
                some = random.choice(index, COPIES)
                hand[value] = tuple(digits.cell(int(one)) for one in some)
        hands.append(hand)
    return Bank(tuple(hands), old.words)


def new_lines(
    digits: Digits,
    chosen: NDArray[np.intp],
    old: Bank,
    count: int,
    seed: int,
    progress: ProgressBar | None = None,
) -> Lines:
    """`count` lines; digits of little worth, and what is denied, stay out."""
    return compose_lines(bank_of(digits, chosen, old, seed), count, seed, progress=progress)


def teach_lines(
    start: nn.Module,
    new: Lines | None,
    old: Lines,
    recipe: Recipe,
    *,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
    kept: Path | None = None,
) -> nn.Module:
    """`start`, taught the new and the old lines together."""
    both = old if new is None else linedata.join([old, new])
    return train_lines(
        lambda epoch: both,
        recipe,
        start=start,
        callbacks=callbacks,
        progress=progress,
        kept=kept,
    )
