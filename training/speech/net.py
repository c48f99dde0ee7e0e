# SPDX-License-Identifier: Apache-2.0
"""The network of speech sounds: residual convolutions over 40 bands, a guess each 20 ms."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from training.speech.features import BANDS

_CHANNELS = 112
_DILATIONS = (1, 2, 1, 2, 4)  # sees 0.9 s: two syllables before and behind
_DROP = 0.1
OPSET = 17


class SoundNet(nn.Module):
    """`phones` sounds of a language, told apart.

    [N, 40, frames] bands to [N, 1 + phones, frames / 2] log probabilities, 0 the CTC blank."""

    def __init__(self, phones: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(BANDS, _CHANNELS, 5, padding=2)
        self.halve = nn.Conv1d(_CHANNELS, _CHANNELS, 5, stride=2, padding=2)
        self.blocks = nn.ModuleList([_block(dilation) for dilation in _DILATIONS])
        self.norm = nn.BatchNorm1d(_CHANNELS)
        self.last = nn.Conv1d(_CHANNELS, 1 + phones, 1)

    def forward(self, bands: Tensor) -> Tensor:
        seen = self.halve(torch.relu(self.first(bands)))
        for block in self.blocks:
            seen = seen + block(seen)
        guesses: Tensor = self.last(torch.relu(self.norm(seen))).log_softmax(1)
        return guesses


def _block(dilation: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ReLU(),
        nn.Conv1d(_CHANNELS, _CHANNELS, 5, padding=2 * dilation, dilation=dilation),
        nn.BatchNorm1d(_CHANNELS),
        nn.ReLU(),
        nn.Dropout(_DROP),
        nn.Conv1d(_CHANNELS, _CHANNELS, 1),
    )


def export(network: SoundNet, path: Path) -> None:
    """Write ONNX: "bands" float32 [1, 40, frames] to "sounds" float32 [1, phones, frames / 2]."""
    network.eval()
    with warnings.catch_warnings():  # the newer exporter fixes the number of frames
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (torch.zeros(1, BANDS, 100),),
            path,
            input_names=["bands"],
            output_names=["sounds"],
            dynamic_axes={"bands": {2: "frames"}, "sounds": {2: "frames"}},
            opset_version=OPSET,
            dynamo=False,
        )
