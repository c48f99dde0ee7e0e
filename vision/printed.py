# SPDX-License-Identifier: Apache-2.0
"""Print beside handwriting: which of the detected digits nobody wrote by hand.

A small CNN looks at each detected digit and at its neighbours, and the digits of a row decide
together: a hand does not turn into a machine and back from one digit to the next.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vision.classify import Model, by_hand
from vision.detect import RIM, Detected, around
from vision.lines import chains
from vision.orient import angle_of, placed, quarters, square
from vision.page import Page
from vision.patch import cut_patches, smaller_and_smaller, spots_of

Affine = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Rows = NDArray[np.intp]

SIDE_PX = 48  # of a patch
AROUND = 2.6  # side of a patch by the longer side of its digit: its neighbours are in view
LIKELIER = 1.0  # log odds by which writing is, before anything is seen
CHANGE, APART = 12.0, 1.0  # log odds that a digit is made as its neighbour is, near by and apart
WIDE, WIDER = 0.8, 1.5  # heights of a gap that keeps them apart, and by how much it is unusual
PRINT = 2.5  # log odds of neighbours that are print
WRITTEN, CLEARLY = 5.5, 1.5  # of a row that somebody surely wrote: all its digits', and the mean
LEAST = 1e-3  # no probability is believed to be less


def without_print(page: Page, model: Model, turns: int, to_page: Affine) -> Page | None:
    """`page` without its printed digits, if there are any beside handwritten ones; else None.

    It reads upright when it is turned counter-clockwise by so many quarters and then levelled:
    `to_page` (2x3) maps pixels of the levelled page to those of the turned one.
    """
    detected = page.detected
    if model.prints is None or detected is None or not len(detected.boxes):
        return None
    turned = np.linalg.inv(square(quarters(page.contrast.shape, turns)))
    way = turned @ square(to_page)
    odds = _odds(page.contrast, detected, way, model)
    boxes = placed(detected.boxes.astype(np.float64), way)
    boxes[:, :2] -= boxes[:, 2:] / 2
    rows = chains(boxes)
    printed = _printed(boxes, odds, rows)
    if not printed.any():
        return None
    digits, sharp = (
        None if marks is None else _erased(marks, detected.boxes, printed)
        for marks in (page.digits, page.sharp)
    )
    kept = Detected(detected.boxes[~printed], detected.scores[~printed], detected.looks[~printed])
    doubtful = any(_is_doubtful(odds[row], printed[row]) for row in rows)
    return replace(page, digits=digits, sharp=sharp, detected=kept, print_doubtful=doubtful)


def _odds(contrast: Pixels, detected: Detected, way: Affine, model: Model) -> Numbers:
    """Log odds that each detected digit was written by hand."""
    levels = smaller_and_smaller(contrast)
    patches = cut_patches(levels, spots_of(detected.boxes), angle_of(way), SIDE_PX, AROUND)
    p = np.clip(by_hand(patches, model), LEAST, 1 - LEAST)
    return np.asarray(np.log(p / (1 - p)), np.float64)


def _printed(boxes: Numbers, odds: Numbers, rows: list[Rows]) -> Bools:
    """Which of the digits in `boxes` are print; none unless a row was surely written by hand."""
    printed = np.zeros(len(boxes), bool)
    written = False
    for row in rows:
        found = _of_row(boxes[row], odds[row] + LIKELIER)
        printed[row] = found
        others = odds[row][~found]
        written |= bool(others.sum() > WRITTEN and others.mean() > CLEARLY)
    return printed if written else np.zeros(len(boxes), bool)


def _is_doubtful(odds: Numbers, printed: Bools) -> bool:
    """Whether a row may be print in part: one that is neither all print nor clearly all written, or
    a digit by itself, for beside words it may be a letter."""
    clear = len(odds) > 1 and not printed.any() and float(odds.mean()) > CLEARLY
    return not (printed.all() or clear)


def _of_row(boxes: Numbers, odds: Numbers) -> Bools:
    """Which digits of a row, left to right, are print: runs of them that are so clearly."""
    states = _likeliest(odds, _changes(boxes))
    edges = np.flatnonzero(np.diff(states)) + 1
    for run in np.split(np.arange(len(states)), edges):
        if odds[run].sum() > -PRINT:
            states[run] = 0
    return states.astype(bool)


def _changes(boxes: Numbers) -> Numbers:
    """What it costs that neighbours are not made alike."""
    x, _, w, h = boxes.T
    gaps = (x[1:] - x[:-1] - w[:-1]) / np.maximum(h[1:], h[:-1])
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return np.where(gaps < max(WIDE, WIDER * usual), CHANGE, APART)


def _likeliest(odds: Numbers, changes: Numbers) -> Rows:
    """0 for writing and 1 for print of each digit: the cheapest way through a row (Viterbi)."""
    costs = np.column_stack((-odds, odds)) / 2
    total, came = costs[0], []
    for cost, change in zip(costs[1:], changes, strict=True):
        changed = total[::-1] + change
        came.append(changed < total)
        total = np.minimum(total, changed) + cost
    states = [int(total.argmin())]
    for change in reversed(came):
        states.append(1 - states[-1] if change[states[-1]] else states[-1])
    return np.array(states[::-1], np.intp)


def _erased(marks: Pixels, boxes: NDArray[np.float32], erased: Bools) -> Pixels:
    """`marks` without what lies in the boxes of the `erased` digits and in no other."""
    found = marks.copy()
    for box in boxes[erased]:
        found[around(box, RIM)] = 0
    for box in boxes[~erased]:
        found[around(box, 0.0)] = marks[around(box, 0.0)]
    return found
