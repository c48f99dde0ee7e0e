# SPDX-License-Identifier: Apache-2.0
"""A handful of photos that every bundle must read before it serves.

They tell a bundle that works from one that does not, not a better one from a worse one: that is
the gate's work. `training.smoke_photos` drew them.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from vision import Model
from vision.findings import Findings
from vision.quality import judge
from vision.reader import examine

FOLDER = Path(__file__).parent / "smoke"
LEAST_RIGHT = 5  # of the six: the shipped bundle reads all, a network of noise the empty one


def fault_in(model: Model) -> str:
    """Why `model` fails, in words for an operator; empty when it passes. Takes half a second.

    A reading that is sure and wrong is what no caller may ever hear: one is too many. One that not
    all readers are right about does not count: the others may be blind.
    """
    right = 0
    for text, photo in photos():
        digits, sure, at_one = _read(photo, model)
        if sure and digits != text:
            return "it is sure of a smoke photo that it reads wrong"
        right += digits == text and at_one
    if right < LEAST_RIGHT:
        return f"it reads {right} of {len(photos())} smoke photos, {LEAST_RIGHT} are wanted"
    return ""


@cache
def photos() -> tuple[tuple[str, bytes], ...]:
    """What stands on each photo, and the photo; one of them is of empty paper."""
    with (FOLDER / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple((row["text"], (FOLDER / row["file"]).read_bytes()) for row in rows)


def _read(photo: bytes, model: Model) -> tuple[str, bool, bool]:
    """The digits that a caller would hear, whether they are sure, and all readers at one."""
    found = examine(photo, model)
    if not isinstance(found, Findings):
        return "", False, True
    verdict = judge(found, model.trust)
    if not verdict.readable:
        return "", False, True
    at_one = all(line.votes == line.line.told.readers for line in found.agreed)
    return "".join(line.text for line in found.lines), verdict.sure, at_one
