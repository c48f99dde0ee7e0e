# SPDX-License-Identifier: Apache-2.0
"""The gate's verdict, as it is told of a version in the registry and kept with a promotion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

PREFIX = "gate."  # of the tags that hold a verdict's values
KEPT = ("passed", "narrowly_failed", "reasons", "preprocessing")
COUNTS = ("wins", "losses", "both", "neither", "p")  # tags `gate.counts.wins` and so on


def verdict_of(tags: Mapping[str, str]) -> dict[str, Any] | None:
    """What the tags of a version say of the gate; None when no gate saw it."""
    found = _values(tags, PREFIX, KEPT)
    if "passed" not in found:
        return None
    counts = _values(tags, f"{PREFIX}counts.", COUNTS)
    return {**found, "counts": counts} if counts else found


def in_words(verdict: Mapping[str, Any] | None) -> str:
    """A few words for a table."""
    if verdict is None:
        return "no verdict"
    outcome = _outcome(verdict)
    counts = verdict.get("counts")
    if not counts:
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


def _values(tags: Mapping[str, str], prefix: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: _value(tags[prefix + name]) for name in names if prefix + name in tags}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a sentence, or more than fits into a tag
        return text
