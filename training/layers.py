# SPDX-License-Identifier: Apache-2.0
"""What the convolutional networks are built of."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def layer(
    inside: int,
    outside: int,
    size: int = 3,
    stride: int | tuple[int, int] = 1,
    spread: int = 1,
) -> nn.Module:
    """A convolution of `size`, dilated by `spread`, that keeps the size but for its `stride`."""
    return nn.Sequential(
        nn.Conv2d(inside, outside, size, stride, spread * (size // 2), spread, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    )


class Block(nn.Module):
    """Two 3x3 convolutions around a shortcut; `spread` dilates the first."""

    def __init__(self, width: int, spread: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            layer(width, width, spread=spread),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.body(x))
