# SPDX-License-Identifier: Apache-2.0
"""Whether probabilities mean what they say, and what being sure costs and risks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.bins import histogram
from training.calibrate import confidence_error
from training.confidence_data import Example
from training.confidence_fit import upper_bound
from vision.classify import NOT_A_DIGIT
from vision.trust import Trust


def report(examples: Sequence[Example], trust: Trust) -> dict[str, Any]:
    """Calibration errors of digits and of readings, and how many photos are sure, by group."""
    examples = [example.told_by(trust) for example in examples]
    read = [example for example in examples if example.signs]
    said, right = _digits(read, trust)
    chances = np.array([trust.chance(example.signs) for example in read])
    whole = np.array([example.right for example in read], bool)
    groups = dict.fromkeys(example.group for example in examples)
    silent = sum(_is_silent(example, trust) for example in examples)
    return {
        "digits": len(said),
        "digit_ece": round(confidence_error(said, right), 4),
        "readings": len(read),
        "histogram": list(histogram(chances.tolist())),
        "reading_ece": round(confidence_error(chances, whole), 4),
        "silent_share_below": round(upper_bound(silent, len(examples)), 5),
        "all": _counts(examples, trust),
        "groups": {g: _counts([e for e in examples if e.group == g], trust) for g in groups},
    }


def as_text(measured: dict[str, Any]) -> str:
    """The report as lines to print."""
    lines = [
        f"digits {measured['digits']}: calibration error {measured['digit_ece']:.4f}",
        f"readings {measured['readings']}: calibration error {measured['reading_ece']:.4f}",
        f"silent errors: below {measured['silent_share_below']:.2%} of all photos, at 95 %",
    ]
    for name, counts in {**measured["groups"], "all": measured["all"]}.items():
        lines.append(
            f"{name:12} {counts['photos']:5} photos  {counts['exact']:5} exact"
            f"  {counts['sure']:5} sure  {counts['silent']:3} silent"
        )
    return "\n".join(lines)


def _digits(read: Sequence[Example], trust: Trust) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How probable each digit is said to be, and whether it is right."""
    mixed = np.array([p for example in read for p in example.mixed], np.float32)
    true = np.array([digit for example in read for digit in example.digits], np.int64)
    named = trust.calibrated(mixed.reshape(-1, NOT_A_DIGIT + 1))[:, :NOT_A_DIGIT]
    return named.max(axis=1), named.argmax(axis=1) == true


def _is_sure(example: Example, trust: Trust) -> bool:
    return example.allowed and trust.chance(example.signs) >= trust.sure_from


def _is_silent(example: Example, trust: Trust) -> bool:
    return _is_sure(example, trust) and not example.right


def _counts(examples: Sequence[Example], trust: Trust) -> dict[str, int]:
    return {
        "photos": len(examples),
        "exact": sum(example.right for example in examples),
        "sure": sum(_is_sure(example, trust) for example in examples),
        "silent": sum(_is_silent(example, trust) for example in examples),
    }
