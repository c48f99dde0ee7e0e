# SPDX-License-Identifier: Apache-2.0
"""Shares with their uncertainty, and how far two histograms are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964  # standard normal, two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (Wilson 1927), 0 to 1; all of it when nothing is known."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.part / self.whole
        middle = p + Z_95**2 / (2 * n)
        spread = Z_95 * math.sqrt(p * (1 - p) / n + Z_95**2 / (4 * n * n))
        scale = 1 + Z_95**2 / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def as_dict(self) -> dict[str, float | int | None]:
        low, high = self.interval
        share = None if self.value is None else round(self.value, 4)
        return {
            "part": self.part, "whole": self.whole, "share": share,
            "low": round(low, 4), "high": round(high, 4),
        }  # fmt: skip


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """The population stability index of two histograms of the same bins: 0 when they are alike.

    By a rule of thumb of credit scoring, below 0.1 nothing has changed and above 0.25 much has.
    Half a count is added to each bin, so that an empty one is not infinitely far.
    """
    old, new = (_smoothed(counts) for counts in (before, now))
    return sum((n - o) * math.log(n / o) for o, n in zip(old, new, strict=True))


def _smoothed(counts: Sequence[int]) -> list[float]:
    whole = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / whole for count in counts]
