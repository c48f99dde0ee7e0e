# SPDX-License-Identifier: Apache-2.0
"""Finds labels that do not fit what is written, so that nothing is learnt from them.

Confident learning (Northcutt et al. 2021): a network that has not seen a digit names it; when it
names another digit at least as surely as it usually names that one, the label is doubted. Such a
digit is left out, not relabelled: a flag is right about half of the time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.candidates.digits import Lesson, lesson_of, teach_digits
from training.candidates.warm import warm_digits
from training.digit_training import logits_of
from training.fit import Recipe
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.progress import ProgressBar
from training.snapshot import Digits
from vision.classify import softmax

FOLDS = 2
RATE, EPOCHS, OLD = 8e-4, 3, 6_000  # a short lesson: it must learn how they write, not each digit
FEWEST = 40  # digits: of fewer nothing can be learnt to doubt them by


def doubted(
    digits: Digits,
    chosen: NDArray[np.intp],
    champion: Path,
    old: Lesson,
    recipe: Recipe,
    progress: ProgressBar | None = None,
) -> NDArray[np.bool_]:
    """Which of the `chosen` digits have a label that is doubted; what is denied never is."""
    if len(chosen) < FEWEST:
        return np.zeros(len(chosen), bool)
    probabilities = _out_of_fold(digits, chosen, champion, old, recipe, progress)
    doubts = confidently_other(probabilities, digits.values[chosen])
    return doubts & ~digits.denied[chosen]


def confidently_other(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each row of `probabilities` [N, 10] is confidently of another class than its
    label: a class counts from the mean probability that its own examples get."""
    usual = np.ones(probabilities.shape[1], np.float64)
    for label in np.unique(labels):
        usual[label] = probabilities[labels == label, label].mean()
    sure = np.where(probabilities >= usual, probabilities, -1.0)
    best = sure.argmax(axis=1)
    doubts: NDArray[np.bool_] = (sure.max(axis=1) > 0) & (best != labels)
    return doubts


def _out_of_fold(
    digits: Digits,
    chosen: NDArray[np.intp],
    champion: Path,
    old: Lesson,
    recipe: Recipe,
    progress: ProgressBar | None,
) -> NDArray[np.float32]:
    """float32 [N, 10]: of each digit, by a network that was taught the others' fold."""
    few = Lesson(*(part[:OLD] for part in (old.images, old.labels, old.worth, old.denied)))
    short = replace(recipe, epochs=EPOCHS, rate=RATE)
    found = np.zeros((len(chosen), NOT_A_DIGIT), np.float32)
    folds = np.arange(len(chosen)) % FOLDS
    for fold in range(FOLDS):
        seen, unseen = chosen[folds != fold], chosen[folds == fold]
        start = warm_digits(champion)
        taught = teach_digits(start, lesson_of(digits, seen), few, short, progress=progress)
        found[folds == fold] = _named(taught, digits, unseen)
    return found


def _named(model: nn.Module, digits: Digits, index: NDArray[np.intp]) -> NDArray[np.float32]:
    with torch.no_grad():
        logits = logits_of(model, Glyphs(digits.glyphs[index], digits.values[index]))
    return softmax(logits)[:, :NOT_A_DIGIT]
