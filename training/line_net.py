# SPDX-License-Identifier: Apache-2.0
"""The second reader: a whole line's image in, CTC logits out, without cutting it.

Convolutions over the image give a vector a column; dilated convolutions over the columns then
look left and right, further with every layer, which a processor does faster than a recurrent
network (Bai et al. 2018). The blank is class 10, so that digits keep their own numbers.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

BLANK = 10
SYMBOLS = 11
WIDTHS = (16, 32, 64, 96)  # channels at a half, a quarter, an eighth, a sixteenth of the height
SPREADS = (1, 2, 4, 8, 1)  # of the convolutions over columns: 33 columns, some five digits


def _layer(inside: int, outside: int, stride: tuple[int, int] = (1, 1), size: int = 3) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inside, outside, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    )


class _Block(nn.Module):
    """Two 3x3 convolutions around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _layer(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(maps + self.second(self.first(maps)))


class _Look(nn.Module):
    """One convolution over the columns, `spread` apart, around a shortcut."""

    def __init__(self, width: int, spread: int, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(width, width, 3, 1, spread, spread, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Dropout(dropout),
        )

    def forward(self, columns: Tensor) -> Tensor:
        seen: Tensor = columns + self.body(columns)
        return seen


class LineNet(nn.Module):
    """float32 [N, 1, 32, W], ink 1 on paper 0, to logits [W / 4, N, 11]. About 445k parameters."""

    def __init__(self, memory: int = 128, dropout: float = 0.1) -> None:
        super().__init__()
        half, quarter, eighth, _ = WIDTHS
        shapes = list(pairwise(WIDTHS))
        self.features = nn.Sequential(
            _layer(1, half, (2, 2), size=5),
            _layer(*shapes[0], (2, 2)),
            _Block(quarter),
            _layer(*shapes[1], (2, 1)),
            _Block(eighth),
            _layer(*shapes[2], (2, 1)),
        )
        self.columns = nn.Sequential(
            nn.Conv1d(2 * WIDTHS[-1], memory, 1, bias=False), nn.BatchNorm1d(memory), nn.ReLU()
        )
        self.look = nn.Sequential(*[_Look(memory, spread, dropout) for spread in SPREADS])
        self.head = nn.Conv1d(memory, SYMBOLS, 1)

    def forward(self, line: Tensor) -> Tensor:
        columns = self.columns(self.features(line).flatten(1, 2))
        logits: Tensor = self.head(self.look(columns)).permute(2, 0, 1)
        return logits
