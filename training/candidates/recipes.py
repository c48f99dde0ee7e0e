# SPDX-License-Identifier: Apache-2.0
"""The candidates: how each learns."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Candidate:
    """`keep`: share of the champion's weights in the end, by which a network does not forget
    (WiSE-FT, Wortsman et al. 2022). `longer`: factor on the plan's epochs. `times`: how often an
    epoch shows each new crop. `anew`: the digit CNN begins from nothing. A `line_rate` of 0 leaves
    the line reader as it is; the third reader always learns, at `patch_rate`, and keeps
    `patch_keep` of its own."""

    digit_rate: float
    line_rate: float
    keep: float
    longer: float = 1.0
    times: int = 3
    anew: bool = False
    patch_rate: float = 6e-4
    patch_keep: float = 0.5


# Lines composed of callers' digits taught the line reader to read their writers, and to read
# others worse: docs/design-notes.md, "What a retraining may touch". So only `whole` teaches it.
CANDIDATES = MappingProxyType(
    {
        "tuned": Candidate(digit_rate=6e-4, line_rate=0.0, keep=0.5),
        "bold": Candidate(digit_rate=1e-3, line_rate=0.0, keep=0.25, longer=1.5),
        "scratch": Candidate(digit_rate=3e-3, line_rate=0.0, keep=0.0, longer=2.0, anew=True),
        "whole": Candidate(digit_rate=6e-4, line_rate=6e-4, keep=0.5),
    }
)


def candidate(name: str) -> Candidate:
    """Raises `ValueError` for a name that no recipe has."""
    if name not in CANDIDATES:
        raise ValueError(f"no candidate is called {name}: there are {', '.join(CANDIDATES)}")
    return CANDIDATES[name]
