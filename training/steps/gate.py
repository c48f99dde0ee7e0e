# SPDX-License-Identifier: Apache-2.0
"""The fifth step: champion and challenger read the frozen set, and the gate decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.steps.desk import Desk


def gate(desk: Desk, parent: str, best: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict as plain values, `passed` and `reasons` among them. Its card is remembered."""
    challenger = Path(best["bundle"])
    verdict = desk.parts.judge(challenger, desk.plan, desk.report, desk.progress)
    desk.memory.artifacts(parent, desk.report, "gate")
    passed, reasons = bool(verdict.passed), list(verdict.reasons)
    return {**verdict.as_dict(), "passed": passed, "reasons": reasons}
