# SPDX-License-Identifier: Apache-2.0
"""The networks of a bundle, loaded from its ONNX files back into PyTorch, to be taught further.

The exporter folds batch norm into the convolutions before it, so what comes back has none: each
convolution has a bias in its place. That is the network as it serves.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.cnn import DigitNet
from training.line_net import LineNet

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_WEIGHTY = (nn.Conv1d, nn.Conv2d, nn.Linear)


def load_digits(bundle: Path) -> DigitNet:
    """Raises `ValueError` when `digits.onnx` is not of `DigitNet`'s shape."""
    net = DigitNet()
    _load(net, bundle / "digits.onnx")
    return net


def load_lines(bundle: Path) -> LineNet:
    """Raises `ValueError` when `lines.onnx` is not of `LineNet`'s shape."""
    net = LineNet()
    _load(net, bundle / "lines.onnx")
    return net


def _load(net: nn.Module, path: Path) -> None:
    _fold(net)
    layers = [module for module in net.modules() if isinstance(module, _WEIGHTY)]
    found = _parameters(path)
    shapes = [tuple(layer.weight.shape) for layer in layers]
    if shapes != [tuple(weight.shape) for weight, _ in found]:
        raise ValueError(f"{path} holds another network")
    for layer, (weight, bias) in zip(layers, found, strict=True):
        layer.weight = nn.Parameter(weight)
        layer.bias = nn.Parameter(bias)


def _fold(net: nn.Module) -> None:
    """Takes the norms out, in place."""
    for module in list(net.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, _NORMS):
                setattr(module, name, nn.Identity())


def _parameters(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of each layer, in the order in which they are used."""
    graph = onnx.load(str(path)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    names = [node.input[1:3] for node in graph.node if node.op_type in ("Conv", "Gemm")]
    if any(len(pair) != 2 or not stored.keys() >= set(pair) for pair in names):
        raise ValueError(f"{path} holds another network")
    return [
        (torch.from_numpy(stored[weight].copy()), torch.from_numpy(stored[bias].copy()))
        for weight, bias in names
    ]


def between(one: nn.Module, other: nn.Module, share: float) -> nn.Module:
    """`one` with each weight moved by `share` towards `other`'s (Wortsman et al. 2021): what it
    learnt, and most of what it would have forgotten."""
    state = {
        name: torch.lerp(weight, other.state_dict()[name], share)
        for name, weight in one.state_dict().items()
    }
    one.load_state_dict(state)
    return one
