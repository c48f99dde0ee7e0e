# SPDX-License-Identifier: Apache-2.0
"""Teaches the digit CNN, and says how much it knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.augment import Augmentation, augment
from training.cnn import DigitNet
from training.fit import Callback, Recipe, fit, half_precision
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.progress import ProgressBar

BATCH = 128
SMOOTHING = 0.03  # of the labels: a few of them are wrong, and no net should be surer than that

Batch = tuple[Tensor, Tensor]


def train_digits(
    data: Glyphs,
    recipe: Recipe,
    *,
    start: nn.Module | None = None,
    augmentation: Augmentation | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `DigitNet`, new or going on from `start`, that knows `data`.

    Each epoch sees every glyph once, changed anew.
    """
    torch.manual_seed(recipe.seed)
    random = torch.Generator().manual_seed(recipe.seed)
    images = torch.from_numpy(data.images.copy())[:, None]
    labels = torch.from_numpy(data.labels.copy())
    chosen = augmentation or Augmentation()
    size = min(BATCH, len(data))

    def batches(_: int) -> Iterator[Batch]:
        order = torch.randperm(len(data), generator=random)
        for begin in range(0, len(data) - size + 1, size):
            index = order[begin : begin + size]
            yield augment(images[index].float() / 255, chosen, random), labels[index]

    def loss_of(model: nn.Module, batch: Batch) -> Tensor:
        with half_precision():
            logits = model(batch[0])
        return F.cross_entropy(logits.float(), batch[1], label_smoothing=SMOOTHING)

    return fit(
        start or DigitNet(),
        batches,
        loss_of,
        steps_per_epoch=len(data) // size,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def logits_of(model: nn.Module, glyphs: Glyphs) -> NDArray[np.float32]:
    """Logits float32 [N, 11] of every glyph."""
    model.eval()
    parts = []
    with torch.no_grad():
        for begin in range(0, len(glyphs), 1024):
            images = torch.from_numpy(glyphs.images[begin : begin + 1024].copy())
            parts.append(model(images[:, None].float() / 255).numpy())
    return np.concatenate(parts).astype(np.float32)


def shares_right(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy on digits, and on what is none."""
    right = logits.argmax(axis=1) == labels
    digit = labels != NOT_A_DIGIT
    return {
        "digits": round(float(right[digit].mean()), 4) if digit.any() else 1.0,
        "junk": round(float(right[~digit].mean()), 4) if (~digit).any() else 1.0,
    }


def accuracy_on_digits(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Accuracy among the ten digits alone, as MNIST counts it."""
    return float((logits[:, :NOT_A_DIGIT].argmax(axis=1) == labels).mean())
