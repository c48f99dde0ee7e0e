# SPDX-License-Identifier: Apache-2.0
"""Random changes to a batch of glyphs that another hand, pen or camera could have made.

Everything is vectorised over the batch and drawn from the generator that is passed in, so a
seed gives the same pictures again.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far each change may go; all are drawn evenly from -x to x unless said otherwise."""

    rotation_deg: float = 10.0
    slant: float = 0.18
    stretch: float = 0.12
    shift_px: float = 1.6
    wave_px: float = 1.0  # standard deviation of the elastic field on a 5x5 grid
    weight_share: float = 0.3  # share of glyphs whose strokes get thicker or thinner
    blur_share: float = 0.25
    noise: float = 0.06
    gap_share: float = 0.08  # share of glyphs that lose a small patch


def augment(glyphs: Tensor, chosen: Augmentation, random: torch.Generator) -> Tensor:
    """float32 [N, 1, 28, 28] in 0..1 to the same shape and range, each glyph changed anew."""
    changed = _warp(glyphs, chosen, random)
    changed = _reweigh(changed, chosen.weight_share, random)
    changed = _blur(changed, chosen.blur_share, random)
    changed = _tear(changed, chosen.gap_share, random)
    gain = 1 + 0.25 * (_even(len(glyphs), random) - 0.2).view(-1, 1, 1, 1)
    noise = torch.randn(changed.shape, generator=random) * chosen.noise
    strength = torch.rand(len(glyphs), 1, 1, 1, generator=random)
    return (changed * gain + noise * strength).clamp_(0, 1)


def _even(count: int, random: torch.Generator) -> Tensor:
    return torch.rand(count, generator=random) * 2 - 1


def _warp(glyphs: Tensor, chosen: Augmentation, random: torch.Generator) -> Tensor:
    count, size = len(glyphs), glyphs.shape[-1]
    angle = torch.deg2rad(chosen.rotation_deg * _even(count, random))
    slant = chosen.slant * _even(count, random)
    wide = 1 + chosen.stretch * _even(count, random)
    high = 1 + chosen.stretch * _even(count, random)
    cos, sin = angle.cos(), angle.sin()
    move = chosen.shift_px * 2 / size
    theta = torch.stack(
        [
            torch.stack([cos * wide, (slant - sin) * high, move * _even(count, random)], 1),
            torch.stack([sin * wide, cos * high, move * _even(count, random)], 1),
        ],
        1,
    )
    grid = F.affine_grid(theta, list(glyphs.shape), align_corners=False)
    coarse = torch.randn(count, 2, 5, 5, generator=random) * (chosen.wave_px * 2 / size)
    wave = F.interpolate(coarse, size=(size, size), mode="bilinear", align_corners=True)
    return F.grid_sample(glyphs, grid + wave.permute(0, 2, 3, 1), align_corners=False)


def _chosen(count: int, share: float, random: torch.Generator) -> Tensor:
    return torch.nonzero(torch.rand(count, generator=random) < share).flatten()


def _reweigh(glyphs: Tensor, share: float, random: torch.Generator) -> Tensor:
    """Thickens half of the chosen glyphs, thins the other half, each by a random amount."""
    index = _chosen(len(glyphs), share, random)
    if not len(index):
        return glyphs
    some = glyphs[index]
    thick = F.max_pool2d(some, 3, 1, 1)
    thin = -F.max_pool2d(-some, 3, 1, 1)
    thicken = torch.rand(len(index), 1, 1, 1, generator=random) < 0.5
    # Full thinning would erase a fine pen, so it stops halfway.
    amount = torch.rand(len(index), 1, 1, 1, generator=random) * torch.where(thicken, 1.0, 0.5)
    glyphs[index] = some + amount * (torch.where(thicken, thick, thin) - some)
    return glyphs


def _blur(glyphs: Tensor, share: float, random: torch.Generator) -> Tensor:
    index = _chosen(len(glyphs), share, random)
    if len(index):
        amount = torch.rand(len(index), 1, 1, 1, generator=random)
        some = glyphs[index]
        glyphs[index] = some + amount * (F.avg_pool2d(some, 3, 1, 1) - some)
    return glyphs


def _tear(glyphs: Tensor, share: float, random: torch.Generator) -> Tensor:
    """Fades a patch of 3x3 to 5x5 pixels, as a dry pen or a removed rule does."""
    size = glyphs.shape[-1]
    for index in _chosen(len(glyphs), share, random).tolist():
        top, left = torch.randint(5, size - 8, (2,), generator=random).tolist()
        high, wide = torch.randint(1, 6, (2,), generator=random).tolist()
        glyphs[index, :, top : top + high, left : left + wide] *= 0.3
    return glyphs
