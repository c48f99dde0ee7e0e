# SPDX-License-Identifier: Apache-2.0
"""The candidates by name: where each begins, how boldly it learns, what it keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CandidateRecipe:
    """`digit_rate`, `line_rate`: the highest learning rates. `kept`: share of the champion's
    weights in the end, by which a model keeps what it knew (WiSE-FT, Wortsman et al. 2022).
    `anew`: the digit CNN begins with random weights."""

    digit_rate: float
    line_rate: float
    kept: float
    anew: bool = False


RECIPES = {
    "tuned": CandidateRecipe(digit_rate=8e-4, line_rate=8e-4, kept=0.3),
    "bold": CandidateRecipe(digit_rate=1.5e-3, line_rate=1.5e-3, kept=0.0),
    "scratch": CandidateRecipe(digit_rate=3e-3, line_rate=8e-4, kept=0.3, anew=True),
}


def recipe_of(name: str) -> CandidateRecipe:
    """Raises `ValueError` for a candidate that nobody knows."""
    if name not in RECIPES:
        raise ValueError(f"no candidate is called {name!r}; there are {', '.join(RECIPES)}")
    return RECIPES[name]
