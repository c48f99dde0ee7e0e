# SPDX-License-Identifier: Apache-2.0
"""The champion's networks, loaded back, are the champion's networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from training.candidates.warm import between, load_digits, load_lines, load_patches
from training.export import export_digits, export_lines, export_patches
from vision import SHIPPED, load_model

GLYPHS = np.random.default_rng(1).random((4, 1, 28, 28), np.float32)
PATCHES = np.random.default_rng(3).random((4, 1, 32, 32), np.float32)
LINES = np.random.default_rng(2).random((2, 1, 32, 160), np.float32)


def test_the_networks_answer_as_they_serve() -> None:
    model = load_model()
    with torch.no_grad():
        digits = load_digits(SHIPPED).eval()(torch.from_numpy(GLYPHS)).numpy()
        lines = load_lines(SHIPPED).eval()(torch.from_numpy(LINES)).numpy()
        patches = load_patches(SHIPPED).eval()(torch.from_numpy(PATCHES)).numpy()
    assert model.lines is not None and model.patches is not None
    named = model.patches.run(None, {"patches": PATCHES})[0]
    np.testing.assert_allclose(patches, named, atol=1e-3)
    np.testing.assert_allclose(digits, model.digits.run(None, {"glyphs": GLYPHS})[0], atol=1e-3)
    np.testing.assert_allclose(lines, model.lines.run(None, {"line": LINES})[0], atol=1e-3)


def test_what_was_exported_can_be_loaded_again(tmp_path: Path) -> None:
    export_digits(load_digits(SHIPPED), tmp_path)
    export_lines(load_lines(SHIPPED), tmp_path)
    export_patches(load_patches(SHIPPED), tmp_path)
    for load in (load_digits, load_lines, load_patches):
        first, again = load(SHIPPED).state_dict(), load(tmp_path).state_dict()
        assert all(torch.equal(first[name], again[name]) for name in first)


def test_another_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "digits.onnx").write_bytes((SHIPPED / "lines.onnx").read_bytes())
    with pytest.raises(ValueError, match="another network"):
        load_digits(tmp_path)


def test_halfway_between_two_networks() -> None:
    one, other = load_digits(SHIPPED), load_digits(SHIPPED)
    with torch.no_grad():
        for weight in one.parameters():
            weight.add_(2.0)
    middle = between(one, other, 0.5).state_dict()
    for name, weight in other.state_dict().items():
        torch.testing.assert_close(middle[name], weight + 1)
