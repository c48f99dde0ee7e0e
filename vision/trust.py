# SPDX-License-Identifier: Apache-2.0
"""How far to trust what was read: the numbers that `training.confidence` fits, and their use.

A bundle's `model.json` holds them: `calibration` for single digits, `confidence` for the whole
reading, `thresholds` for what is spoken plainly. A bundle without them is never sure, nor is one
whose networks are others than they were fitted with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32]

LEAST = 1e-6  # no probability is believed to be less
NEVER = 2.0  # a threshold that no probability reaches
UNFITTED: dict[str, Any] = {"intercept": 0.0, "weights": {}, "networks": None}


@dataclass(frozen=True, slots=True)
class Writing:
    """Whether a photo holds digits at all: log odds from its signs, and the least probability
    (0 to 1) at which what was found is told to a caller."""

    intercept: float
    weights: Mapping[str, float]
    told_from: float

    def told(self, signs: Mapping[str, float]) -> bool:
        """Whether a reading with these signs is of digits that somebody wrote."""
        return chance_of(self.intercept, self.weights, signs) >= self.told_from


@dataclass(frozen=True, slots=True)
class Trust:
    """`temperature` and `none_bias` correct a digit's probabilities, after the readers' were
    mixed; `intercept` and `weights`, one a sign, give the log odds that all is right; `sure_from`
    is the least probability at which digits are spoken plainly. `writing` tells digits from other
    things; None leaves that to rules."""

    temperature: float = 1.0
    none_bias: float = 0.0
    intercept: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)
    sure_from: float = NEVER
    writing: Writing | None = None

    def calibrated(self, mixed: Probabilities) -> Probabilities:
        """`mixed` probabilities [..., 11], the last "no digit", as they proved to be true."""
        scores = np.log(np.maximum(mixed, LEAST)) / self.temperature
        scores[..., -1] += self.none_bias
        raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)

    def chance(self, signs: Mapping[str, float]) -> float:
        """Probability that every digit is right and none is missing, given the reading's signs."""
        return chance_of(self.intercept, self.weights, signs)


def chance_of(intercept: float, weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    """The probability whose log odds are `intercept` and the weighed `signs`."""
    odds = intercept + sum(weight * signs[name] for name, weight in weights.items())
    return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def trust_of(card: Mapping[str, Any]) -> Trust:
    """The trust that a bundle's `model.json` asks for.

    Raises KeyError or ValueError when what it says is not whole.
    """
    digits = card.get("calibration", {})
    whole = card.get("confidence", UNFITTED)
    fitted = whole["networks"] == card["version"]
    return Trust(
        temperature=float(digits.get("mixed_temperature", 1.0)),
        none_bias=float(digits.get("none_bias", 0.0)),
        intercept=float(whole["intercept"]),
        weights={str(name): float(weight) for name, weight in whole["weights"].items()},
        sure_from=float(card["thresholds"]["sure"]) if fitted else NEVER,
        writing=_writing_of(whole["writing"]) if fitted and "writing" in whole else None,
    )


def _writing_of(card: Mapping[str, Any]) -> Writing:
    weights = {str(name): float(weight) for name, weight in card["weights"].items()}
    return Writing(float(card["intercept"]), weights, float(card["told_from"]))
