# SPDX-License-Identifier: Apache-2.0
"""Teaches what tells print from handwriting, and measures how well it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.digit_training import BATCH
from training.fit import Callback, Recipe, fit, half_precision
from training.print_net import PrintNet
from training.prints import Maker, worn
from training.progress import ProgressBar

SMOOTHING = 0.05  # of the labels: rows of digits add up what each says

Prints = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def train_prints(
    data: Prints,
    recipe: Recipe,
    *,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `PrintNet` that has seen patches uint8 [N, 48, 48] and their `Maker` once an epoch."""
    torch.manual_seed(recipe.seed)
    weight = _weights(data[1])

    def loss_of(model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        with half_precision():
            logits = model(batch[0])
        return F.cross_entropy(logits.float(), batch[1], weight=weight, label_smoothing=SMOOTHING)

    return fit(
        PrintNet(),
        lambda epoch: _batches(data, np.random.default_rng([recipe.seed, epoch])),
        loss_of,
        steps_per_epoch=len(data[1]) // BATCH,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def _weights(makers: NDArray[np.uint8]) -> Tensor:
    """So much that all kinds weigh alike in sum; nothing for a kind of which there is none."""
    counts = np.bincount(makers, minlength=len(Maker))
    weights = np.where(counts > 0, len(makers) / (len(Maker) * np.maximum(counts, 1)), 0.0)
    return torch.tensor(weights, dtype=torch.float32)


def _batches(data: Prints, random: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    images, makers = data
    order = random.permutation(len(makers))
    for begin in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[begin : begin + BATCH]
        yield (
            torch.from_numpy(worn(images[rows], random)),
            torch.from_numpy(makers[rows].astype(np.int64)),
        )


def shares_told(model: nn.Module, data: Prints) -> dict[str, float]:
    """Share of each kind that `model` tells from writing by hand, or as such; even odds decide."""
    images, makers = data
    model.eval()
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(part.astype(np.float32) / 255)[:, None]).softmax(1)[:, 0].numpy()
            for part in np.array_split(images, max(1, len(images) // 512))
        ]
    written = np.concatenate(parts) > 0.5
    return {
        maker.name.lower(): round(
            float((written == (maker is Maker.HAND))[makers == maker].mean()), 4
        )
        for maker in Maker
        if (makers == maker).any()
    }
