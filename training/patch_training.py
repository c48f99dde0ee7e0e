# SPDX-License-Identifier: Apache-2.0
"""Teaches the third reader on digits as they stand on their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import nn

from training.cnn import DigitNet
from training.finder_pages import FinderPage
from training.fit import Callback, Recipe, fit
from training.glyphs import NOT_A_DIGIT
from training.patch_batches import Batch, Patches, batches, cross_entropy, probabilities
from training.patches import patches_of, patches_of_line, worn
from training.progress import ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from vision.patch import PATCH_PX

SMOOTHING = 0.02  # of the labels
PAGES = 4000  # an epoch cuts its patches of so many pages, taken by chance,
LINES = 4000  # and of so many drawn lines


def train_patches(
    pages: Sequence[FinderPage],
    sources: Sources,
    recipe: Recipe,
    *,
    steps: int,
    lines: int = LINES,
    start: nn.Module | None = None,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
) -> nn.Module:
    """A `DigitNet` for patches that has seen `steps` batches in each epoch."""
    torch.manual_seed(recipe.seed)

    def epoch_batches(epoch: int) -> Iterator[Batch]:
        random = np.random.default_rng([recipe.seed, epoch])
        chosen = [pages[int(i)] for i in random.permutation(len(pages))[:PAGES]]
        return batches(cut(chosen, sources, lines, random), worn, steps, random)

    return fit(
        start or DigitNet(side=PATCH_PX),
        epoch_batches,
        cross_entropy(SMOOTHING),
        steps_per_epoch=steps,
        recipe=recipe,
        callbacks=callbacks,
        progress=progress,
    )


def cut(pages: Sequence[FinderPage], sources: Sources, lines: int, random: Random) -> Patches:
    """Patches uint8 [N, 32, 32] and their classes uint8 [N], of `pages` and of drawn lines."""
    parts = [patches_of(page, random) for page in pages]
    parts += [patches_of_line(sources, random) for _ in range(lines)]
    images, names = zip(*parts, strict=True)
    return np.concatenate(images), np.concatenate(names)


def shares_right(model: nn.Module, data: Patches) -> dict[str, float]:
    """Share of the digits, and of what is none, that `model` names rightly."""
    images, names = data
    right, digit = probabilities(model, images).argmax(1) == names, names != NOT_A_DIGIT
    return {
        "digits": round(float(right[digit].mean()), 4),
        "none": round(float(right[~digit].mean()), 4),
    }
