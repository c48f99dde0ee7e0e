# SPDX-License-Identifier: Apache-2.0
"""The best way through a lattice: which pieces are digits, which are none, and how sure.

Every digit pays for what the classifier doubts and for a shape unlike its line; every piece left
out pays for being as large as a digit. The cheapest path wins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.classify import NOT_A_DIGIT
from vision.reading import Box
from vision.segment import Hypothesis, Lattice
from vision.strip import CHARACTER_PX

Probabilities = NDArray[np.float32]

FLOOR = 1e-4  # no probability is believed to be less
DIGIT_COST = 0.3  # each digit must earn its place: fewer, better digits win a tie
LOWEST = 0.5  # of a character: lower digits pay for it
HIGHEST = 1.6  # of a character
WIDEST = 1.15  # width by height of a digit before it pays
CUT_COST = 2.0  # for each character height of ink cut through at its sides
GAP_COST = 2.5  # for each character of empty space inside one digit
ONE_WEIGHT = 0.3
SMALL = 0.35  # of a character: smaller pieces are dots and dust, left out for nearly nothing
SKIP_SMALL, SKIP_PART, SKIP_WHOLE = 0.25, 1.5, 5.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A digit on the best path: where it is, and the probabilities of 0 to 9 and "none"."""

    box: Box
    probabilities: Probabilities
    cost: float

    @property
    def value(self) -> int:
        return int(self.probabilities[:NOT_A_DIGIT].argmax())

    @property
    def quality(self) -> float:
        """1 for a digit without doubt, falling with every doubt about its name or shape."""
        return float(np.exp(DIGIT_COST - self.cost))

    @property
    def weight(self) -> float:
        """What this digit is worth as evidence of writing: any edge may pass for a 1."""
        return ONE_WEIGHT if self.value == 1 else 1.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best path: its digits, the pieces it left out, and its whole cost."""

    choices: tuple[Choice, ...]
    left_out: tuple[Box, ...]
    cost: float


def decode(lattice: Lattice, probabilities: Probabilities) -> Decoded:
    """The cheapest path; `probabilities` [N,11] belong to the lattice's hypotheses."""
    count = len(lattice.pieces)
    cost = np.full(count + 1, np.inf)
    cost[0] = 0.0
    came: list[int | None] = [None] * (count + 1)  # row of the hypothesis that ends here
    ends: list[list[int]] = [[] for _ in range(count + 1)]
    costs = [_cost(h, p) for h, p in zip(lattice.hypotheses, probabilities, strict=True)]
    single: dict[int, int] = {}
    for row, hypothesis in enumerate(lattice.hypotheses):
        ends[hypothesis.stop].append(row)
        if hypothesis.stop == hypothesis.start + 1:
            single[hypothesis.start] = row
    for stop in range(1, count + 1):
        none = probabilities[single[stop - 1], NOT_A_DIGIT]
        cost[stop] = cost[stop - 1] + _skip_cost(lattice.pieces[stop - 1].box, float(none))
        for row in ends[stop]:
            total = cost[lattice.hypotheses[row].start] + costs[row]
            if total < cost[stop]:
                cost[stop], came[stop] = total, row
    return _walk_back(lattice, probabilities, came, costs, float(cost[count]))


def _walk_back(
    lattice: Lattice,
    probabilities: Probabilities,
    came: list[int | None],
    costs: list[float],
    total: float,
) -> Decoded:
    choices: list[Choice] = []
    left_out: list[Box] = []
    at = len(lattice.pieces)
    while at > 0:
        row = came[at]
        if row is None:
            at -= 1
            left_out.append(lattice.pieces[at].box)
        else:
            hypothesis = lattice.hypotheses[row]
            choices.append(Choice(hypothesis.box, probabilities[row], costs[row]))
            at = hypothesis.start
    return Decoded(tuple(choices[::-1]), tuple(left_out[::-1]), total)


def _cost(hypothesis: Hypothesis, probabilities: Probabilities) -> float:
    """What taking these pieces for one digit costs."""
    best = max(float(probabilities[:NOT_A_DIGIT].max()), FLOOR)
    height = hypothesis.box.h / CHARACTER_PX
    width = hypothesis.box.w / hypothesis.box.h
    cost = DIGIT_COST - float(np.log(best)) + GAP_COST * hypothesis.gap
    cost += CUT_COST * hypothesis.cut
    cost += 8 * max(0.0, LOWEST - height) + 3 * max(0.0, height - HIGHEST)
    return cost + 3 * max(0.0, width - WIDEST)


def _skip_cost(box: Box, none: float) -> float:
    """What leaving a piece out costs, given the probability that it is no digit."""
    size = max(box.w, box.h) / CHARACTER_PX
    if size < SMALL:
        return SKIP_SMALL
    if box.h < LOWEST * CHARACTER_PX:
        return SKIP_PART
    return SKIP_WHOLE * (1.0 - 0.7 * none)
