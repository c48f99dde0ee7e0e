# SPDX-License-Identifier: Apache-2.0
"""What must hold of a bundle before it is worth trying: one function a rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from training.gate.inspection import Inspection, faults_of_card, inspect
from training.gate.limits import Limits
from training.gate.smoke import PHOTOS
from training.gate.verdict import Bundle, Check, Checked


def fit_to_serve(
    champion: Bundle, challenger: Bundle, folder: Path, here: str, limits: Limits
) -> Iterator[Checked]:
    """The challenger, which lies in `folder`, as such. `here` is the digest of `vision`."""
    inspection = inspect(folder)
    yield _loads(inspection)
    yield _card(folder)
    if not inspection.error:
        yield _smoke(inspection)
    yield _size(champion, challenger, limits)
    yield _preprocessing(folder, here)


def _loads(inspection: Inspection) -> Checked:
    if inspection.error:
        sentence = f"The challenger does not load in a clean process: {inspection.error}."
        return Checked(Check.LOADS, False, sentence)
    if not inspection.sums_to_one:
        sentence = "The challenger's probabilities do not add up to 1."
        return Checked(Check.LOADS, False, sentence)
    sentence = "The challenger loads in a clean process; its probabilities add up to 1."
    return Checked(Check.LOADS, True, sentence)


def _card(folder: Path) -> Checked:
    faults = list(faults_of_card(folder))
    if faults:
        sentence = f"The challenger's model.json is not sound: {'; '.join(faults)}."
        return Checked(Check.CARD, False, sentence)
    return Checked(Check.CARD, True, "The challenger's model.json is sound.")


def _smoke(inspection: Inspection) -> Checked:
    if inspection.misread:
        told = f"{inspection.misread} of {PHOTOS} photos that any model must read"
        return Checked(Check.SMOKE, False, f"The challenger does not read {told}.")
    return Checked(Check.SMOKE, True, f"The challenger reads the {PHOTOS} easiest photos.")


def _size(champion: Bundle, challenger: Bundle, limits: Limits) -> Checked:
    ratio = challenger.megabytes / max(champion.megabytes, 1e-6)
    told = (
        f"{challenger.megabytes:.2f} MB ({limits.megabytes:g} at most), {ratio:.2f} times the "
        f"champion's ({limits.size_ratio} at most)"
    )
    if challenger.megabytes > limits.megabytes or ratio > limits.size_ratio:
        return Checked(Check.SIZE, False, f"The challenger is too large: {told}.")
    return Checked(Check.SIZE, True, f"The challenger has {told}.")


def _preprocessing(folder: Path, here: str) -> Checked:
    """Both are read with the code that is here; what the challenger learnt with, its card tells."""
    learnt_with = _told(folder)
    if learnt_with and learnt_with != here:
        sentence = (
            "The challenger learnt with another state of the code that reads photos "
            f"({learnt_with[:12]}) than the one that serves ({here[:12]})."
        )
        return Checked(Check.PREPROCESSING, False, sentence)
    sentence = f"Both read through the same code ({here[:12]})."
    return Checked(Check.PREPROCESSING, True, sentence)


def _told(folder: Path) -> str:
    try:
        return str(json.loads((folder / "model.json").read_text("utf-8")).get("preprocessing", ""))
    except (OSError, ValueError, AttributeError):
        return ""
