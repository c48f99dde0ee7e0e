# SPDX-License-Identifier: Apache-2.0
"""The exact paired test: how likely so many wins are, were neither model better.

Of the photos that one model reads right and the other wrong, each is then a coin tossed. McNemar's
test is the one of five whose false alarms Dietterich (1998, Neural Computation 10(7)) found to be
as rare as it says when each model was trained once.
"""

from __future__ import annotations

from math import comb, sqrt

Z = 1.6449  # of the normal distribution: 95 % lie below it
ADDED = 0.5  # to each of the four cells (Agresti and Min 2005): none won, none lost is no certainty


def one_sided(wins: int, losses: int) -> float:
    """P(Binomial(wins + losses, 1/2) >= wins), from 0 to 1; 1 where nothing was won."""
    tossed = wins + losses
    ways = sum(comb(tossed, heads) for heads in range(wins, tossed + 1))
    return float(ways / (1 << tossed))


def most_lost(wins: int, losses: int, photos: int) -> float:
    """How much worse, as a share of all photos, the challenger may be: the upper end of a one-sided
    95 % interval of (losses - wins) / photos, as Agresti and Min adjust Wald's."""
    won, lost, whole = wins + ADDED, losses + ADDED, photos + 4 * ADDED
    worse = (lost - won) / whole
    return worse + Z * sqrt(max(won + lost - whole * worse**2, 0.0)) / whole
