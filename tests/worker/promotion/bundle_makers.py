# SPDX-License-Identifier: Apache-2.0
"""Bundles made of the shipped one: as good as it, or broken in one way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx

from vision import SHIPPED
from vision.networks import version_of


def other_bundle(folder: Path, number: int) -> Path:
    """Reads as the shipped bundle does, with networks that are other files."""
    shutil.copytree(SHIPPED, folder)
    network = onnx.load(folder / "digits.onnx")
    network.doc_string = f"bundle {number}"
    onnx.save(network, folder / "digits.onnx")
    return with_true_version(folder)


def blind_bundle(folder: Path) -> Path:
    """Loads, and its first reader takes everything for something else; the second still reads."""
    shutil.copytree(SHIPPED, folder)
    network = onnx.load(folder / "digits.onnx")
    output = network.graph.output[0].name
    last = next(node for node in network.graph.node if output in node.output)
    last.output[:] = ["seen"]
    network.graph.node.append(onnx.helper.make_node("Neg", ["seen"], [output]))
    onnx.save(network, folder / "digits.onnx")
    return with_true_version(folder)


def with_true_version(folder: Path) -> Path:
    version = version_of(folder)

    def renamed(card: dict[str, Any]) -> None:
        card["version"] = version
        card["confidence"]["networks"] = version

    return with_card(folder, renamed)


def with_card(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    card = json.loads((folder / "model.json").read_text())
    change(card)
    (folder / "model.json").write_text(json.dumps(card))
    return folder


def cut_short(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
