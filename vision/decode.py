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
WHOLE = 0.6  # of a character: pieces at least this high may be digits
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

    @property
    def left_out_whole(self) -> tuple[Box, ...]:
        """The pieces left out although they are as high as a digit."""
        return tuple(box for box in self.left_out if box.h > WHOLE * CHARACTER_PX)


def decode(lattice: Lattice, probabilities: Probabilities) -> Decoded:
    """The cheapest path; `probabilities` [N,11] belong to the lattice's hypotheses."""
    count = len(lattice.pieces)
    cost = np.full(count + 1, np.inf)
    cost[0] = 0.0
    came: list[int | None] = [None] * (count + 1)  # row of the hypothesis that ends here
    ends: list[list[int]] = [[] for _ in range(count + 1)]
    best = probabilities[:, :NOT_A_DIGIT].max(axis=1)
    costs = [_cost(h, float(p)) for h, p in zip(lattice.hypotheses, best, strict=True)]
    skips = _skip_costs(lattice, probabilities)
    for row, hypothesis in enumerate(lattice.hypotheses):
        ends[hypothesis.stop].append(row)
    for stop in range(1, count + 1):
        cost[stop] = cost[stop - 1] + skips[stop - 1]
        for row in ends[stop]:
            total = cost[lattice.hypotheses[row].start] + costs[row]
            if total < cost[stop]:
                cost[stop], came[stop] = total, row
    return _walk_back(lattice, probabilities, came, costs, float(cost[count]))


def spell(
    lattice: Lattice, probabilities: Probabilities, values: tuple[int, ...]
) -> Decoded | None:
    """The cheapest path that says `values`; None when the lattice cannot say them."""
    count, length = len(lattice.pieces), len(values)
    cost = np.full((length + 1, count + 1), np.inf)
    cost[0, 0] = 0.0
    came = np.full((length + 1, count + 1), -1)
    skips = _skip_costs(lattice, probabilities)
    for said in range(length + 1):
        for row, hypothesis in enumerate(lattice.hypotheses if said else ()):
            p = float(probabilities[row, values[said - 1]])
            total = cost[said - 1, hypothesis.start] + _cost(hypothesis, p)
            if total < cost[said, hypothesis.stop]:
                cost[said, hypothesis.stop], came[said, hypothesis.stop] = total, row
        for stop in range(1, count + 1):
            skipped = cost[said, stop - 1] + skips[stop - 1]
            if skipped < cost[said, stop]:
                cost[said, stop], came[said, stop] = skipped, -1
    if not np.isfinite(cost[length, count]):
        return None
    return _spelled(lattice, probabilities, came, float(cost[length, count]))


def _spelled(
    lattice: Lattice, probabilities: Probabilities, came: NDArray[np.int_], total: float
) -> Decoded:
    choices: list[Choice] = []
    left_out: list[Box] = []
    said, at = came.shape[0] - 1, came.shape[1] - 1
    while at > 0:
        row = int(came[said, at])
        if row < 0:
            at -= 1
            left_out.append(lattice.pieces[at].box)
            continue
        hypothesis = lattice.hypotheses[row]
        best = float(probabilities[row, :NOT_A_DIGIT].max())
        choices.append(Choice(hypothesis.box, probabilities[row], _cost(hypothesis, best)))
        said, at = said - 1, hypothesis.start
    return Decoded(tuple(choices[::-1]), tuple(left_out[::-1]), total)


def _skip_costs(lattice: Lattice, probabilities: Probabilities) -> list[float]:
    """What leaving out each piece costs."""
    none = {
        hypothesis.start: float(p[NOT_A_DIGIT])
        for hypothesis, p in zip(lattice.hypotheses, probabilities, strict=True)
        if hypothesis.stop == hypothesis.start + 1
    }
    return [_skip_cost(piece.box, none[i]) for i, piece in enumerate(lattice.pieces)]


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


def _cost(hypothesis: Hypothesis, p: float) -> float:
    """What taking these pieces for one digit, which is that of probability `p`, costs."""
    height = hypothesis.box.h / CHARACTER_PX
    width = hypothesis.box.w / hypothesis.box.h
    cost = DIGIT_COST - float(np.log(max(p, FLOOR))) + GAP_COST * hypothesis.gap
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
