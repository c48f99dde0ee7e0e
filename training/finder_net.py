# SPDX-License-Identifier: Apache-2.0
"""The finder: a flattened page in, the kind of mark each pixel shows out, and where digits are.

A U-Net (Ronneberger et al. 2015) of residual blocks. Most of its weights work at an eighth of the
page's size and less, where they are cheap and see far: whether a stroke is a digit depends on
what stands around it.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle

from training.layers import Block, layer
from vision.finder import Mark

WIDTHS = (8, 24, 48, 64, 96)  # channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the page's size
SPOT_WIDTH = 32  # channels of the branch that looks for whole digits
FINE = 4  # middles in each of its cells, 2 by 2
RARE = -4.0  # log odds that a cell holds a middle, before anything is learnt


class FinderNet(nn.Module):
    """float32 [N, 1, H, W], sides multiples of 32, to two answers. About 770k parameters.

    Logits [N, 4, H/2, W/2] of `Mark`; and "spots" [N, 6, H/4, W/4]: logits that a digit's middle
    lies in each quarter of the cell, row by row, and the logarithms of its width and height.
    """

    def __init__(self, widths: tuple[int, int, int, int, int] = WIDTHS) -> None:
        super().__init__()
        half, quarter, *deep = widths
        self.stem = layer(1, half, size=5, stride=2)
        self.down = nn.ModuleList(
            nn.Sequential(layer(above, below, stride=2), Block(below))
            for above, below in pairwise(widths)
        )
        self.wide = nn.Sequential(Block(deep[-1], 2), Block(deep[-1], 4))
        self.up = nn.ModuleList(nn.Conv2d(below, above, 1) for above, below in pairwise(widths[1:]))
        self.join = nn.ModuleList(Block(width) for width in widths[1:-1])
        self.last = nn.Conv2d(quarter, 4 * half, 1)
        self.head = nn.Sequential(layer(half, half), nn.Conv2d(half, len(Mark), 1))
        told = nn.Conv2d(SPOT_WIDTH, FINE + 2, 1)
        if told.bias is not None:
            nn.init.constant_(told.bias[:FINE], RARE)
        self.spot = nn.Sequential(layer(quarter, SPOT_WIDTH), layer(SPOT_WIDTH, SPOT_WIDTH), told)

    def forward(self, contrast: Tensor) -> tuple[Tensor, Tensor]:
        first = self.stem(contrast)
        maps = [first]
        for down in self.down:
            maps.append(down(maps[-1]))
        seen = self.wide(maps[-1])
        for up, join, beside in zip(
            reversed(self.up), reversed(self.join), reversed(maps[1:-1]), strict=True
        ):
            seen = join(beside + interpolate(up(seen), scale_factor=2.0, mode="nearest"))
        fine = torch.relu(first + pixel_shuffle(self.last(seen), 2))
        return self.head(fine), self.spot(seen)
