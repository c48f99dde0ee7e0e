# SPDX-License-Identifier: Apache-2.0
"""What a challenger is allowed, and why so much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from training.confidence import RISK


def _allowed(value: Any, why: str) -> Any:
    return field(default=value, metadata={"why": why})


@dataclass(frozen=True, slots=True)
class Limits:
    """Every allowance of the gate. Shares are of 1; `reasons` tells where each comes from."""

    significance: float = _allowed(
        0.05,
        "The usual one in twenty; the least that 5 wins and no loss pass.",
    )
    nearly: float = _allowed(
        0.2,
        "Up to here a challenger that is not shown to be better has failed narrowly: 3 wins and no "
        "loss are worth a trial in shadow, 2 wins and a loss are a coin tossed.",
    )
    of_callers: float = _allowed(
        0.8,
        "The share of it that is spent on callers' photos alone, once there are enough; the rest "
        "on all photos together. Callers are whom a model must serve, and among many rendered "
        "photos what was won for them drowns. Two tests that share it pass no more by chance.",
    )
    callers_photos: int = _allowed(
        30,
        "Callers' photos from which they are tested alone: of fewer, hardly five can be won.",
    )
    non_inferior: bool = _allowed(
        False,
        "Declared by whoever retrains for another reason than to read better, such as a deletion: "
        "then losses are bounded, and nothing need be won.",
    )
    margin: float = _allowed(
        0.02,
        "What a retraining for another reason may cost at most, with 95 % confidence: two photos "
        "in a hundred, which 600 photos can show.",
    )
    slice_significance: float = _allowed(
        0.05,
        "Not divided by the number of slices: a group of callers that is read worse is the dearer "
        "mistake, and `python -m training.gate.power` shows how seldom a better model is refused.",
    )
    slice_drop: float = _allowed(
        0.05,
        "In a slice that is large enough to count in points, one photo in twenty.",
    )
    slice_photos: int = _allowed(
        100,
        "Photos from which a slice counts in points: in a smaller one five points are chance.",
    )
    silent_significance: float = _allowed(
        0.2,
        "Stricter than for misread photos, as the caller cannot hear that it is wrong: three new "
        "silent errors for none mended are too many.",
    )
    silent_share: float = _allowed(
        RISK,
        "The share of silent errors among all photos that `training.confidence` promises.",
    )
    coverage_loss: float = _allowed(
        0.05,
        "A model that is sure of nothing makes no silent error, and is of no use.",
    )
    latency_ratio: float = _allowed(
        1.25,
        "A caller is waiting; a quarter more is not noticed, and is more than chance.",
    )
    megabytes: float = _allowed(
        8.0,
        "A third more than the bundle that ships; every worker holds one, two while it changes.",
    )
    size_ratio: float = _allowed(
        1.5,
        "Bundles that grow by less each time would still add up, so the limit above counts too.",
    )

    def reasons(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and reason of each allowance."""
        for one in fields(self):
            yield one.name, getattr(self, one.name), one.metadata["why"]
