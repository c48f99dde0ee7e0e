# SPDX-License-Identifier: Apache-2.0
"""Teaches what tells print from handwriting, and measures how well it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.digit_training import BATCH
from training.fit import Callback, Recipe, fit
from training.patch_batches import Patches, batches, cross_entropy, probabilities
from training.print_net import PrintNet
from training.prints import Maker, worn
from training.progress import ProgressBar

SMOOTHING = 0.05  # of the labels: rows of digits add up what each says


def train_prints(
    data: Patches,
    recipe: Recipe,
    *,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `PrintNet` that has seen patches uint8 [N, 48, 48] and their `Maker` once an epoch."""
    torch.manual_seed(recipe.seed)
    steps = max(1, len(data[1]) // BATCH)
    return fit(
        PrintNet(),
        lambda epoch: batches(data, worn, steps, np.random.default_rng([recipe.seed, epoch])),
        cross_entropy(SMOOTHING, _weights(data[1])),
        steps_per_epoch=steps,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def _weights(makers: NDArray[np.uint8]) -> Tensor:
    """So much that all kinds weigh alike in sum; nothing for a kind of which there is none."""
    counts = np.bincount(makers, minlength=len(Maker))
    weights = np.where(counts > 0, len(makers) / (len(Maker) * np.maximum(counts, 1)), 0.0)
    return torch.tensor(weights, dtype=torch.float32)


def shares_told(model: nn.Module, data: Patches) -> dict[str, float]:
    """Share of each kind that `model` tells from writing by hand, or as such; even odds decide."""
    images, makers = data
    written = probabilities(model, images)[:, Maker.HAND] > 0.5
    return {
        maker.name.lower(): round(
            float((written == (maker is Maker.HAND))[makers == maker].mean()), 4
        )
        for maker in Maker
        if (makers == maker).any()
    }
