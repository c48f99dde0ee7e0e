# SPDX-License-Identifier: Apache-2.0
"""The second reader: a whole line's image in, CTC logits out, without cutting it.

Convolutions all the way: over the image first, then, with growing dilation, along its columns,
so that each column knows two or three digits to either side. The blank is class 10, so that
digits keep their own numbers.
"""

from __future__ import annotations

from torch import Tensor, nn

BLANK = 10
SYMBOLS = 11
REACHES = (1, 2, 4, 1)  # columns of 4 pixels; a digit is about five wide


def _block(inside: int, outside: int, pool: tuple[int, int] | None = None) -> list[nn.Module]:
    layers: list[nn.Module] = [
        nn.Conv2d(inside, outside, 3, 1, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    ]
    return [*layers, nn.MaxPool2d(pool)] if pool else layers


class Along(nn.Module):
    """Looks `dilation` columns to either side, and adds what it sees."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(width, width, 3, 1, dilation, dilation, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Dropout(dropout),
        )

    def forward(self, columns: Tensor) -> Tensor:
        seen: Tensor = columns + self.body(columns)
        return seen


class LineNet(nn.Module):
    """float32 [N, 1, 32, W], ink 1 on paper 0, to logits [W / 4, N, 11]. About 350k parameters."""

    def __init__(self, width: int = 16, memory: int = 128, dropout: float = 0.1) -> None:
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
        self.columns = nn.Sequential(
            nn.Conv1d(6 * width * 4, memory, 1, bias=False), nn.BatchNorm1d(memory), nn.ReLU()
        )
        self.along = nn.Sequential(*(Along(memory, reach, dropout) for reach in REACHES))
        self.head = nn.Conv1d(memory, SYMBOLS, 1)

    def forward(self, line: Tensor) -> Tensor:
        columns = self.columns(self.features(line).flatten(1, 2))
        logits: Tensor = self.head(self.along(columns))
        return logits.permute(2, 0, 1)
