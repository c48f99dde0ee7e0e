# SPDX-License-Identifier: Apache-2.0
"""The finder: a flattened page in, the kind of mark each pixel shows out.

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


class FinderNet(nn.Module):
    """float32 [N, 1, H, W], sides multiples of 32, to logits [N, 4, H/2, W/2] of `Mark`.

    About 750k parameters.
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

    def forward(self, contrast: Tensor) -> Tensor:
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
        logits: Tensor = self.head(fine)
        return logits
