# SPDX-License-Identifier: Apache-2.0
"""Printed rules, boxes, table lines and paper edges, taken out of the ink without cutting digits.

A rule is long, straight and thin. Where a stroke crosses it the ink is thicker than the rule, and
there it is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import Components, Mask, find_components
from vision.ink import Ink, darkness_of, single_digits

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Shorts = NDArray[np.int16]

LARGE_SHARE = 0.3  # of the page's side: the shortest rule that stands alone
RUN_SHARE = 0.04  # of the page's longer side: the shortest straight run that is looked at
THIN_ALONE = 20.0  # length by thickness of a rule that stands alone
THIN_TURNED = 10.0  # length by thickness of what may tell how the rules are turned
THIN_BETWEEN = 12.0  # the same of a box's side, which runs from rule to rule
STRAY_SHARE = 0.012  # of its length: a rule strays at most this far from a straight line
FOLLOWED_PX = 3  # how far from its middle the ink of a rule is looked for
SLACK_PX = 1  # a rule is at most this much thicker in places than on the whole
ANGLE_BINS = 180  # half degrees of a quarter turn


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


def rules_angle(ink: Ink) -> tuple[float, float]:
    """How many degrees (-45 to 45) the rules of a page are turned, and how long they are.

    The length is that of all rules together, by the page's longer side: 0 without any.
    """
    least = LARGE_SHARE * max(ink.soft.shape)
    mask = _thin(_large_pieces(ink), least / THIN_TURNED)
    votes = np.zeros(ANGLE_BINS)
    for edge in (_upper_edge(mask), _upper_edge(mask.T).T):
        if not edge.any():
            continue
        found = cv2.HoughLinesP(
            np.ascontiguousarray(edge), 1, np.pi / 360, int(least / 3), None, least, 8
        )
        for x1, y1, x2, y2 in found.reshape(-1, 4) if found is not None else ():
            angle = np.degrees(np.arctan2(y2 - y1, x2 - x1)) % 90
            votes[int(angle * 2) % ANGLE_BINS] += np.hypot(x2 - x1, y2 - y1)
    smooth = votes + np.roll(votes, 1) + np.roll(votes, -1)
    angle = (smooth.argmax() + 0.5) / 2
    return float(angle - 90 if angle > 45 else angle), float(smooth.max()) / max(mask.shape)


def remove_rules(ink: Ink) -> Ink:
    """`ink` without the rules that run level or upright; the same ink when it has none."""
    mask = _large_pieces(ink)
    if not mask.any():
        return ink
    height, width = mask.shape
    across, down = _find(mask), _find(np.ascontiguousarray(mask.T))
    alone = _cover([r for r in across if _stands_alone(r, width)], mask.shape)
    alone |= _cover([r for r in down if _stands_alone(r, height)], mask.T.shape).T
    if not alone.any():
        return ink
    reach = 7 + 2 * int(max(rule.thickness for rule in across + down))
    near = cv2.dilate(_framed(alone), np.ones((reach, reach), np.uint8))[1:-1, 1:-1] > 0
    between = _cover([r for r in across if _is_between(r, near)], mask.shape)
    between |= _cover([r for r in down if _is_between(r, near.T)], mask.T.shape).T
    return _without(ink, alone | between)


def _large_pieces(ink: Ink) -> Mask:
    """Ink of the pieces that are long and mostly hollow, as rules and boxes are."""
    height, width = ink.soft.shape
    pieces = ink.pieces
    short, long = np.sort(pieces.boxes[:, 2:], axis=1).T
    large = (pieces.widths > LARGE_SHARE * width) | (pieces.heights > LARGE_SHARE * height)
    hollow = pieces.areas < 0.6 * short.astype(float) * long
    chosen = large & (hollow | (short * 12 < long))
    if chosen.any():
        chosen &= ~single_digits(ink)
    return pieces.mask_of(chosen)


def _thin(mask: Mask, thickness_px: float) -> Mask:
    """The parts of `mask` through which no square of `thickness_px` and one more fits."""
    side = int(thickness_px) + 2
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return mask & (1 - np.asarray(thick, np.uint8))


def _upper_edge(mask: Mask) -> Mask:
    edge = mask.copy()
    edge[1:] &= 1 - mask[:-1]
    return edge


def _find(mask: Mask) -> list[Rule]:
    """Straight runs of ink across `mask`."""
    shortest = max(int(RUN_SHARE * max(mask.shape)), 8)
    thicker = cv2.dilate(mask, np.ones((3, 1), np.uint8))  # lets a run rise by a pixel or two
    level = np.ones((1, shortest), np.uint8)
    runs = np.asarray(cv2.morphologyEx(thicker, cv2.MORPH_OPEN, level), np.uint8) & mask
    if not runs.any():
        return []
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, shortest // 2), np.uint8))
    found = find_components(np.asarray(joined, np.uint8))
    if not len(found.areas):
        return []
    ends = _run_ends(mask)
    rules = []
    for row in np.flatnonzero(found.widths > 2 * found.heights):
        x, y, w, h = (int(value) for value in found.boxes[row])
        window = np.s_[y : y + h, x : x + w]
        own = np.where(found.labels[window] == row + 1, runs[window], 0)
        rules.append(_follow(own, (x, y), ends))
    return [rule for rule in rules if rule is not None]


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
    inked = run[:, columns].astype(np.float32)
    rows = (np.arange(len(run), dtype=np.float32) @ inked / inked.sum(axis=0)).astype(np.float64)
    kept = np.ones(len(columns), bool)
    fitted: NDArray[np.float64] = rows
    for _ in range(3):
        fitted = np.asarray(np.polyval(np.polyfit(columns[kept], rows[kept], 2), columns))
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
    return float(np.percentile(np.abs(y - np.polyval(np.polyfit(x, y, 1), x)), 90))


def _stands_alone(rule: Rule, side: int) -> bool:
    return rule.length > LARGE_SHARE * side and rule.thin_as > THIN_ALONE


def _is_between(rule: Rule, near: Bools) -> bool:
    """Whether a short rule runs from one rule to another, as the sides of a box do."""
    ends = ((rule.starts[i], rule.columns[i]) for i in (0, -1))
    return rule.thin_as > THIN_BETWEEN and all(near[end] for end in ends)


def _framed(erased: Bools) -> Mask:
    """`erased` with a frame around it: a box's side may also end where the photo does."""
    return np.pad(erased.astype(np.uint8), 1, constant_values=1)


def _cover(rules: list[Rule], shape: tuple[int, ...]) -> Bools:
    """The pixels of `rules`, drawn as differences down each column."""
    change = np.zeros((shape[0] + 1, shape[1]), np.int16)
    for rule in rules:
        np.add.at(change, (rule.starts, rule.columns), 1)
        np.add.at(change, (rule.stops, rule.columns), -1)
    return np.asarray(np.cumsum(change, axis=0, dtype=np.int16)[:-1] > 0)


def _without(ink: Ink, erased: Bools) -> Ink:
    mask = (ink.pieces.labels > 0) & ~erased
    rim = cv2.dilate(erased.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    soft = np.where(rim & ~mask, 0, ink.soft).astype(np.float32)
    pieces = _no_remains(find_components(mask.astype(np.uint8)), rim)
    return replace(ink, soft=soft, pieces=pieces, darkness=darkness_of(pieces, ink.contrast))


def _no_remains(pieces: Components, erased: Bools) -> Components:
    """`pieces` without those that lie on what was `erased`: splinters of a rule."""
    close = cv2.dilate(erased.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    count = len(pieces.areas) + 1
    splinters = np.bincount(pieces.labels[close & (pieces.labels > 0)], minlength=count)[1:]
    return pieces.only(splinters < 0.6 * pieces.areas)
