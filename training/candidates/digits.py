# SPDX-License-Identifier: Apache-2.0
"""Teaches the digit CNN callers' digits, each by its worth, among rendered ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.augment import Augmentation, augment
from training.digit_training import BATCH, SMOOTHING
from training.fit import Callback, Recipe, fit, half_precision
from training.glyphs import Glyphs
from training.progress import ProgressBar
from training.snapshot import Digits

NEW_SHARE = 0.35  # of each batch
_ALMOST_NONE = 1e-4  # no probability is believed to be nearer to 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """Glyphs uint8 [N, 28, 28] with labels, worth (0 to 1), and which labels deny."""

    images: Tensor
    labels: Tensor
    worth: Tensor
    denied: Tensor

    def __len__(self) -> int:
        return len(self.labels)


Batch = tuple[Tensor, Tensor, Tensor, Tensor]


def lesson_of(digits: Digits, chosen: NDArray[np.intp]) -> Lesson:
    """Callers' digits of the indices `chosen`."""
    return Lesson(
        torch.from_numpy(digits.glyphs[chosen].copy()),
        torch.from_numpy(digits.values[chosen].copy()),
        torch.from_numpy(digits.worth[chosen].copy()),
        torch.from_numpy(digits.denied[chosen].copy()),
    )


def replayed(glyphs: Glyphs) -> Lesson:
    """Rendered glyphs: all known for sure."""
    count = len(glyphs)
    return Lesson(
        torch.from_numpy(glyphs.images.copy()),
        torch.from_numpy(glyphs.labels.copy()),
        torch.ones(count),
        torch.zeros(count, dtype=torch.bool),
    )


def teach_digits(
    start: nn.Module,
    new: Lesson,
    old: Lesson,
    recipe: Recipe,
    *,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
    kept: Path | None = None,
) -> nn.Module:
    """`start`, taught. An epoch shows every old glyph once, and new ones beside them."""
    random = torch.Generator()
    new_size = round(NEW_SHARE * BATCH) if len(new) else 0
    old_size = min(BATCH - new_size, len(old))

    def batches(epoch: int) -> Iterator[Batch]:
        random.manual_seed(1000 * recipe.seed + epoch)
        order = torch.randperm(len(old), generator=random)
        for begin in range(0, len(old) - old_size + 1, old_size):
            some = torch.randint(len(new), (new_size,), generator=random) if new_size else None
            yield _batch(old, order[begin : begin + old_size], new, some, random)

    return fit(
        start,
        batches,
        loss_of,
        steps_per_epoch=len(old) // old_size,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
        kept=kept,
    )


def _batch(
    old: Lesson, of_old: Tensor, new: Lesson, of_new: Tensor | None, random: torch.Generator
) -> Batch:
    parts = [(old, of_old)] + ([(new, of_new)] if of_new is not None else [])
    images = torch.cat([one.images[index] for one, index in parts])[:, None].float() / 255
    labels, worth, denied = (
        torch.cat([getattr(one, name)[index] for one, index in parts])
        for name in ("labels", "worth", "denied")
    )
    return augment(images, Augmentation(), random), labels, worth, denied


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """Cross entropy by worth; for what is denied, that the digit is any other one."""
    images, labels, worth, denied = batch
    with half_precision():
        logits = model(images)
    logits = logits.float()
    named = F.cross_entropy(logits, labels, reduction="none", label_smoothing=SMOOTHING)
    wrong = logits.softmax(1).gather(1, labels[:, None])[:, 0].clamp(max=1 - _ALMOST_NONE)
    losses = torch.where(denied, -torch.log1p(-wrong), named)
    return (losses * worth).sum() / worth.sum()
