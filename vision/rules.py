# SPDX-License-Identifier: Apache-2.0
"""Printed rules, boxes, table lines and paper edges, taken out of the ink without cutting digits.

A rule is long, straight and thin. Where a stroke crosses it the ink is thicker than the rule, and
there it is left alone.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from vision.components import Bools, Components, Mask, find_components
from vision.ink import SEEN, Ink, Pixels, darkness_of, single_digits
from vision.page import FULL
from vision.runs import Rule, cover, find_runs

LARGE_SHARE = 0.3  # of the page's side: the shortest rule that stands alone
THIN_ALONE = 20.0  # length by thickness of a rule that stands alone
THIN_TURNED = 10.0  # length by thickness of what may tell how the rules are turned
THIN_BETWEEN = 12.0  # the same of a box's side, which runs from rule to rule
THICK_BETWEEN = 4.0  # and of one that touches both
AS_THICK, UNSURE = 1.2, 0.75  # as thick as the others, and how surely a digit is seen in it then
ANGLE_BINS = 180  # half degrees of a quarter turn


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
    return without(ink, rules_in(mask, ink.digits, LARGE_SHARE, THIN_ALONE))


def rules_in(mask: Mask, digits: Pixels | None, share: float, thin: float) -> Bools:
    """The pixels of the rules in `mask`: of those that are longer than `share` of it and `thin`
    for their length, and of those that run from one of these to another. `digits` is how surely
    the finder sees a digit in each pixel, if it has looked."""
    height, width = mask.shape
    level, upright = find_runs(mask), find_runs(np.ascontiguousarray(mask.T))
    long = [r for r in level.longer_than(share * width) if r.thin_as > thin]
    tall = [r for r in upright.longer_than(share * height) if r.thin_as > thin]
    alone = cover(long, mask.shape) | cover(tall, mask.T.shape).T
    if not alone.any():
        return alone
    across, down = level.longer_than(0), upright.longer_than(0)
    thickest = int(max(rule.thickness for rule in across + down))
    near = _around(_framed(alone), 7 + 2 * thickest)[1:-1, 1:-1]
    between = cover([r for r in across if _is_between(r, near, digits)], mask.shape)
    turned = None if digits is None else digits.T
    between |= cover([r for r in down if _is_between(r, near.T, turned)], mask.T.shape).T
    if digits is not None:
        at = _around(alone.astype(np.uint8), 7 + thickest)
        usual = float(np.median([rule.thickness for rule in long + tall]))
        between |= cover([r for r in across if _is_side(r, at, digits, usual)], mask.shape)
        between |= cover([r for r in down if _is_side(r, at.T, digits.T, usual)], mask.T.shape).T
    return np.asarray(alone | between)


def _around(mask: Mask, side: int) -> Bools:
    """The pixels that a square of `side` pixels around them links to `mask`."""
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)) > 0)


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


def _is_between(rule: Rule, near: Bools, digits: Pixels | None) -> bool:
    """Whether a short rule runs from one rule to another, as the sides of a box do, and a 1 on
    ruled paper may: in that the finder sees a digit."""
    if rule.thin_as <= THIN_BETWEEN or not _ends_in(rule, near):
        return False
    return digits is None or _seen_in(rule, digits) < UNSURE


def _is_side(rule: Rule, at: Bools, digits: Pixels, usual: float) -> bool:
    """Whether a thick one does: it has to reach both, as a 1 in a box does not, and no digit may
    be seen in it, or none surely where it is as thick as the others `usual`ly are."""
    if rule.thin_as <= THICK_BETWEEN or not _ends_in(rule, at):
        return False
    return _seen_in(rule, digits) < (UNSURE if rule.thickness <= AS_THICK * usual else SEEN)


def _seen_in(rule: Rule, digits: Pixels) -> float:
    """How surely the finder sees a digit along `rule`."""
    return float(digits[(rule.starts + rule.stops) // 2, rule.columns].mean()) / FULL


def _ends_in(rule: Rule, region: Bools) -> bool:
    """Whether both ends of `rule`, with some part of their thickness, lie in `region`."""
    return all(region[rule.starts[i] : rule.stops[i], rule.columns[i]].any() for i in (0, -1))


def _framed(erased: Bools) -> Mask:
    """`erased` with a frame around it: a box's side may also end where the photo does."""
    return np.pad(erased.astype(np.uint8), 1, constant_values=1)


def without(ink: Ink, erased: Bools) -> Ink:
    """`ink` without the `erased` pixels and what remains of rules beside them."""
    if not erased.any():
        return ink
    mask = (ink.pieces.labels > 0) & ~erased
    rim = cv2.dilate(erased.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    soft = np.where(rim & ~mask, 0, ink.soft).astype(np.uint8)
    pieces = _no_remains(find_components(mask.astype(np.uint8)), rim)
    return replace(ink, soft=soft, pieces=pieces, darkness=darkness_of(pieces, ink.contrast))


def _no_remains(pieces: Components, erased: Bools) -> Components:
    """`pieces` without those that lie on what was `erased`: splinters of a rule."""
    close = cv2.dilate(erased.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    count = len(pieces.areas) + 1
    splinters = np.bincount(pieces.labels[close & (pieces.labels > 0)], minlength=count)[1:]
    return pieces.only(splinters < 0.6 * pieces.areas)
