# SPDX-License-Identifier: Apache-2.0
"""Teaches the readers of single digits on callers' crops, each for what its label is worth, and on
what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.augment import Augmentation, augment
from training.checkpoint import Checkpoint
from training.digit_training import SMOOTHING
from training.fit import Callback, Recipe, fit, half_precision
from training.glyphs import Glyphs
from training.progress import ProgressBar
from training.snapshot.folder import Digits

BATCH = 128
SUREST = 0.99  # a complementary label pushes no further than this away from its digit

Batch = tuple[Tensor, Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Lesson:
    """`images` uint8 [N, S, S], `labels` int64 [N], `worth` float32 [N], and which labels say
    what a glyph is not."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    worth: NDArray[np.float32]
    denied: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)


def lesson_of(
    old: Glyphs, digits: Digits, chosen: NDArray[np.int64], images: NDArray[np.uint8]
) -> Lesson:
    """The replay, and the crops at `chosen`, which look as in `images`."""
    return Lesson(
        np.concatenate([old.images, images]),
        np.concatenate([old.labels, digits.values[chosen]]),
        np.concatenate([np.ones(len(old), np.float32), digits.worth[chosen]]),
        np.concatenate([np.zeros(len(old), bool), digits.denied[chosen]]),
    )


def teach(
    net: nn.Module,
    lesson: Lesson,
    recipe: Recipe,
    *,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
    checkpoint: Checkpoint | None = None,
) -> nn.Module:
    """`net` taught further. An epoch shows everything once, changed anew."""
    size = min(BATCH, len(lesson))
    return fit(
        net,
        _batches(lesson, recipe.seed, size),
        loss_of,
        steps_per_epoch=len(lesson) // size,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
        checkpoint=checkpoint,
    )


def _batches(lesson: Lesson, seed: int, size: int) -> Callable[[int], Iterator[Batch]]:
    images, labels = torch.from_numpy(lesson.images)[:, None], torch.from_numpy(lesson.labels)
    worth, denied = torch.from_numpy(lesson.worth), torch.from_numpy(lesson.denied)

    def batches(epoch: int) -> Iterator[Batch]:
        random = torch.Generator().manual_seed(1000 * seed + epoch)
        order = torch.randperm(len(lesson), generator=random)
        for begin in range(0, len(lesson) - size + 1, size):
            index = order[begin : begin + size]
            seen = augment(images[index].float() / 255, Augmentation(), random)
            yield seen, labels[index], worth[index], denied[index]

    return batches


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """Cross entropy weighted by worth; -log(1 - p) for what a glyph is not (Ishida et al. 2017)."""
    images, labels, worth, denied = batch
    with half_precision():
        logits = model(images)
    losses = F.cross_entropy(logits.float(), labels, label_smoothing=SMOOTHING, reduction="none")
    wrong = logits.float().softmax(1).gather(1, labels[:, None])[:, 0].clamp(max=SUREST)
    return (torch.where(denied, -torch.log1p(-wrong), losses) * worth).mean()
