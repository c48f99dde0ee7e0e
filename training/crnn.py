# SPDX-License-Identifier: Apache-2.0
"""The second reader: a whole line's image in, CTC logits out, without cutting it.

Convolutions only look across; a bidirectional GRU over the columns adds what stands left and
right. The blank is class 10, so that digits keep their own numbers.
"""

from __future__ import annotations

from torch import Tensor, nn

BLANK = 10
SYMBOLS = 11


def _block(inside: int, outside: int, pool: tuple[int, int] | None = None) -> list[nn.Module]:
    layers: list[nn.Module] = [
        nn.Conv2d(inside, outside, 3, 1, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    ]
    return [*layers, nn.MaxPool2d(pool)] if pool else layers


class LineNet(nn.Module):
    """float32 [N, 1, 32, W], ink 1 on paper 0, to logits [W / 4, N, 11]. About 220k parameters."""

    def __init__(self, width: int = 16, memory: int = 64, dropout: float = 0.15) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, (5, 5), (2, 2), 2, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            *_block(width, 2 * width, (2, 2)),
            *_block(2 * width, 3 * width),
            *_block(3 * width, 4 * width, (2, 1)),
            *_block(4 * width, 6 * width),
        )
        self.columns = nn.Sequential(nn.Linear(6 * width * 4, 2 * memory), nn.ReLU())
        self.drop = nn.Dropout(dropout)
        self.memory = nn.GRU(2 * memory, memory, bidirectional=True)
        self.head = nn.Linear(2 * memory, SYMBOLS)

    def forward(self, line: Tensor) -> Tensor:
        maps = self.features(line)
        columns = maps.permute(3, 0, 1, 2).flatten(2)
        remembered, _ = self.memory(self.drop(self.columns(columns)))
        logits: Tensor = self.head(self.drop(remembered))
        return logits
