# SPDX-License-Identifier: Apache-2.0
"""Ink that no digit accounts for: what a reading may have passed over.

A digit taken for a rule, a line too short to be seen as one, a number in the corner: none of them
shows in the digits that were read, however well those read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.boxes import SIDE_SHARE, THIN_SIDE
from vision.components import Bools, find_components
from vision.findings import Findings
from vision.frames import DARKER
from vision.in_line import BESIDE, on_level
from vision.ink import means_of
from vision.page import FULL
from vision.reading import Box
from vision.rings import MOST
from vision.rules import rules_in

Pixels = NDArray[np.uint8]
Boxes = NDArray[np.float64]

DIGIT_PX = 24.0  # height of the digits at which the ink is looked at
AS_DARK = 0.4  # of the digits' darkness: ink as faint as this may still be the same pen's
FAINTEST = 0.07  # contrast below which nothing is ink
AROUND = 0.12  # of a digit's height: how far its ink reaches beyond its box
LOWEST, HIGHEST, WIDEST = 0.5, 1.8, 2.0  # of a digit's height: size of what may be one
LOWEST_SEEN = 0.3  # and of what the finder takes for one: it may be in bits
LIKELY = 0.5  # how surely the finder must see a digit in ink that nobody read
SAME_PEN = 0.6  # of the digits' darkness, on the whole: what is as dark was drawn as they were
NEAR = 1.5  # of a digit's height: within this, it may belong to the same number
AT_FRAME_PX = 2  # how near the photo's edge ink is that this may cut off,
SLIVER, OFF_LEVEL, NEXT = 0.08, 0.7, 2.0  # how large, how far off a digit's level, how near it
ASIDE_PX = 1.0  # how far at least a box lies from its digit
SPREAD = (3, 3)  # pixels over which the ink of a rule is summed up
PERHAPS = 0.3  # how surely the finder must see one in what stands like one more in a row


@dataclass(frozen=True, slots=True)
class Unread:
    """`share` of the page's ink outside all digits (0 to 1), and how many pieces as large as a
    digit there are `near` the digits and `far` from them. `seen`: ink in which the finder sees
    digits, by that of a digit that was read; 0 when nobody has looked. `beside` is where, on the
    sender's photo, such ink as large as a digit lies near the digits. `in_row`: pieces that stand
    beside a digit like one more, and in which the finder may see one, or as dark as the digits.
    `at_frame` is where, on the sender's photo, such dark ink meets its left or right edge beside a
    digit: what is seen of one that is cut off may be little, and look like none."""

    share: float
    near: int
    far: int
    seen: float
    beside: tuple[Box, ...]
    in_row: int = 0
    at_frame: tuple[Box, ...] = ()


def unread(found: Findings) -> Unread:
    """What of the ink on the page, as it was read, lies in no digit."""
    boxes = np.array([digit.box for line in found.lines for digit in line.digits], np.float64)
    height = max(float(np.median(boxes[:, 3])) / found.scale, 1.0)
    shrink = min(1.0, DIGIT_PX / height)
    ink = _ink(found, shrink)
    boxes, height = boxes * (shrink / found.scale), height * shrink
    seen = _seen(found, ink, shrink)
    ruled = _rules(ink, seen, boxes, height)
    whole, all_seen = float(ink.sum()), float(seen.sum())
    for part in _parts(boxes):
        ink[part] = seen[part] = 0
    near = _near(_pieces(ink, LOWEST * height, height), boxes, NEAR * height)
    left_seen = float(seen.sum())
    of_one = max((all_seen - left_seen) / len(boxes), 1e-6)
    share = float(ink.sum()) / max(whole, 1e-6)
    likely = _pieces(np.where(seen > LIKELY * FULL, ink, 0), LOWEST_SEEN * height, height)
    nearby = likely[_near(likely, boxes, NEAR * height)]
    around = nearby + AROUND * height * np.array((-1, -1, 2, 2))
    beside = _on_photo(found, around, ink.shape)
    ink[ruled] = 0
    perhaps = _pieces(np.where(seen > PERHAPS * FULL, ink, 0), LOWEST * height, height)
    same_pen = _as_dark(ink, _darkness(found))
    dark = _pieces(same_pen, LOWEST * height, height)
    far, in_row = int((~near).sum()), max(_in_row(perhaps, boxes), _in_row(dark, boxes))
    bits = _at_frame(_pieces(same_pen, 0, height), boxes, height, ink.shape[1])
    cut = _on_photo(found, bits, ink.shape)
    return Unread(share, int(near.sum()), far, left_seen / of_one, beside, in_row, cut)


def _parts(boxes: Boxes) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of each of `boxes`, and of as far as its ink may reach beyond."""
    for x, y, w, h in boxes:
        margin = AROUND * h
        left, top = max(round(x - margin), 0), max(round(y - margin), 0)
        yield np.s_[top : round(y + h + margin) + 1, left : round(x + w + margin) + 1]


def _rules(ink: Pixels, seen: Pixels, digits: Boxes, height: float) -> Bools:
    """The pixels of rules, boxes and combs: of straight, thin runs through pieces that are larger
    than any digit or go around one, and of what parts their cells. What is darker than these was
    written on them."""
    found = np.zeros(ink.shape, bool)
    pieces = find_components((ink > 0).view(np.uint8))
    large = (pieces.heights > HIGHEST * height) | (pieces.widths > WIDEST * height)
    for row in np.flatnonzero(large | _go_around(pieces.boxes.astype(float), digits))[:MOST]:
        window, own = pieces.alone(row)
        rules = rules_in(own, seen[window], SIDE_SHARE, THIN_SIDE)
        if rules.any():
            found[window] |= rules & _no_darker(ink[window], rules)
    return found


def _no_darker(ink: Pixels, rules: Bools) -> Bools:
    """Where `ink` is about as dark as that of the `rules` is, or is so over a few pixels: a thin
    line that falls between two of them is half as dark in each."""
    spread = cv2.blur(ink, SPREAD)
    limit, limit_spread = (DARKER * float(np.median(seen[rules])) for seen in (ink, spread))
    return np.asarray((ink <= limit) | (spread <= limit_spread))


def _go_around(pieces: Boxes, digits: Boxes) -> Bools:
    """Which of `pieces` reach beyond one of `digits` on all four sides, as a box does."""
    low, high = digits[:, :2] - ASIDE_PX, digits[:, :2] + digits[:, 2:] + ASIDE_PX
    start, stop = pieces[:, None, :2], pieces[:, None, :2] + pieces[:, None, 2:]
    around = ((start < low) & (stop > high)).all(axis=2)
    return np.asarray(np.any(around, axis=1), np.bool_)


def _on_photo(found: Findings, boxes: Boxes, shape: tuple[int, ...]) -> tuple[Box, ...]:
    """`boxes` of an image of `shape`, which is the whole photo, in pixels of the sender's photo."""
    high, wide = (side * found.photo.shrink for side in found.photo.pixels.shape[:2])
    across, down = wide / shape[1], high / shape[0]
    scaled = boxes * (across, down, across, down)
    return tuple(Box(*(round(value) for value in box)) for box in scaled.tolist())


def _ink(found: Findings, shrink: float) -> Pixels:
    """Contrast of what is about as dark as the digits, upright, `shrink` times the page."""
    contrast = _upright(found, found.page.contrast, shrink)
    faintest = max(FAINTEST, AS_DARK * _darkness(found))
    return np.where(contrast > faintest * FULL, contrast, 0).astype(np.uint8)


def _darkness(found: Findings) -> float:
    """Contrast (0 to 1) of the digits that were read."""
    return float(np.median([line.line.darkness for line in found.agreed]))


def _as_dark(ink: Pixels, darkness: float) -> Pixels:
    """`ink` of the pieces nearly as dark as the digits: the same pen's, whatever it drew."""
    pieces = find_components((ink > 0).view(np.uint8))
    dark = means_of(pieces, ink) > SAME_PEN * darkness
    return np.where(pieces.mask_of(dark) > 0, ink, 0).astype(np.uint8)


def _seen(found: Findings, ink: Pixels, shrink: float) -> Pixels:
    """How surely (0 to 255) the finder sees a digit, where there is `ink`."""
    if found.page.digits is None:
        return np.zeros_like(ink)
    return np.where(ink > 0, _upright(found, found.page.digits, shrink), 0).astype(np.uint8)


def _upright(found: Findings, pixels: Pixels, shrink: float) -> Pixels:
    upright = np.ascontiguousarray(np.rot90(pixels, found.turns))
    if shrink == 1:
        return upright
    size = max(1, round(upright.shape[1] * shrink)), max(1, round(upright.shape[0] * shrink))
    return np.asarray(cv2.resize(upright, size, interpolation=cv2.INTER_AREA), np.uint8)


def _pieces(ink: Pixels, lowest: float, height: float) -> Boxes:
    """Boxes [N,4] of the connected pieces of `ink`, higher than `lowest`, that are no larger than
    digits of that `height`."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8))
    boxes = np.asarray(stats[1:, :4], np.float64)
    large = (boxes[:, 3] > lowest) & (boxes[:, 3] < HIGHEST * height)
    return np.asarray(boxes[large & (boxes[:, 2] < WIDEST * height)])


def _near(pieces: Boxes, digits: Boxes, reach: float) -> NDArray[np.bool_]:
    """Which of `pieces` are at most `reach` pixels from one of `digits`."""
    apart = np.zeros((len(pieces), len(digits)))
    for axis in (0, 1):
        low, high = pieces[:, axis, None], (pieces[:, axis] + pieces[:, axis + 2])[:, None]
        start, stop = digits[None, :, axis], (digits[:, axis] + digits[:, axis + 2])[None]
        apart = np.maximum(apart, np.maximum(start - high, low - stop))
    return np.asarray((apart < reach).any(axis=1))


def _at_frame(pieces: Boxes, digits: Boxes, height: float, width: int) -> Boxes:
    """Those of `pieces`, on an image of that `width`, that its left or right edge may cut off and
    that are on the level of a digit near it; as far as that edge."""
    x, y, w, h = pieces.T
    left, right = x <= AT_FRAME_PX, x + w >= width - AT_FRAME_PX
    large = np.maximum(w, h) >= SLIVER * height
    off = np.abs((y + h / 2)[:, None] - (digits[:, 1] + digits[:, 3] / 2))
    level = (off < OFF_LEVEL * digits[:, 3]).any(axis=1)
    cut = (left | right) & large & level & _near(pieces, digits, NEXT * height)
    start, stop = np.where(left, 0, x), np.where(right, width, x + w)
    return np.asarray(np.column_stack((start, y, stop - start, h))[cut], np.float64)


def _in_row(pieces: Boxes, digits: Boxes) -> int:
    """How many of `pieces` stand beside one of `digits`, like one more: a 1 is easily missed."""
    level, gap = on_level(pieces, digits)
    return int((level & (gap < BESIDE)).any(axis=1).sum())
