# SPDX-License-Identifier: Apache-2.0
"""What an operator names, as a bundle on disk: a registry's version, an alias, or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.promotion.aliases import CHALLENGER
from worker.promotion.checks import Unusable
from worker.promotion.registry import PATIENCE_S, OpenRegistry, Registered, Registry, within
from worker.promotion.verdicts import in_words, reasons_in, verdict_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bundle that somebody wants to see in service, not yet checked."""

    folder: Path
    version: int | None  # in the registry
    verdict: dict[str, Any] | None


def find(named: str, open_registry: OpenRegistry, into: Path) -> Candidate:
    """The bundle of version 7 ("7"), of an alias ("challenger"), or in a folder ("./bundle").

    `into` is an empty folder for what is fetched. Raises `Unusable`, or `Unreachable` when the
    registry is needed and away.
    """
    if not named.isdigit() and named != CHALLENGER:
        folder = Path(named).expanduser()
        if not folder.exists():
            raise Unusable(f"{named} is no version, not `{CHALLENGER}`, and no folder")
        return Candidate(folder, None, None)
    return within(PATIENCE_S, lambda: _fetch(named, open_registry(), into / "bundle"))


def why_not(candidate: Candidate) -> str:
    """What the gate holds against it; empty when it passed."""
    verdict = candidate.verdict
    if verdict is None:
        return "the gate has not seen it"
    if verdict.get("passed") is not True:
        return f"the gate refused it ({in_words(verdict)}). {reasons_in(verdict)}".strip()
    return _judged_otherwise(verdict)


def _judged_otherwise(verdict: Mapping[str, Any]) -> str:
    """A verdict holds for the code that read the photos: the gate's `preprocessing`."""
    judged = verdict.get("preprocessing")
    if judged is None or judged == _preprocessing():
        return ""
    return "the gate judged it with another state of the code that reads photos: judge it again"


def _preprocessing() -> str:
    from training.gate.readings import preprocessing  # needs what `training` installs

    return preprocessing()


def _fetch(named: str, registry: Registry, to: Path) -> Candidate:
    found = _registered(named, registry)
    try:
        registry.fetch(found.number, to)
    except ValueError as error:  # its files are not those that were registered
        raise Unusable(str(error)) from error
    return Candidate(to, found.number, verdict_of(found.tags))


def _registered(named: str, registry: Registry) -> Registered:
    number = int(named) if named.isdigit() else registry.aliases().get(named)
    if number is None:
        raise Unusable(f"the registry has no version with the alias `{named}`")
    for version in registry.versions():
        if version.number == number:
            return version
    raise Unusable(f"the registry has no version {number}: see `sonsori models`")
