# SPDX-License-Identifier: Apache-2.0
"""The gate's verdict, as it is told of a version in the registry and kept with a promotion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PREFIX = "gate."  # of the tags that hold a verdict's values
KEPT = ("passed", "narrowly_failed", "reasons", "counts", "preprocessing")


def verdict_of(tags: Mapping[str, str]) -> dict[str, Any] | None:
    """What the tags of a version say of the gate; None when no gate saw it."""
    found = {name: _value(tags[PREFIX + name]) for name in KEPT if PREFIX + name in tags}
    return found if "passed" in found else None


def in_words(verdict: Mapping[str, Any] | None) -> str:
    """A few words for a table."""
    if verdict is None:
        return "no verdict"
    outcome = _outcome(verdict)
    counts = verdict.get("counts")
    if not isinstance(counts, dict):
        return outcome
    return f"{outcome}: {counts['wins']} won, {counts['losses']} lost, p {counts['p']:.2g}"


def reasons_in(verdict: Mapping[str, Any] | None) -> str:
    """The gate's own sentences."""
    reasons = (verdict or {}).get("reasons") or []
    return " ".join(map(str, reasons)) if isinstance(reasons, list) else str(reasons)


def _outcome(verdict: Mapping[str, Any]) -> str:
    if verdict.get("passed") is True:
        return "passed"
    return "narrowly failed" if verdict.get("narrowly_failed") is True else "failed"


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a sentence, or more than fits into a tag
        return text
