# SPDX-License-Identifier: Apache-2.0
"""The commands that build a network, on a little data that needs no network to be fetched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

import vision
from training import build_finder, build_lines, build_patches, data
from training.build_finder import BuildFinder
from training.build_lines import BuildLines
from training.build_patches import BuildPatches
from training.candidates.warm import load_finder, load_lines, load_patches
from training.data import Size
from training.fit import Recipe
from training.progress import NullProgress
from training.synthesis.characters import make_sources

SHIPPED = Path(vision.__file__).parent / "bundle"
ONE_EPOCH = Recipe(epochs=1, rate=1e-3, threads=1)


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundle that ships; what learns on drawn digits draws strokes, and few."""
    for module in (build_finder, build_lines, build_patches):
        monkeypatch.setattr(module, "fetch_all", lambda *given: None)
    for module in (data, build_finder, build_patches):
        monkeypatch.setattr(module, "sources_of", lambda folders: make_sources())
    for name, few in (("PART", 40), ("PHOTOS", 8), ("HANDS", 2)):
        monkeypatch.setattr(data, name, few)
    monkeypatch.setattr(build_finder, "PART", 3)
    for module in (build_finder, build_patches):
        monkeypatch.setattr(module, "HELD_BACK", 2)
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


def weights(model: nn.Module) -> torch.Tensor:
    return torch.cat([weight.flatten() for weight in model.state_dict().values()])


def moved(now: nn.Module, before: nn.Module) -> float:
    return float((weights(now) - weights(before)).abs().max())


@pytest.mark.parametrize(("keep", "least", "most"), [(1.0, 0.0, 1e-6), (0.0, 1e-4, 1.0)])
def test_a_line_reader_is_taught_on_and_keeps_a_share_of_what_it_was(
    bundle: Path, tmp_path: Path, keep: float, least: float, most: float
) -> None:
    size = Size(photos=8, lines=40, composed=40)
    chosen = BuildLines(tmp_path / "data", bundle, size, ONE_EPOCH, SHIPPED, keep)
    metrics = build_lines.build_lines(chosen, [], NullProgress())
    assert least <= moved(load_lines(bundle), load_lines(SHIPPED)) <= most
    card = json.loads((bundle / "model.json").read_text("utf-8"))
    assert card["metrics"].items() >= metrics.items()


@pytest.mark.parametrize(("keep", "least", "most"), [(1.0, 0.0, 1e-6), (0.0, 1e-4, 1.0)])
def test_a_third_reader_is_taught_on_and_keeps_a_share_of_what_it_was(
    bundle: Path, tmp_path: Path, keep: float, least: float, most: float
) -> None:
    chosen = BuildPatches(
        tmp_path / "data",
        bundle,
        pages=6,
        lines=40,
        steps=3,
        recipe=ONE_EPOCH,
        start=SHIPPED,
        keep=keep,
    )
    metrics = build_patches.build_patches(chosen, [], NullProgress())
    assert least <= moved(load_patches(bundle), load_patches(SHIPPED)) <= most
    assert 0.5 < metrics["patches"]["digits"] <= 1


@pytest.mark.parametrize(("keep", "least", "most"), [(1.0, 0.0, 1e-6), (0.0, 1e-4, 1.0)])
def test_a_finder_is_taught_on_and_keeps_a_share_of_what_it_was(
    bundle: Path, tmp_path: Path, keep: float, least: float, most: float
) -> None:
    chosen = BuildFinder(
        tmp_path / "data",
        bundle,
        pages=6,
        windows=16,
        recipe=ONE_EPOCH,
        start=SHIPPED,
        keep=keep,
    )
    metrics = build_finder.build_finder(chosen, [], NullProgress())
    assert least <= moved(load_finder(bundle), load_finder(SHIPPED)) <= most
    assert 0 < metrics["finder_overlap"]["handwritten"] < 1
