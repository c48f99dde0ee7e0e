# SPDX-License-Identifier: Apache-2.0
"""Patches as batches, and what a network tells of them: for all that learns on grey patches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.digit_training import BATCH
from training.fit import half_precision
from training.synthesis.hand import Random

Images = NDArray[np.uint8]
Patches = tuple[Images, NDArray[np.uint8]]  # [N, H, W], and the class of each
Batch = tuple[Tensor, Tensor]
Worn = Callable[[Images, Random], NDArray[np.float32]]

AT_ONCE = 512  # patches that are looked at together when a network is measured


def batches(data: Patches, worn: Worn, steps: int, random: Random) -> Iterator[Batch]:
    """So many batches of `data`, over and over in another order, each patch `worn` anew."""
    images, classes = data
    size, done = min(BATCH, len(classes)), 0
    while done < steps:
        order = random.permutation(len(classes))
        for begin in range(0, len(order) - size + 1, size)[: steps - done]:
            rows = order[begin : begin + size]
            done += 1
            yield (
                torch.from_numpy(worn(images[rows], random)),
                torch.from_numpy(classes[rows].astype(np.int64)),
            )


def cross_entropy(
    smoothing: float, weight: Tensor | None = None
) -> Callable[[nn.Module, Batch], Tensor]:
    """The loss of a batch, the labels smoothed, each class as heavy as its `weight`."""

    def loss_of(model: nn.Module, batch: Batch) -> Tensor:
        with half_precision():
            logits = model(batch[0])
        return F.cross_entropy(logits.float(), batch[1], weight, label_smoothing=smoothing)

    return loss_of


def probabilities(model: nn.Module, images: Images) -> NDArray[np.float32]:
    """What `model` makes of `images`: float32 [N, classes]."""
    model.eval()
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(part.astype(np.float32) / 255)[:, None]).softmax(1).numpy()
            for part in np.array_split(images, max(1, len(images) // AT_ONCE))
        ]
    return np.concatenate(parts)
