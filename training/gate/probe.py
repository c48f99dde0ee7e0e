# SPDX-License-Identifier: Apache-2.0
"""Looks at one bundle in this process, a clean one: `python -m training.gate.probe BUNDLE`.

Prints a line of JSON, an `Inspection`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

import vision
from training.gate.inspection import Inspection
from training.gate.smoke import smoke_photos
from training.scoring import only_digits
from vision.classify import classify, named
from vision.patch import PATCH_PX
from vision.transcribe import transcribe

GLYPHS = 32
SUM_ERROR = 1e-4  # of float32 probabilities that add up to 1
SEED = 7


def probe(bundle: Path) -> Inspection:
    """What `bundle` is like. What it raises when loaded is told, not raised."""
    try:
        model = vision.load_model(bundle)
        sums_to_one = _sums_to_one(model)
    except Exception as error:  # ONNX Runtime raises a dozen kinds for a damaged network
        return Inspection(error=f"{type(error).__name__}: {error}".splitlines()[0])
    wrong = [text for photo, text in smoke_photos() if _read(photo, model) != text]
    return Inspection(model.version, sums_to_one, len(wrong))


def _sums_to_one(model: vision.Model) -> bool:
    """Whether the readers' answers to noise are probabilities."""
    random = np.random.default_rng(SEED)
    rows = [classify(random.random((GLYPHS, 28, 28), np.float32), model)]
    line = transcribe(random.random((48, 240), np.float32), model)
    if line is not None:
        rows.append(line.columns)
    if model.patches is not None:
        rows.append(named(random.random((GLYPHS, PATCH_PX, PATCH_PX), np.float32), model))
    p = np.concatenate(rows)
    return bool(np.isfinite(p).all() and (abs(p.sum(axis=1) - 1) < SUM_ERROR).all())


def _read(photo: bytes, model: vision.Model) -> str:
    return only_digits(vision.read(photo, model).text)


if __name__ == "__main__":
    print(json.dumps(asdict(probe(Path(sys.argv[1])))))
