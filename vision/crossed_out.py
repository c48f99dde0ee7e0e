# SPDX-License-Identifier: Apache-2.0
"""Straight strokes through numbers that were read: whoever wrote them may have crossed them out.

They are looked for on the page as it was before its rules were taken away, for a stroke through a
large number is as long, straight and thin as a rule. Fewer digits than all of a line are not
judged: the bar of a 7, the slash of a 0 and two 4s that touch look the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.opinions import Agreed
from vision.page import FULL
from vision.reading import Box
from vision.strip import CHARACTER_PX, Affine

Bools = NDArray[np.bool_]
Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

REACH_PX = 2 * CHARACTER_PX  # beyond a line's ends: a rule goes on there
AS_DARK, FAINTEST = 0.4, 0.07  # of the digits' darkness: ink of the same pen; and in any case
HEIGHTS = np.linspace(0.08, 0.92, 15)  # of the digits', at either side, that are tried
STEPS = 24  # looked at between two digits
INKED = 0.97  # of a stroke
BARE = 2  # steps between two digits beside which there is nothing: the stroke joins them, no digit
JOINED = 0.7  # of the gaps between digits: others touch
THICK_AT = 85  # percentile of the depth of ink at which half of a stroke's thickness is found
FAR_PX = 1.2 * CHARACTER_PX  # from the line's end on: no stroke through it goes that far
GOES_ON = 0.8  # of what follows from there on: then it is a rule
NEARLY_PX = 6  # by which two ways of one rule may differ
SHRINKS = 1.7  # pixels of the page by those of the strip at which it is halved first


def crossed_out(line: Agreed, contrast: Pixels, to_page: Affine) -> bool:
    """Whether a stroke goes through all digits of `line`, and there are at least two.

    `contrast` is that of the whole page, upright; `to_page` (2x3) maps the pixels of the page on
    which the line's strip lies to its own.
    """
    if len(line.choices) < 2:
        return False
    ink = _ink_of(line, contrast, to_page)
    boxes = [choice.box._replace(x=choice.box.x + REACH_PX) for choice in line.choices]
    return _ends(ink, _strokes_through(ink, boxes), boxes)


def _ink_of(line: Agreed, contrast: Pixels, to_page: Affine) -> Bools:
    """All ink in the strip of `line`, and `REACH_PX` beyond both of its ends."""
    strip = line.line.strip
    beyond = np.array([[1, 0, -REACH_PX], [0, 1, 0], [0, 0, 1]])
    to_contrast = strip.through(to_page).to_page @ beyond
    contrast = np.ascontiguousarray(contrast)
    while np.hypot(*to_contrast[:, 0]) > SHRINKS:
        half = (contrast.shape[1] + 1) // 2, (contrast.shape[0] + 1) // 2
        contrast = np.asarray(cv2.resize(contrast, half, interpolation=cv2.INTER_AREA), np.uint8)
        to_contrast = to_contrast / 2
    size = strip.ink.shape[1] + 2 * REACH_PX, strip.ink.shape[0]
    inverse = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = np.asarray(cv2.warpAffine(contrast, to_contrast, size, flags=inverse))
    return np.asarray(seen > FULL * max(FAINTEST, AS_DARK * line.line.darkness))


def _strokes_through(ink: Bools, boxes: Sequence[Box]) -> Numbers:
    """[N, steps, 2]: points of the inked strokes from the middle of the first to that of the last
    of `boxes`, which lie bare between most of them."""
    strokes = _ways(boxes)
    strokes = strokes[_at(_widened(ink, 1), strokes).mean(axis=1) >= INKED]
    bare = _bare(ink, strokes, 2 + float(np.median([_thickness(ink, box) for box in boxes])))
    middles = [box.x + box.w / 2 for box in boxes]
    along = np.linspace(middles[0], middles[-1], strokes.shape[1])
    gap = np.searchsorted(middles[1:-1], along)
    joins = [bare[:, gap == one].sum(axis=1) >= BARE for one in range(len(boxes) - 1)]
    return np.asarray(strokes[np.mean(joins, axis=0) >= JOINED])


def _ways(boxes: Sequence[Box]) -> Numbers:
    """[N, steps, 2]: x, y of the points of all straight ways through `boxes`."""
    top, bottom = (float(np.median(y)) for y in ([b.y for b in boxes], [b.y + b.h for b in boxes]))
    heights = top + (bottom - top) * HEIGHTS
    along = np.linspace(0, 1, STEPS * len(boxes))
    start, stop = (side.reshape(-1, 1) for side in np.meshgrid(heights, heights))
    y = start + (stop - start) * along
    left, right = (box.x + box.w / 2 for box in (boxes[0], boxes[-1]))
    return np.stack((np.broadcast_to(left + (right - left) * along, y.shape), y), axis=-1)


def _at(ink: Bools, points: Numbers) -> Bools:
    """Whether there is ink at `points` [..., 2]; beyond the strip there is none."""
    x, y = np.rint(np.moveaxis(points, -1, 0)).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < ink.shape[1]) & (y < ink.shape[0])
    at = np.clip(y, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)
    return np.asarray(inside & ink[at])


def _bare(ink: Bools, strokes: Numbers, reach: float) -> Bools:
    """[N, steps]: where there is nothing `reach` pixels above and below a stroke."""
    along = strokes[:, -1] - strokes[:, 0]
    beside = np.stack((-along[:, 1], along[:, 0]), axis=-1)
    beside *= reach / np.maximum(np.hypot(*along.T), 1)[:, None]
    return ~_at(ink, strokes + beside[:, None]) & ~_at(ink, strokes - beside[:, None])


def _thickness(ink: Bools, box: Box) -> float:
    """How thick the strokes in `box` are, in pixels; 0 without any."""
    part = ink[max(box.y, 0) : box.y + box.h, max(box.x, 0) : box.x + box.w]
    depth = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 3)
    return 2 * float(np.percentile(depth[depth > 0], THICK_AT)) if part.any() else 0.0


def _ends(ink: Bools, strokes: Numbers, boxes: Sequence[Box]) -> bool:
    """Whether one of `strokes` ends soon after the line of `boxes`, on which it lies, does.

    A rule goes on there, and so does what is nearly one of its ways.
    """
    if not len(strokes):
        return False
    slope = (strokes[:, -1, 1] - strokes[:, 0, 1]) / (strokes[:, -1, 0] - strokes[:, 0, 0])
    right = boxes[-1].x + boxes[-1].w + np.arange(FAR_PX, REACH_PX)
    left = boxes[0].x - np.arange(FAR_PX, REACH_PX)
    wide = _widened(ink, NEARLY_PX)
    goes_on = np.zeros(len(strokes), bool)
    for x in (left, right):
        y = strokes[:, :1, 1] + slope[:, None] * (x - strokes[:, :1, 0])
        beyond = np.stack((np.broadcast_to(x, y.shape), y), axis=-1)
        goes_on |= _at(wide, beyond).mean(axis=1) > GOES_ON
    apart = np.abs(strokes[:, None, [0, -1], 1] - strokes[None, goes_on][..., [0, -1], 1])
    return bool((apart.max(axis=-1) > NEARLY_PX).all(axis=1).any())


def _widened(ink: Bools, by_px: int) -> Bools:
    side = 2 * by_px + 1
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)
