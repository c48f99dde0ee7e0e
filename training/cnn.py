# SPDX-License-Identifier: Apache-2.0
"""The digit CNN: a 28x28 glyph in, eleven logits out (0-9 and "not a digit").

A small residual net: three scales, batch norm, one dense layer over the last 7x7 map. Dense
instead of pooled, because where a stroke lies (a bar on a 7, the open top of a 4) is what
tells digits apart.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.glyphs import CLASSES


class Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut; halves the map when `stride` is 2."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(),
            nn.Conv2d(outside, outside, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outside),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside)
            )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))


class DigitNet(nn.Module):
    """float32 [N, 1, side, side], ink 1 on paper 0, to logits [N, 11]; `side` a multiple of 4.
    About 200k parameters.

    The first convolution strides: with 32 channels for each 2x2 pixels nothing is lost, and
    the full-size maps, which cost most of the time on a CPU, never exist.
    """

    def __init__(self, width: int = 32, dropout: float = 0.2, side: int = 28) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, 5, 2, 2, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            Residual(width, width, 1),
            Residual(width, 2 * width, 2),
            Residual(2 * width, 2 * width, 1),
        )
        self.head = nn.Sequential(
            nn.Flatten(), nn.Dropout(dropout), nn.Linear(2 * width * (side // 4) ** 2, CLASSES)
        )

    def forward(self, glyphs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(glyphs))
        return logits


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
