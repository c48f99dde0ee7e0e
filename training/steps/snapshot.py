# SPDX-License-Identifier: Apache-2.0
"""The second step: the data is frozen, and it is decided whether there is anything new in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.files import write_whole
from training.loop import TakeOut
from training.steps.desk import Desk

if TYPE_CHECKING:
    from training.tracking import Finished


def snapshot(desk: Desk, run: str) -> dict[str, Any]:
    """`digest` and `folder` of the data, `labels` (how many crops), `new`, and `reason` when
    nothing is new. New is what the last retraining that came to a verdict had not."""
    takeout = TakeOut(desk.plan.input)
    ids = [crop.id for crop in takeout.crops()]
    before = desk.memory.finished(but=desk.key)
    reason = _too_few(desk, ids, before)
    if reason:
        return {"digest": "", "folder": "", "labels": len(ids), "new": False, "reason": reason}
    data = desk.parts.freeze(takeout, desk.plan, desk.progress)
    write_whole(_ids_file(desk, data.digest), "\n".join(ids).encode())
    desk.memory.dataset(run, data.digest, data.manifest)
    found = {"digest": data.digest, "folder": str(data.folder), "labels": len(ids)}
    reason = _same_again(data.digest, before)
    return {**found, "new": not reason, "reason": reason}


def _too_few(desk: Desk, ids: list[str], before: list[Finished]) -> str:
    """Without the list of what was learnt from last, every label counts as new."""
    known: set[str] = set()
    if before and _ids_file(desk, before[0].data).exists():
        known = set(_ids_file(desk, before[0].data).read_text().split())
    new = len(set(ids) - known)
    least = desk.plan.least_new
    return f"{new} new labels, fewer than {least}" if new < least else ""


def _same_again(digest: str, before: list[Finished]) -> str:
    same = [one for one in before if one.data == digest]
    return f"the same data as in {same[0].name}" if same else ""


def _ids_file(desk: Desk, digest: str) -> Path:
    return desk.plan.snapshots / f"{digest}.ids"
