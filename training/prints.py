# SPDX-License-Identifier: Apache-2.0
"""What tells print from handwriting by: detected digits on synthetic pages, and who made them."""

from __future__ import annotations

from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from training.finder_pages import FinderPage
from training.patch_batches import Patches
from training.patches import angle_of
from training.synthesis.hand import Random
from training.synthesis.plan import Plan, draw_plan
from vision import Model
from vision.detect import Detected
from vision.finder import Mark, with_digits
from vision.page import Page
from vision.patch import cut_patches, smaller_and_smaller, spots_of
from vision.printed import AROUND, SIDE_PX

Pixels = NDArray[np.uint8]

CLUTTERED = 0.6  # of the harder photos: most have words or numbers beside the digits
WITH_PRINT = 0.7  # share of pages on which digits are printed
TRIES = 60  # plans that are drawn until one has print
FEWEST_PX = 8  # pixels of ink in a digit's box, at half the page's size
MOSTLY = 0.6  # share of that ink that must be of one kind
MOST_A_PAGE = 40
OFF_DEG = 3.0  # deviation of the direction of the writing


class Maker(IntEnum):
    """Who made what was detected as a digit; the classes of `prints.onnx`, in its order."""

    HAND = 0
    PRINTER = 1
    NEITHER = 2  # words, signs and things


def print_plan(seed: int) -> Plan:
    """A plan that mostly has printed digits, alone or beside handwritten ones."""
    random = np.random.default_rng([seed, 77])
    if random.random() > WITH_PRINT:
        return draw_plan(random, float(random.uniform(0, 1)), CLUTTERED)
    for _ in range(TRIES):
        plan = draw_plan(random, float(random.uniform(0, 1)), CLUTTERED)
        if plan.texts and (plan.printed or any(plan.prints)):
            break
    return plan


def prints_of(page: FinderPage, model: Model, random: Random) -> Patches:
    """Patches uint8 [N, 48, 48] around what the finder of `model` detects on `page`, and the
    `Maker` uint8 [N] of each; at most `MOST_A_PAGE`."""
    nothing = np.zeros((1, 1), np.uint8)
    seen = with_digits(Page(page.contrast, nothing.astype(np.float32), nothing), model).detected
    if seen is None or not len(seen.boxes):
        return np.zeros((0, SIDE_PX, SIDE_PX), np.uint8), np.zeros(0, np.uint8)
    makers = np.array([_maker(page.classes, box) for box in seen.boxes])
    rows = np.flatnonzero(makers >= 0)
    rows = rows[random.permutation(len(rows))[:MOST_A_PAGE]]
    patches = _patches(page, seen, float(random.normal(0, OFF_DEG)))[rows]
    return np.round(patches * 255).astype(np.uint8), makers[rows].astype(np.uint8)


def _maker(classes: Pixels, box: NDArray[np.float32]) -> int:
    """The `Maker` of most ink in `box`; -1 when nobody can say."""
    x, y, w, h = (round(float(value) / 2) for value in box)
    inside = classes[max(y, 0) : y + h + 1, max(x, 0) : x + w + 1]
    kinds = np.bincount(inside.ravel(), minlength=len(Mark))[Mark.HANDWRITTEN :]
    most = int(kinds.argmax())
    clear = kinds.sum() >= FEWEST_PX and kinds[most] >= MOSTLY * kinds.sum()
    return most if clear else -1


def _patches(page: FinderPage, seen: Detected, off_deg: float) -> NDArray[np.float32]:
    levels = smaller_and_smaller(page.contrast)
    angle = _direction(page.digits) + off_deg
    return cut_patches(levels, spots_of(seen.boxes), angle, SIDE_PX, AROUND)


def _direction(digits: NDArray[np.float32]) -> float:
    """Degrees by which the longest line of a page falls."""
    numbers, counts = np.unique(digits[:, 5], return_counts=True)
    longest = digits[digits[:, 5] == numbers[counts.argmax()]] if len(counts) else digits
    return angle_of(longest) or 0.0


def worn(images: Pixels, random: Random) -> NDArray[np.float32]:
    """Patches float32 [N, 1, 48, 48], some softer, noisier, paler or darker: other cameras."""
    found = images.astype(np.float32) / np.float32(255)
    for patch in found:
        if random.random() < 0.15:
            patch[:] = cv2.GaussianBlur(patch, (0, 0), random.uniform(0.3, 1.0))
        if random.random() < 0.4:
            patch[:] = patch ** np.float32(np.exp(random.normal(0, 0.3)))
        if random.random() < 0.4:
            patch += random.standard_normal(patch.shape, np.float32) * random.uniform(0, 0.08)
    return np.asarray(np.clip(found, 0, 1)[:, None], np.float32)
