# SPDX-License-Identifier: Apache-2.0
"""The commands that build a network, on a little data that needs no network to be fetched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Network:
    """How one is built from little data, loaded from a bundle, and how well it then does."""

    build: Callable[..., dict[str, Any]]
    chosen: Callable[..., Any]
    load: Callable[[Path], nn.Module]
    does: Callable[[dict[str, Any]], bool]


NETWORKS = {
    "line reader": Network(
        build_lines.build_lines,
        partial(BuildLines, size=Size(photos=8, lines=40, composed=40)),
        load_lines,
        lambda metrics: "lines_exact" in metrics,
    ),
    "third reader": Network(
        build_patches.build_patches,
        partial(BuildPatches, pages=6, lines=40, steps=3),
        load_patches,
        lambda metrics: 0.5 < metrics["patches"]["digits"] <= 1,
    ),
    "finder": Network(
        build_finder.build_finder,
        partial(BuildFinder, pages=6, windows=16),
        load_finder,
        lambda metrics: 0 < metrics["finder_overlap"]["handwritten"] < 1,
    ),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize(("keep", "least", "most"), [(1.0, 0.0, 1e-6), (0.0, 1e-4, 1.0)])
def test_a_network_is_taught_on_and_keeps_a_share_of_what_it_was(
    bundle: Path, tmp_path: Path, network: Network, keep: float, least: float, most: float
) -> None:
    chosen = network.chosen(
        data=tmp_path / "data", out=bundle, recipe=ONE_EPOCH, start=SHIPPED, keep=keep
    )
    metrics = network.build(chosen, [], NullProgress())
    assert least <= moved(network.load(bundle), network.load(SHIPPED)) <= most
    card = json.loads((bundle / "model.json").read_text("utf-8"))
    assert card["metrics"].items() >= metrics.items()
    assert network.does(metrics)
