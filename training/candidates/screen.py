# SPDX-License-Identifier: Apache-2.0
"""Holds back crops whose label is probably wrong: confident learning (Northcutt et al. 2021).

Each crop is judged by a network that learnt from the others only. A crop is held back when some
other digit is more probable for it than that digit is, on average, where it is the label. Nothing
is relabelled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.candidates.digits import lesson_of, teach
from training.candidates.warm import load_digits
from training.digit_training import logits_of
from training.fit import Recipe
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.loop import Plan
from training.progress import ProgressBar
from training.snapshot.folder import Digits
from vision.classify import softmax

FOLDS = 4
EPOCHS, RATE, TIMES = 3, 1e-3, 3
FEWEST = 40  # crops: with less there is nothing to compare with
REPLAYED = 4000  # glyphs, beside each fold's crops

Indices = NDArray[np.int64]


def trusted(
    digits: Digits, chosen: Indices, old: Glyphs, plan: Plan, progress: ProgressBar
) -> Indices:
    """Those of `chosen` whose label is not doubted. Denied labels are not judged."""
    told = chosen[~digits.denied[chosen]]
    if len(told) < FEWEST:
        return chosen
    p = np.zeros((len(told), NOT_A_DIGIT), np.float32)
    fold_of = np.random.default_rng([plan.seed, 22]).permutation(len(told)) % FOLDS
    for fold in range(FOLDS):
        others, ours = told[fold_of != fold], told[fold_of == fold]
        p[fold_of == fold] = _probabilities(digits, others, ours, old, plan, progress)
    doubted = doubtful(p, digits.values[told])
    return chosen[~np.isin(chosen, told[doubted])]


def doubtful(p: NDArray[np.float32], labels: Indices) -> NDArray[np.bool_]:
    """Which of `labels` [N] probabilities [N, 10], each from a network that did not know it,
    speak against. A digit that is nobody's label is never surer than it should be."""
    own = p[np.arange(len(labels)), labels]
    counts = np.bincount(labels, minlength=NOT_A_DIGIT)
    usual = np.bincount(labels, own, NOT_A_DIGIT) / np.maximum(counts, 1)
    likely = np.where((p >= usual) & (counts > 0), p, 0)
    best = likely.argmax(axis=1)
    return np.asarray((likely.max(axis=1) > 0) & (best != labels))


def _probabilities(
    digits: Digits, others: Indices, ours: Indices, old: Glyphs, plan: Plan, progress: ProgressBar
) -> NDArray[np.float32]:
    some = old.take(slice(0, min(REPLAYED, len(old))))
    recipe = Recipe(epochs=EPOCHS, rate=RATE, average=0.98, seed=plan.seed, threads=plan.threads)
    again = np.tile(others, TIMES)
    lesson = lesson_of(some, digits, again, digits.glyphs[again])
    net = teach(load_digits(plan.champion), lesson, recipe, progress=progress)
    logits = logits_of(net, Glyphs(digits.glyphs[ours], digits.values[ours]))
    return softmax(logits[:, :NOT_A_DIGIT])
