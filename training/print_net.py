# SPDX-License-Identifier: Apache-2.0
"""Who made a detected digit: a 48x48 patch around it in, three logits of `prints.Maker` out."""

from __future__ import annotations

from torch import Tensor, nn

from training.layers import Block, layer
from training.prints import Maker

WIDTHS = (16, 32, 64)  # channels at 1/2, 1/4 and 1/8 of the patch's size
FIELDS = 3  # the last map, 6 by 6, is averaged in so many parts each way
DROPOUT = 0.3


class PrintNet(nn.Module):
    """float32 [N, 1, 48, 48], ink 1 on paper 0, to logits [N, 3]. About 118k parameters."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__()
        half, quarter, eighth = widths
        self.features = nn.Sequential(
            layer(1, half, size=5, stride=2),
            layer(half, quarter, stride=2),
            Block(quarter),
            layer(quarter, eighth, stride=2),
            Block(eighth),
            nn.AvgPool2d(6 // FIELDS),
        )
        self.head = nn.Sequential(
            nn.Flatten(), nn.Dropout(DROPOUT), nn.Linear(eighth * FIELDS**2, len(Maker))
        )

    def forward(self, patches: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(patches))
        return logits
