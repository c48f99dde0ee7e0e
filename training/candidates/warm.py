# SPDX-License-Identifier: Apache-2.0
"""A bundle's networks, from ONNX back to PyTorch: a bundle is all that a next model needs.

The exporter folds every batch norm into the convolution before it. So the networks come back
without norms: each convolution has its own bias, and learns on from there.
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
_WEIGHED = (nn.Conv1d, nn.Conv2d, nn.Linear)


def warm_digits(bundle: Path) -> nn.Module:
    """The digit CNN of `bundle`. Raises `ValueError` when it is no `DigitNet`."""
    return _warm(DigitNet(), bundle / "digits.onnx", torch.zeros(1, 1, 28, 28))


def warm_lines(bundle: Path) -> nn.Module:
    """The line reader of `bundle`. Raises `ValueError` when it is no `LineNet`."""
    return _warm(LineNet(), bundle / "lines.onnx", torch.zeros(1, 1, 32, 128))


def _warm(model: nn.Module, path: Path, example: Tensor) -> nn.Module:
    model = _without_norms(model).eval()
    layers, weights = _in_order(model, example), _weights(path)
    shapes = [tuple(layer.weight.shape) for layer in layers]
    if shapes != [tuple(weight.shape) for weight, _ in weights]:
        raise ValueError(f"{path} holds another network than {type(model).__name__}")
    with torch.no_grad():
        for layer, (weight, bias) in zip(layers, weights, strict=True):
            layer.weight.copy_(weight)
            assert layer.bias is not None
            layer.bias.copy_(bias)
    return model


def _without_norms(model: nn.Module) -> nn.Module:
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, _NORMS):
                setattr(module, name, nn.Identity())
            elif isinstance(child, nn.Conv1d | nn.Conv2d) and child.bias is None:
                child.bias = nn.Parameter(torch.zeros(child.out_channels))
    return model


def _in_order(model: nn.Module, example: Tensor) -> list[nn.Conv1d | nn.Conv2d | nn.Linear]:
    """Everything with weights, in the order in which it is used."""
    found: list[nn.Conv1d | nn.Conv2d | nn.Linear] = []
    hooks = [
        module.register_forward_hook(lambda used, *_: found.append(used))
        for module in model.modules()
        if isinstance(module, _WEIGHED)
    ]
    with torch.no_grad():
        model(example)
    for hook in hooks:
        hook.remove()
    return found


def _weights(path: Path) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of each convolution and dense layer, in the graph's order."""
    graph = onnx.load(path).graph
    values = {
        one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer
    }
    nodes = (node for node in graph.node if node.op_type in ("Conv", "Gemm"))
    return [(values[node.input[1]], values[node.input[2]]) for node in nodes]
