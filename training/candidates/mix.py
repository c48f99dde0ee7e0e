# SPDX-License-Identifier: Apache-2.0
"""Weights between two networks: what was learnt, without what it cost (Wortsman et al. 2022)."""

from __future__ import annotations

import torch
from torch import nn


def mix(champion: nn.Module, taught: nn.Module, kept: float) -> nn.Module:
    """`taught`, with the share `kept` of the champion's weights; both have the same layers."""
    with torch.no_grad():
        for new, known in zip(
            taught.state_dict().values(), champion.state_dict().values(), strict=True
        ):
            new.lerp_(known, kept)
    return taught.eval()
