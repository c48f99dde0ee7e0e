# SPDX-License-Identifier: Apache-2.0
"""The model bundle: glyphs in, calibrated probabilities out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from vision.memory import return_freed_pages
from vision.trust import Trust, trust_of

Glyphs = NDArray[np.float32]
Probabilities = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "bundle"
NOT_A_DIGIT = 10  # index of the eleventh class
MAKERS = 3  # classes of `prints.onnx`: by hand, by a printer, by neither
BATCH = 16  # glyphs a run: as fast as more, and bounds memory on a page full of texture


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded bundle: `version` names it in readings."""

    version: str
    digits: ort.InferenceSession
    lines: ort.InferenceSession | None
    finder: ort.InferenceSession | None
    patches: ort.InferenceSession | None
    prints: ort.InferenceSession | None
    temperature: float
    trust: Trust


def load_model(folder: Path | None = None) -> Model:
    """The bundle in `folder`, or the one that ships with the program.

    From then on the process returns the memory of large pages (`vision.memory`).
    Raises OSError, ValueError or KeyError when the folder holds no whole bundle.
    """
    return_freed_pages()
    folder = folder or SHIPPED
    about: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
    return Model(
        version=str(about["version"]),
        digits=_session(folder / "digits.onnx"),
        lines=_optional(folder / "lines.onnx"),
        finder=_optional(folder / "finder.onnx"),
        patches=_optional(folder / "patches.onnx"),
        prints=_optional(folder / "prints.onnx"),
        temperature=float(about.get("calibration", {}).get("temperature", 1.0)),
        trust=trust_of(about),
    )


def giving_back() -> ort.RunOptions:
    """Options for a run on a large page, after which its memory is the system's again."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _optional(path: Path) -> ort.InferenceSession | None:
    return _session(path) if path.exists() else None


def _session(path: Path) -> ort.InferenceSession:
    if not path.is_file():
        raise FileNotFoundError(f"no model at {path}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # a worker process reads one photo at a time
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # half the memory on a large page, and no slower
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def classify(glyphs: Glyphs, model: Model) -> Probabilities:
    """Probabilities float32 [N,11] of `glyphs` float32 [N,28,28]; the last is "not a digit"."""
    logits = _logits(model.digits, "glyphs", glyphs, NOT_A_DIGIT + 1)
    return softmax(np.asarray(logits / model.temperature, np.float32))


def named(patches: Glyphs, model: Model) -> Probabilities:
    """Probabilities float32 [N,11] of `patches` float32 [N,32,32] (see `vision.patch`)."""
    return softmax(_logits(model.patches, "patches", patches, NOT_A_DIGIT + 1))


def by_hand(patches: Glyphs, model: Model) -> NDArray[np.float32]:
    """Probability float32 [N] that the digit in the middle of each of `patches` float32 [N,48,48]
    (see `vision.printed`) was written by hand."""
    return softmax(_logits(model.prints, "patches", patches, MAKERS))[:, 0]


def _logits(
    network: ort.InferenceSession | None, name: str, images: Glyphs, classes: int
) -> NDArray[np.float32]:
    """What `network` tells of each of `images` [N,H,W], its input called `name`: [N, classes]."""
    # Results are copied out of the runtime's memory at once: kept, each would pin a hole in it.
    logits = np.empty((len(images), classes), np.float32)
    for start in range(0, len(images), BATCH):
        assert network is not None, "nobody asks a network that the bundle lacks"
        batch = images[start : start + BATCH, None]
        logits[start : start + BATCH] = network.run(None, {name: batch})[0]
    return logits


def softmax(logits: NDArray[np.float32]) -> Probabilities:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)
