# SPDX-License-Identifier: Apache-2.0
"""The second reader: a whole line's image in, CTC logits out, without cutting it.

Convolutions over the image give a vector a column; dilated convolutions over the columns then
look left and right, further with every layer, which a processor does faster than a recurrent
network (Bai et al. 2018). The blank is class 10, so that digits keep their own numbers.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from training.layers import Block, layer
from vision.transcribe import BLANK

SYMBOLS = BLANK + 1
WIDTHS = (16, 32, 64, 96)  # channels at a half, a quarter, an eighth, a sixteenth of the height
SPREADS = (1, 2, 4, 8, 1)  # of the convolutions over columns: 33 columns, some five digits


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
            layer(1, half, size=5, stride=(2, 2)),
            layer(*shapes[0], stride=(2, 2)),
            Block(quarter),
            layer(*shapes[1], stride=(2, 1)),
            Block(eighth),
            layer(*shapes[2], stride=(2, 1)),
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
