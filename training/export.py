# SPDX-License-Identifier: Apache-2.0
"""From PyTorch to the bundle that `vision` serves: ONNX files and `model.json`."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.glyphs import CLASSES

OPSET = 17


def export_digits(model: nn.Module, folder: Path) -> Path:
    """Writes `digits.onnx`: "glyphs" float32 [N, 1, 28, 28] to "logits" float32 [N, 11]."""
    path = folder / "digits.onnx"
    _export(model, torch.zeros(2, 1, 28, 28), path, "glyphs", {0: "count"}, {0: "count"})
    return path


def export_lines(model: nn.Module, folder: Path) -> Path:
    """Writes `lines.onnx`: "line" float32 [N, 1, 32, W] to "logits" float32 [W / 4, N, 11]."""
    path = folder / "lines.onnx"
    sizes_in, sizes_out = {0: "count", 3: "width"}, {0: "time", 1: "count"}
    _export(model, torch.zeros(2, 1, 32, 128), path, "line", sizes_in, sizes_out)
    return path


def _export(
    model: nn.Module,
    example: torch.Tensor,
    path: Path,
    name: str,
    sizes_in: dict[int, str],
    sizes_out: dict[int, str],
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
            output_names=["logits"],
            dynamic_axes={name: sizes_in, "logits": sizes_out},
            opset_version=OPSET,
            dynamo=False,
        )
    partial.replace(path)


def write_card(
    folder: Path,
    *,
    calibration: Mapping[str, Any],
    thresholds: Mapping[str, Any],
    training_data_sha256: str,
    metrics: Mapping[str, Any],
) -> Path:
    """Writes `model.json`. The version is a hash of the networks, so it cannot go stale."""
    nets = [folder / name for name in ("digits.onnx", "lines.onnx") if (folder / name).exists()]
    state = hashlib.sha256(b"".join(net.read_bytes() for net in nets))
    card = {
        "version": state.hexdigest()[:12],
        "input_size": 28,
        "classes": [*(str(digit) for digit in range(10)), "not_a_digit"][:CLASSES],
        "calibration": dict(calibration),
        "thresholds": dict(thresholds),
        "training_data_sha256": training_data_sha256,
        "metrics": dict(metrics),
    }
    path = folder / "model.json"
    path.write_text(json.dumps(card, indent=2) + "\n")
    return path
