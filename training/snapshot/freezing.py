# SPDX-License-Identifier: Apache-2.0
"""Freezes a take-out: the same crops with the same labels give the same folder, byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.files import write_whole
from training.loop import Crop, Plan, TakeOut
from training.progress import ProgressBar
from training.snapshot.folder import Digits, Snapshot, digest_of, empty_pixels
from training.snapshot.shapes import decode_crop, ink_of, shape_of


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    crop: Crop
    shape: NDArray[np.uint8]


def freeze(takeout: TakeOut, plan: Plan, progress: ProgressBar) -> Snapshot:
    """The take-out's crops as a folder of `plan.snapshots`. One that cannot be decoded, or shows
    nothing, is left out and counted."""
    crops = takeout.crops()
    progress.begin("crops", len(crops))
    found = []
    for crop in crops:
        found.append(_kept(crop, takeout.png(crop)))
        progress.advance()
    kept = sorted((one for one in found if one), key=lambda one: (one.name, one.crop.value))
    digits = _digits(kept)
    manifest = _manifest(plan, digits, kept, left_out=len(crops) - len(kept))
    return Snapshot.open(_stored(plan.snapshots, digits, manifest))


def _kept(crop: Crop, png: bytes) -> _Kept | None:
    pixels = decode_crop(png)
    ink = None if pixels is None else ink_of(pixels)
    if pixels is None or ink is None:
        return None
    name = hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).hexdigest()
    return _Kept(name, crop, shape_of(ink))


def _digits(kept: list[_Kept]) -> Digits:
    shapes = [one.shape for one in kept]
    return Digits(
        tuple(one.name for one in kept),
        np.array([one.crop.value for one in kept], np.int64),
        tuple(one.crop.label for one in kept),
        np.array([shape.shape[1] for shape in shapes], np.int64),
        np.concatenate([empty_pixels(), *shapes], axis=1),
    )


def _manifest(plan: Plan, digits: Digits, kept: list[_Kept], *, left_out: int) -> dict[str, Any]:
    replay = "strokes" if plan.drawn_only else "strokes, and fonts and MNIST where they are"
    return {
        "crops": len(kept),
        "left_out": left_out,
        "held_back": int(digits.held_back.sum()),
        "labels": _counts(one.crop.label for one in kept),
        "digits": _counts(str(one.crop.value) for one in kept),
        "days": _counts(one.crop.day for one in kept),
        "replay": {
            "sources": replay,
            "seed": plan.seed,
            "glyphs": plan.amounts.old_glyphs,
            "lines": plan.amounts.old_lines,
            "pages": plan.amounts.old_pages,
        },
        "parts": {"digits": digits.digest()},
    }


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _stored(root: Path, digits: Digits, manifest: dict[str, Any]) -> Path:
    """The folder, whole or not at all."""
    folder = root / digest_of(manifest)
    if folder.exists():
        return folder
    partial = root / f"{folder.name}.{os.getpid()}.partial"
    partial.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        partial / "digits.npz",
        names=np.array(digits.names, dtype=str),
        values=digits.values,
        labels=np.array(digits.labels, dtype=str),
        widths=digits.widths,
        pixels=digits.pixels,
    )
    write_whole(partial / "manifest.json", json.dumps(manifest, indent=2).encode())
    try:
        partial.rename(folder)
    except OSError:
        shutil.rmtree(partial)
        if not folder.exists():
            raise
    return folder
