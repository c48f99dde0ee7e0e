# SPDX-License-Identifier: Apache-2.0
"""From PyTorch to the bundle that `vision` serves: ONNX files and `model.json`."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.files import write_whole
from training.glyphs import CLASSES
from vision.networks import version_of
from vision.patch import PATCH_PX
from vision.printed import SIDE_PX

OPSET = 17


def export_digits(model: nn.Module, folder: Path) -> Path:
    """Writes `digits.onnx`: "glyphs" float32 [N, 1, 28, 28] to "logits" float32 [N, 11]."""
    path = folder / "digits.onnx"
    _export(
        model, torch.zeros(2, 1, 28, 28), path, "glyphs", {0: "count"}, {"logits": {0: "count"}}
    )
    return path


def export_lines(model: nn.Module, folder: Path) -> Path:
    """Writes `lines.onnx`: "line" float32 [N, 1, 32, W] to "logits" float32 [W / 4, N, 11]."""
    path = folder / "lines.onnx"
    sizes_in, sizes_out = {0: "count", 3: "width"}, {0: "time", 1: "count"}
    _export(model, torch.zeros(2, 1, 32, 128), path, "line", sizes_in, {"logits": sizes_out})
    return path


def export_finder(model: nn.Module, folder: Path) -> Path:
    """Writes `finder.onnx`: "contrast" float32 [N, 1, H, W] to "logits" [N, 4, H / 2, W / 2] and
    "spots" [N, 6, H / 4, W / 4]."""
    path = folder / "finder.onnx"
    sizes = {0: "count", 2: "height", 3: "width"}
    answers = {"logits": sizes, "spots": sizes}
    _export(model, torch.zeros(1, 1, 64, 96), path, "contrast", sizes, answers)
    return path


def export_patches(model: nn.Module, folder: Path) -> Path:
    """Writes `patches.onnx`: "patches" float32 [N, 1, 32, 32] to "logits" float32 [N, 11]."""
    path = folder / "patches.onnx"
    example = torch.zeros(2, 1, PATCH_PX, PATCH_PX)
    _export(model, example, path, "patches", {0: "count"}, {"logits": {0: "count"}})
    return path


def export_prints(model: nn.Module, folder: Path) -> Path:
    """Writes `prints.onnx`: "patches" float32 [N, 1, 48, 48] to "logits" float32 [N, 3]."""
    path = folder / "prints.onnx"
    example = torch.zeros(2, 1, SIDE_PX, SIDE_PX)
    _export(model, example, path, "patches", {0: "count"}, {"logits": {0: "count"}})
    return path


def _export(
    model: nn.Module,
    example: torch.Tensor,
    path: Path,
    name: str,
    sizes_in: dict[int, str],
    answers: dict[str, dict[int, str]],
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with warnings.catch_warnings():
        # The tracing exporter announces its successor; it is kept because its graphs are the
        # ones ONNX Runtime folds batch norm into.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (example,),
            str(partial),
            input_names=[name],
            output_names=list(answers),
            dynamic_axes={name: sizes_in, **answers},
            opset_version=OPSET,
            dynamo=False,
        )
    partial.replace(path)


def update_card(folder: Path, *, metrics: Mapping[str, Any], **parts: Any) -> Path:
    """Writes `metrics` and `parts` into `model.json`, keeping what else stands there.

    The version is a hash of the networks beside it, so it cannot go stale.
    """
    path = folder / "model.json"
    old: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    card = {
        "calibration": {"temperature": 1.0},
        "thresholds": {},
        **old,
        **parts,
        "version": version_of(folder),
        "input_size": 28,
        "classes": [*(str(digit) for digit in range(10)), "not_a_digit"][:CLASSES],
        "metrics": {**old.get("metrics", {}), **metrics},
    }
    write_whole(path, (json.dumps(card, indent=2, default=str) + "\n").encode())
    return path
