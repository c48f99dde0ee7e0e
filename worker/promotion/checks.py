# SPDX-License-Identifier: Apache-2.0
"""Whether a bundle may serve: its files, its card, its networks, and what it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vision import Model, load_model
from vision.classify import NOT_A_DIGIT
from vision.networks import NETWORKS, version_of
from worker.promotion.smoke import fault_in

CARD = "model.json"
FILES = (*NETWORKS, CARD)
GLYPH_PX = 28  # what `vision.glyph` cuts
_CLASSES = [*(str(digit) for digit in range(NOT_A_DIGIT)), "not_a_digit"]

Hashes = Mapping[str, str]  # file name -> sha256, hexadecimal


class Unusable(Exception):
    """A bundle that cannot serve; the message says why, for an operator."""


def hashes_of(folder: Path) -> dict[str, str]:
    """The bundle's files in `folder`, with their hashes. Raises `Unusable`."""
    if not folder.is_dir():
        raise Unusable(f"there is no bundle at {folder}")
    for name in (CARD, NETWORKS[0]):
        if not (folder / name).is_file():
            raise Unusable(f"{folder} is no whole bundle: it has no {name}")
    return {name: _hash(folder / name) for name in FILES if (folder / name).is_file()}


def is_intact(folder: Path, expected: Hashes) -> bool:
    """Whether the files are the ones that were published."""
    try:
        return hashes_of(folder) == expected
    except (Unusable, OSError):
        return False


def checked(folder: Path, expected: Hashes | None = None) -> Model:
    """The loaded bundle, when nothing speaks against serving it. Raises `Unusable`.

    `expected`: the hashes it was published with.
    """
    try:
        found = hashes_of(folder)
        if expected is not None:
            _compare(found, expected)
        _check_card(folder)
        model = _load(folder)
        fault = _tried(model)
    except OSError as error:
        raise Unusable(f"{folder} cannot be read: {error}") from error
    if fault:
        raise Unusable(f"the bundle {model.version} loads, but {fault}")
    return model


def card_of(folder: Path) -> dict[str, Any]:
    """What `model.json` says. Raises `Unusable` or `OSError`."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except ValueError as error:
        raise Unusable(f"{CARD} in {folder} is no JSON: it was cut short") from error
    if not isinstance(card, dict) or "version" not in card:
        raise Unusable(f"{CARD} in {folder} names no version")
    return card


def _compare(found: Hashes, expected: Hashes) -> None:
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise Unusable(f"{name} is missing from what was published")
        if found[name] != expected.get(name):
            raise Unusable(f"{name} is not the file that was published: cut short or changed")


def _check_card(folder: Path) -> None:
    card, version = card_of(folder), version_of(folder)
    if card["version"] != version:
        raise Unusable(
            f"{CARD} is of version {card['version']}, the networks are {version}: "
            "cut short, or put together from two bundles"
        )
    if card.get("input_size") != GLYPH_PX or card.get("classes") != _CLASSES:
        raise Unusable(
            f"the bundle {version} is made for another preprocessing: glyphs of "
            f"{card.get('input_size')} px and {len(card.get('classes', []))} classes, "
            f"where {GLYPH_PX} px and {len(_CLASSES)} are used"
        )
    if card.get("confidence", {}).get("networks") != version:
        raise Unusable(
            f"the bundle {version} does not say how sure its own networks are (an older format, or "
            "trained since): it would never be sure; run `python -m training.confidence`"
        )


def _load(folder: Path) -> Model:
    try:
        return load_model(folder)
    except OSError:
        raise
    except Exception as error:  # ONNX Runtime has a type of its own for each fault
        raise Unusable(f"the bundle in {folder} does not load: {_line(error)}") from error


def _tried(model: Model) -> str:
    try:
        return fault_in(model)
    except Exception as error:  # networks of other shapes than ours
        return f"fails at its first photos: {_line(error)}"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
