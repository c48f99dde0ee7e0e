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
from training.finder_net import FinderNet
from training.line_net import LineNet
from vision.patch import PATCH_PX

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_WEIGHTY = (nn.Conv1d, nn.Conv2d, nn.Linear)

Layer = nn.Conv1d | nn.Conv2d | nn.Linear


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


def load_patches(bundle: Path) -> DigitNet:
    """Raises `ValueError` when `patches.onnx` is not of such a `DigitNet`'s shape."""
    net = DigitNet(side=PATCH_PX)
    _load(net, bundle / "patches.onnx")
    return net


def load_finder(bundle: Path) -> FinderNet:
    """Raises `ValueError` when `finder.onnx` is not of `FinderNet`'s shape."""
    net = FinderNet()
    _load(net, bundle / "finder.onnx", torch.zeros(1, 1, 64, 64))
    return net


def _load(net: nn.Module, path: Path, example: Tensor | None = None) -> None:
    """Fills `net` from `path`; an `example` of its input is needed by a network whose layers are
    not used in the order in which they were made."""
    _fold(net)
    layers = [module for module in net.modules() if isinstance(module, _WEIGHTY)]
    if example is not None:
        layers = _in_use(net, layers, example)
    found = _parameters(path)
    shapes = [tuple(layer.weight.shape) for layer in layers]
    if shapes != [tuple(weight.shape) for weight, _ in found]:
        raise ValueError(f"{path} holds another network")
    for layer, (weight, bias) in zip(layers, found, strict=True):
        layer.weight = nn.Parameter(weight)
        layer.bias = nn.Parameter(bias)


def _in_use(net: nn.Module, layers: list[Layer], example: Tensor) -> list[Layer]:
    """`layers` in the order in which `net` uses them."""
    used: list[Layer] = []
    hooks = [layer.register_forward_hook(lambda one, *_: used.append(one)) for layer in layers]
    with torch.no_grad():
        net(example)
    for hook in hooks:
        hook.remove()
    return used


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
