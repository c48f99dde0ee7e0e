# SPDX-License-Identifier: Apache-2.0
"""What the gate's tests can show, and what they get wrong: `python -m training.gate.power`.

Simulated challengers are judged by the gate's own rules for wins and slices. It prints how often
one is found better, how often such a one is refused for a slice although it loses no more there
than elsewhere, and how often a slice in which it does lose more is caught; the last two also as
Holm's correction for many tests would have it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.gate.limits import Limits
from training.gate.mcnemar import one_sided
from training.gate.slices import is_worse

Marks = NDArray[np.int8]  # [N]: 1 won, -1 lost, 0 as before
Members = NDArray[np.bool_]  # [N, S]

SIZES = (200, 400, 600, 1000)
RATES = ((0.10, 0.05), (0.05, 0.02), (0.03, 0.01), (0.03, 0.03))  # won and lost, of all photos
# Share of photos in each group: four lengths and none, conditions, ten digits, two sources.
SHARES = (0.15, 0.3, 0.3, 0.15, 0.1, 0.3, 0.2, 0.3, 0.1, *[0.45] * 10, 0.6, 0.4)
CALLERS, SENT = 40, 0.01  # each sent one photo in a hundred
HIT, LOST_THERE = 5, 0.12  # the group that is read worse (conditions: 0.3 of all), and by how much
TRIALS = 1000
SEED = 7


def found_better(marks: Marks, limits: Limits) -> bool:
    wins, losses = _counts(marks)
    return wins > losses and one_sided(wins, losses) <= limits.significance


def failing(marks: Marks, members: Members, limits: Limits) -> list[int]:
    """The slices that the gate calls worse."""
    groups = [marks[inside] for inside in members.T]
    return [i for i, group in enumerate(groups) if is_worse(*_counts(group), len(group), limits)]


def failing_by_holm(marks: Marks, members: Members, limits: Limits) -> list[int]:
    """The slices that Holm's correction leaves: the least p by the number of slices, and so on."""
    ps = [one_sided(*_counts(marks[inside])[::-1]) for inside in members.T]
    found: list[int] = []
    for rank, index in enumerate(np.argsort(ps, kind="stable")):
        if ps[index] > limits.slice_significance / (len(ps) - rank):
            break
        found.append(int(index))
    return found


def simulate(photos: int, rates: tuple[float, float], trials: int, seed: int) -> Sequence[float]:
    """Shares from 0 to 1: found better; of those, refused for a slice, by the gate and by Holm;
    and of challengers that lose in one slice, those caught, by the gate and by Holm."""
    random, limits = np.random.default_rng(seed), Limits()
    shares = np.array([*SHARES, *[SENT] * CALLERS])
    better, refused, caught = 0, np.zeros(2), np.zeros(2)
    for _ in range(trials):
        members = random.random((photos, len(shares))) < shares
        marks = _draw(random, photos, rates)
        if found_better(marks, limits):
            better += 1
            refused += _any(marks, members, limits)
        hurt = members[:, HIT] & (random.random(photos) < LOST_THERE)
        harmed = np.where(hurt, -1, marks).astype(np.int8)
        caught += [HIT in rule(harmed, members, limits) for rule in (failing, failing_by_holm)]
    return [better / trials, *(refused / max(better, 1)), *(caught / trials)]


def _draw(random: np.random.Generator, photos: int, rates: tuple[float, float]) -> Marks:
    drawn = random.random(photos)
    return (drawn < rates[0]).astype(np.int8) - (drawn > 1 - rates[1]).astype(np.int8)


def _any(marks: Marks, members: Members, limits: Limits) -> list[bool]:
    return [bool(rule(marks, members, limits)) for rule in (failing, failing_by_holm)]


def _counts(marks: Marks) -> tuple[int, int]:
    """Wins and losses."""
    return int((marks > 0).sum()), int((marks < 0).sum())


def main() -> None:
    print("won    lost   photos  better  refused for a slice   slice caught")
    print("                              gate    Holm          gate    Holm")
    for rates in RATES:
        for photos in SIZES:
            shares = simulate(photos, rates, TRIALS, SEED)
            better, refused, by_holm, caught, caught_by_holm = (f"{s:6.1%}" for s in shares)
            print(
                f"{rates[0]:4.0%}   {rates[1]:4.0%}   {photos:6d}  {better}  {refused}  {by_holm}"
                f"        {caught}  {caught_by_holm}"
            )


if __name__ == "__main__":
    main()
