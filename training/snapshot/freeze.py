# SPDX-License-Identifier: Apache-2.0
"""Freezes a take-out: the same digits and the same plan give the same folder, whoever makes it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from training.loop import Crop, Plan, TakeOut
from training.progress import NullProgress, ProgressBar
from training.snapshot.crops import cell_of, glyph_of, ink_of
from training.snapshot.digits import Digits
from training.snapshot.snapshot import DIGITS, MANIFEST, Snapshot
from training.snapshot.worth import DENIED, worth_of


def freeze(takeout: TakeOut, plan: Plan, progress: ProgressBar | None = None) -> Snapshot:
    """The snapshot of `takeout`, made whole or not at all. Raises `OSError` for a full disk."""
    digits, crops = _digits(takeout, progress or NullProgress())
    manifest = _manifest(digits, crops, len(takeout.crops()), plan)
    folder = plan.snapshots / manifest["digest"]
    if not folder.exists():
        _write(folder, digits, manifest)
    return Snapshot.open(folder)


def _digits(takeout: TakeOut, progress: ProgressBar) -> tuple[Digits, list[Crop]]:
    """All that can be seen, and the crops they came of; a crop of bare paper is left out."""
    every = takeout.crops()
    progress.begin("digits", len(every))
    glyphs, cells, kept = [], [], []
    for crop in every:
        ink = ink_of(takeout.png(crop))
        progress.advance()
        if ink is None:
            continue
        glyphs.append(glyph_of(ink))
        cells.append(cell_of(ink))
        kept.append(crop)
    return _gathered(glyphs, cells, kept), kept


def _gathered(glyphs: list[Any], cells: list[Any], crops: Sequence[Crop]) -> Digits:
    return Digits(
        np.stack(glyphs) if glyphs else np.zeros((0, 28, 28), np.uint8),
        np.concatenate(cells, axis=1) if cells else np.zeros((84, 0), np.uint8),
        np.array([cell.shape[1] for cell in cells], np.int64),
        np.array([crop.value for crop in crops], np.int64),
        np.array([worth_of(crop.label) for crop in crops], np.float32),
        np.array([crop.label == DENIED for crop in crops], bool),
        tuple(crop.id for crop in crops),
    )


def _manifest(digits: Digits, crops: Sequence[Crop], given: int, plan: Plan) -> dict[str, Any]:
    """Counts and digests. What is rendered is told by its seed and amounts."""
    rendered = {
        "seed": plan.seed,
        "drawn_only": plan.drawn_only,
        "amounts": asdict(plan.amounts),
        "candidates": list(plan.candidates),
    }
    state = hashlib.sha256(digits.digest().encode())
    state.update(json.dumps(rendered, sort_keys=True).encode())
    return {
        "digest": state.hexdigest(),
        "digits_sha256": digits.digest(),
        "rendered": rendered,
        "crops": given,
        "unreadable": given - len(crops),
        "labels": dict(sorted(Counter(crop.label for crop in crops).items())),
        "digits": dict(sorted(Counter(str(crop.value) for crop in crops).items())),
        "days": dict(sorted(Counter(crop.day for crop in crops).items())),
    }


def _write(folder: Path, digits: Digits, manifest: dict[str, Any]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix="partial-", dir=folder.parent))
    try:
        digits.save(partial / DIGITS)
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        partial.replace(folder)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        if not folder.exists():  # somebody else may have been quicker
            raise
