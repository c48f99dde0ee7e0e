# SPDX-License-Identifier: Apache-2.0
"""The sixth step: the best candidate becomes a version in the registry, whatever the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.steps.desk import Desk


def register(desk: Desk, parent: str, best: Mapping[str, Any], verdict: Mapping[str, Any]) -> int:
    """The version's number. It is the challenger from now on."""
    from training.tracking import Alias

    desk.progress.begin("registering", 2)
    version = desk.memory.register(Path(best["bundle"]), parent, verdict)
    desk.progress.advance()
    desk.memory.alias(version, Alias.CHALLENGER)
    desk.progress.advance()
    return version
