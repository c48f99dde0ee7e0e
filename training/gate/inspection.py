# SPDX-License-Identifier: Apache-2.0
"""A bundle as such, before anything is compared: whether it loads, is whole, and is not too big."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.bench.process import ProcessFailed, run
from vision.networks import version_of
from vision.trust import trust_of

MEGABYTE = 1e6
PROBABLE = 1.0  # no confidence is higher


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a clean process. `error` is empty for a bundle that loads; `misread` counts
    the smoke photos that it does not read."""

    version: str = ""
    sums_to_one: bool = False
    misread: int = 0
    error: str = ""


def inspect(bundle: Path) -> Inspection:
    """Loads `bundle` in a process of its own, which it may bring down."""
    lines: list[str] = []
    try:
        run([sys.executable, "-m", "training.gate.probe", str(bundle)], lines.append)
    except ProcessFailed as failed:
        return Inspection(error=f"it brought its process down ({failed})")
    return Inspection(**json.loads(lines[-1]))


def megabytes_of(bundle: Path) -> float:
    """Size of its files in units of a million bytes."""
    return sum(path.stat().st_size for path in bundle.iterdir() if path.is_file()) / MEGABYTE


def faults_of_card(bundle: Path) -> Iterator[str]:
    """What is wrong with `model.json`, a clause each. Raises nothing."""
    try:
        card: dict[str, Any] = json.loads((bundle / "model.json").read_text("utf-8"))
        trust = trust_of(card)
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"it is not whole ({type(error).__name__}: {error})"
        return
    if card["version"] != version_of(bundle):
        yield "its version is not that of the networks beside it"
    if trust.sure_from > PROBABLE:
        yield "its confidence was fitted with other networks, so it would never be sure"
    if trust.sure_from <= 0:
        yield "it is sure of everything"
    temperatures = [trust.temperature, card.get("calibration", {}).get("temperature", 1.0)]
    if not all(isinstance(one, (int, float)) and 0 < one < float("inf") for one in temperatures):
        yield "a temperature is not above 0"
    if not card.get("training_data_sha256"):
        yield "it does not say what it learnt from"
