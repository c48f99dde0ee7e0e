# SPDX-License-Identifier: Apache-2.0
"""Straight, thin runs of ink across a page, followed through what stands on them.

Where a stroke crosses a rule the ink is thicker than the rule, and there it is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Bools, Mask, find_components

Ints = NDArray[np.intp]
Shorts = NDArray[np.int16]

RUN_SHARE = 0.04  # of the page's longer side: the shortest straight run that is looked at
STRAY_SHARE = 0.012  # of its length: a rule strays at most this far from a straight line
FOLLOWED_PX = 3  # how far from its middle the ink of a rule is looked for
SLACK_PX = 1  # a rule is at most this much thicker in places than on the whole


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight run of ink across the page: rows `starts` to `stops` in each of `columns`.

    For a rule that runs down the page, columns and rows have changed places.
    """

    columns: Ints
    starts: Ints
    stops: Ints
    length: int
    thickness: float

    @property
    def thin_as(self) -> float:
        return self.length / max(self.thickness, 1.0)


@dataclass(slots=True)
class Runs:
    """Straight runs of ink across `mask`: those `found`, each with its corner (x, y), the widest
    first; and the first of them as they were `followed`, None where one is no rule.

    A run is followed once it is asked for: most pages have none as long as a rule.
    """

    mask: Mask
    found: list[tuple[Mask, tuple[int, int]]]
    followed: list[Rule | None] = field(default_factory=list)
    ends: tuple[Shorts, Shorts] | None = None

    def longer_than(self, least: float) -> list[Rule]:
        """The rules longer than so many pixels."""
        return [rule for rule in self._of_width(least) if rule and rule.length > least]

    def _of_width(self, least: float) -> list[Rule | None]:
        wide = sum(run.shape[1] > least for run, _ in self.found)
        for run, corner in self.found[len(self.followed) : wide]:
            self.ends = self.ends or _run_ends(self.mask)
            self.followed.append(_follow(run, corner, self.ends))
        return self.followed[:wide]


def find_runs(mask: Mask) -> Runs:
    """Straight runs of ink across `mask`."""
    shortest = max(int(RUN_SHARE * max(mask.shape)), 8)
    thicker = cv2.dilate(mask, np.ones((3, 1), np.uint8))  # lets a run rise by a pixel or two
    level = np.ones((1, shortest), np.uint8)
    runs = np.asarray(cv2.morphologyEx(thicker, cv2.MORPH_OPEN, level), np.uint8) & mask
    if not runs.any():
        return Runs(mask, [])
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, shortest // 2), np.uint8))
    pieces = find_components(np.asarray(joined, np.uint8))
    found = []
    for row in np.flatnonzero(pieces.widths > 2 * pieces.heights):
        x, y, w, h = (int(value) for value in pieces.boxes[row])
        window = np.s_[y : y + h, x : x + w]
        found.append((np.where(pieces.labels[window] == row + 1, runs[window], 0), (x, y)))
    return Runs(mask, sorted(found, key=lambda run: -run[0].shape[1]))


def _run_ends(mask: Mask) -> tuple[Shorts, Shorts]:
    """For each inked pixel, first row and first row after the unbroken ink in its column."""
    rows = np.arange(len(mask), dtype=np.int16)[:, None]
    starts = np.maximum.accumulate(np.where(mask > 0, np.int16(-1), rows), axis=0) + np.int16(1)
    breaks = np.where(mask > 0, np.int16(len(mask)), rows)
    stops = np.minimum.accumulate(breaks[::-1], axis=0)[::-1]
    return starts, stops


def _follow(run: Mask, corner: tuple[int, int], ends: tuple[Shorts, Shorts]) -> Rule | None:
    """The rule whose pixels are `run`, less the places where something crosses it.

    `corner` (x, y) is where `run` lies on the page; `ends` are the page's `_run_ends`.
    """
    columns = np.flatnonzero(run.any(axis=0))
    if len(columns) < 3:
        return None
    rows = _nearest_rows(run[:, columns] > 0, _middle(run, columns))
    columns, rows = columns[rows >= 0], rows[rows >= 0]
    if len(columns) < 3:
        return None
    columns, rows = columns + corner[0], rows + corner[1]
    first, last = (end[rows, columns].astype(np.intp) for end in ends)
    thickness = float(np.median(last - first))
    thin = last - first <= thickness + SLACK_PX
    length = int(columns[-1] - columns[0] + 1)
    if _stray(columns, (first + last) / 2, thin) > STRAY_SHARE * length + 1:
        return None
    return Rule(columns[thin], first[thin], last[thin], length, thickness)


def _middle(run: Mask, columns: Ints) -> NDArray[np.float64]:
    """Where a rule would be in each column: a parabola that pays no heed to what stands on it."""
    inked = run[:, columns] > 0
    # Not as a matrix product: some BLAS kernels then warn of invalid values where all are finite.
    rows = (np.arange(len(run))[:, None] * inked).sum(axis=0) / inked.sum(axis=0)
    kept = np.ones(len(columns), bool)
    fitted: NDArray[np.float64] = rows
    for _ in range(3):
        fitted = _curve(columns[kept], rows[kept], 2, columns)
        off = np.abs(rows - fitted)
        kept = off <= max(1.0, float(np.median(off)) * 1.5)
    return fitted


def _nearest_rows(run: Bools, middle: NDArray[np.float64]) -> Ints:
    """The inked row nearest to `middle` in each column, within `FOLLOWED_PX`; -1 without one."""
    rows = np.full(run.shape[1], -1, np.intp)
    columns = np.arange(run.shape[1])
    for away in sorted(range(-FOLLOWED_PX, FOLLOWED_PX + 1), key=abs, reverse=True):
        row = np.clip(np.rint(middle).astype(np.intp) + away, 0, len(run) - 1)
        rows = np.where(run[row, columns], row, rows)
    return rows


def _stray(columns: Ints, middle: NDArray[np.float64], thin: Bools) -> float:
    """How far, in rows, the middle of a run strays from the straight line that fits it best."""
    x, y = columns[thin], middle[thin]
    if len(x) < 2:
        return np.inf
    return float(np.percentile(np.abs(y - _curve(x, y, 1, x)), 90))


def _curve(x: Ints, y: NDArray[np.float64], degree: int, at: Ints) -> NDArray[np.float64]:
    """The polynomial of least squares through (`x`, `y`), `at` other places: what `numpy.polyfit`
    gives, without its checks, which take longer than the fit."""
    middle, half = (x[0] + x[-1]) / 2, max((x[-1] - x[0]) / 2, 1)
    weights = np.linalg.lstsq(np.vander((x - middle) / half, degree + 1), y, rcond=None)[0]
    return np.asarray(np.polyval(weights, (at - middle) / half))


def cover(rules: list[Rule], shape: tuple[int, ...]) -> Bools:
    """The pixels of `rules`, drawn as differences down each column."""
    change = np.zeros((shape[0] + 1, shape[1]), np.int16)
    for rule in rules:
        np.add.at(change, (rule.starts, rule.columns), 1)
        np.add.at(change, (rule.stops, rule.columns), -1)
    return np.asarray(np.cumsum(change, axis=0, dtype=np.int16)[:-1] > 0)
