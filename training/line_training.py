# SPDX-License-Identifier: Apache-2.0
"""Teaches the second reader: CTC loss, changes to line images, how many lines it reads right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.crnn import BLANK, LineNet
from training.fit import Callback, Recipe, fit, half_precision
from training.linedata import LineBatch, Lines, batches
from training.progress import ProgressBar
from vision.transcribe import best_path

BATCH = 32


def train_lines(
    lines: Lines,
    recipe: Recipe,
    *,
    start: LineNet | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `LineNet` that reads `lines`, changed a little anew each epoch."""
    torch.manual_seed(recipe.seed)
    random = torch.Generator().manual_seed(recipe.seed)

    def epoch_batches(epoch: int) -> Iterator[LineBatch]:
        return batches(lines, BATCH, np.random.default_rng([recipe.seed, epoch]))

    def loss_of(model: nn.Module, batch: LineBatch) -> Tensor:
        images = distort(torch.from_numpy(batch.images), random)
        with half_precision():
            logits = model(images)
        return ctc_loss(logits.float(), batch)

    return fit(
        start or LineNet(),
        epoch_batches,
        loss_of,
        steps_per_epoch=len(lines) // BATCH,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def ctc_loss(logits: Tensor, batch: LineBatch) -> Tensor:
    """Mean over the batch of CTC's loss by line (not by digit: long lines count as they are)."""
    targets = torch.tensor([int(c) for text in batch.texts for c in text], dtype=torch.long)
    lengths = torch.tensor([len(text) for text in batch.texts])
    steps = torch.from_numpy(-(-batch.widths // 4)).clamp(max=logits.shape[0])
    losses = F.ctc_loss(
        logits.log_softmax(2), targets, steps, lengths, BLANK, reduction="none", zero_infinity=True
    )
    return losses.sum() / max(int(lengths.sum()), len(lengths))


def distort(images: Tensor, random: torch.Generator) -> Tensor:
    """Shear, height, weight and noise, drawn anew for each line; same shape, 0 to 1."""
    count = len(images)

    def even(reach: float) -> Tensor:
        return (torch.rand(count, generator=random) * 2 - 1) * reach

    zero, one = torch.zeros(count), torch.ones(count)
    # Shear in normalised units: x runs over W, y over 32 pixels.
    shear = even(0.25) * images.shape[2] / images.shape[3]
    high = 1 + torch.rand(count, generator=random) * 0.3 - 0.08
    theta = torch.stack(
        [torch.stack([one, shear, zero], 1), torch.stack([zero, high, even(0.08)], 1)], 1
    )
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    moved = F.grid_sample(images, grid, align_corners=False)
    amount = torch.rand(count, 1, 1, 1, generator=random)
    thick = torch.rand(count, 1, 1, 1, generator=random) < 0.12
    moved = torch.where(thick, moved + amount * (F.max_pool2d(moved, 3, 1, 1) - moved), moved)
    noise = torch.randn(images.shape, generator=random) * 0.05 * amount
    return (moved + noise).clamp_(0, 1)


def exact_share(model: nn.Module, lines: Lines) -> float:
    """Share of lines whose best path is exactly their text."""
    right = 0
    random = np.random.default_rng(0)
    count = 0
    model.eval()
    for batch in batches(lines, BATCH, random):
        with torch.no_grad():
            logits = model(torch.from_numpy(batch.images))
        probabilities = logits.softmax(2).numpy()
        for row, text in enumerate(batch.texts):
            steps = -(-int(batch.widths[row]) // 4)
            read = best_path(probabilities[:steps, row]).values
            right += "".join(map(str, read)) == text
            count += 1
    return right / max(count, 1)
