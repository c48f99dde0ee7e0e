# SPDX-License-Identifier: Apache-2.0
"""Teaches the second reader: CTC loss, changes to line images, how many lines it reads right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.checkpoint import Checkpoint
from training.fit import Callback, Recipe, fit, half_precision
from training.line_net import LineNet
from training.linedata import LineBatch, Lines, batches
from training.progress import ProgressBar
from vision.transcribe import BLANK, LINE_HEIGHT, best_path

BATCH = 32
SQUEEZE = 1.25
SHEAR = 0.3  # columns by rows
WAVE_PX = 0.5  # standard deviation
FAINTEST = 0.6  # of a stroke, where a pen gives out


def train_lines(
    lines_of: Callable[[int], Lines],
    recipe: Recipe,
    *,
    start: LineNet | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
    checkpoint: Checkpoint | None = None,
) -> nn.Module:
    """A `LineNet` that reads the lines `lines_of(epoch)`, equally many in each epoch."""
    torch.manual_seed(recipe.seed)
    random = torch.Generator()

    def epoch_batches(epoch: int) -> Iterator[LineBatch]:
        random.manual_seed(1000 * recipe.seed + epoch)
        return batches(lines_of(epoch), BATCH, np.random.default_rng([recipe.seed, epoch]))

    def loss_of(model: nn.Module, batch: LineBatch) -> Tensor:
        images = distort(torch.from_numpy(batch.images), random)
        with half_precision():
            logits = model(images)
        return ctc_loss(logits.float(), batch)

    return fit(
        start or LineNet(),
        epoch_batches,
        loss_of,
        steps_per_epoch=len(lines_of(0)) // BATCH,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
        checkpoint=checkpoint,
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
    """Shear, size, waves, weight, wear and noise, drawn anew for each line; same shape, 0 to 1."""
    count, _, _, width = images.shape

    def even(low: float, high: float) -> Tensor:
        return low + torch.rand(count, generator=random) * (high - low)

    zero = torch.zeros(count)
    # In normalised units: x runs over the width, y over 32 pixels. A line is squeezed, never
    # stretched: its ends must stay inside.
    wide, high = even(1.0, SQUEEZE), even(0.92, 1.22)
    shear = even(-SHEAR, SHEAR) * LINE_HEIGHT / width
    theta = torch.stack(
        [torch.stack([wide, shear, zero], 1), torch.stack([zero, high, even(-0.08, 0.08)], 1)], 1
    )
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    grid = grid + _waves(count, width, random)
    moved = _reweigh(F.grid_sample(images, grid, align_corners=False), random)
    noise = torch.randn(images.shape, generator=random) * 0.05
    return _worn((moved + noise * even(0.0, 1.0).view(-1, 1, 1, 1)).clamp_(0, 1), random)


def _waves(count: int, width: int, random: torch.Generator) -> Tensor:
    """Elastic shifts [N, 32, W, 2] of about `WAVE_PX`, changing over some 16 pixels."""
    coarse = torch.randn(count, 2, 3, width // 16 + 2, generator=random)
    size = torch.tensor([2 * WAVE_PX / width, 2 * WAVE_PX / LINE_HEIGHT]).view(1, 2, 1, 1)
    fine = F.interpolate(coarse * size, (LINE_HEIGHT, width), mode="bilinear", align_corners=True)
    return fine.permute(0, 2, 3, 1)


def _reweigh(images: Tensor, random: torch.Generator) -> Tensor:
    """Thickens some lines' strokes and thins others', each by a random amount."""
    kind = torch.rand(len(images), generator=random)
    amount = torch.rand(len(images), 1, 1, 1, generator=random)
    for chosen, sign, most in ((kind < 0.12, 1.0, 1.0), (kind > 0.88, -1.0, 0.6)):
        some = images[chosen]
        changed = sign * F.max_pool2d(sign * some, 3, 1, 1)
        images[chosen] = some + most * amount[chosen] * (changed - some)
    return images


def _worn(images: Tensor, random: torch.Generator) -> Tensor:
    """Of a hundred lines 12 as from too few pixels, 18 paler or darker, 12 fading in parts."""
    kind = torch.rand(len(images), generator=random)
    size = images.shape[2:]
    coarse, strength, faded = kind < 0.12, (kind >= 0.12) & (kind < 0.3), kind > 0.88
    if coarse.any():
        few = F.avg_pool2d(images[coarse], 2)
        images[coarse] = F.interpolate(few, size=size, mode="bilinear")
    exponent = torch.exp((torch.rand(int(strength.sum()), 1, 1, 1, generator=random) - 0.5) * 1.4)
    images[strength] = images[strength] ** exponent
    if faded.any():
        patches = torch.rand(int(faded.sum()), 1, 4, size[1] // 8 + 1, generator=random)
        cover = F.interpolate(patches, size=size, mode="bilinear")
        # Never to nothing: a stroke that cannot be seen would make the label a lie.
        images[faded] = images[faded] * (FAINTEST + (1 - FAINTEST) * cover)
    return images


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
