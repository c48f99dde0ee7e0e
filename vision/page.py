# SPDX-License-Identifier: Apache-2.0
"""From pixels to contrast: how much darker than the bare paper each pixel is, whatever the light.

The paper's brightness is estimated at low resolution by a morphological closing, which fills
writing in but keeps desk, shadow and paper apart, and divided out. The colour channels are then
weighed by how well the pen shows in each.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.components import find_components
from vision.detect import Detected
from vision.falloff import dimmed, evened, falloff

Pixels = NDArray[np.uint8]
Soft = NDArray[np.float32]

PAPER_SIDE_PX = 192  # longer side at which the paper's brightness is estimated
FILL_SHARE = 0.2  # writing with strokes up to this share of the shorter side is filled in
STRIP_SHARE = 0.06  # or of the longer one: a number cut out closely fills a strip
DARK_HOLE, LARGEST_HOLE = 0.7, 2.0  # of the brightest paper, and of a filled-in stroke's square
DARKEST_PAPER = 0.33  # of the brightest paper: what is darker is desk or hand, not paper
DIMMEST_PAPER = 6  # of 255: unless light falls off to it, and down to this,
EVEN, EVEN_STEP = 0.8, 3  # by so little from one place to the next: a share, or of 255
BRIGHTER = 12  # of 255: what outside the frame is so much brighter than paper is none
BLOCKS = 32  # blocks along the longer side in which the noise of the paper is measured
FULL = 255  # a contrast, or a probability, of 1
SHOWS = 40  # of 255: a pixel this much darker than paper tells of the pen's colour


@dataclass(frozen=True, slots=True)
class Page:
    """A flattened photo.

    `contrast` is uint8 HxW, 0 for bare paper to 255 for black. `noise`, float32 at low resolution,
    is how much the contrast (0 to 1) of the bare paper around wavers. `paper` is the paper's
    brightness, uint8 at low resolution, 0 where there is none. `digits` and `printed`, of the
    contrast's size, are the probabilities (0 to 255) that a pixel's ink is a digit's, and that it
    is printed if so; None until `finder` has looked. `sharp` is `digits` within the digits
    `detected`, each as it was seen best; None where the finder detects none. `print_doubtful`
    tells that print was left out, and that some of what was not may be print as well;
    `light_falls_off`, that smooth light was divided out first (`vision.falloff`).
    """

    contrast: Pixels
    noise: Soft
    paper: Pixels
    digits: Pixels | None = None
    printed: Pixels | None = None
    sharp: Pixels | None = None
    detected: Detected | None = None
    print_doubtful: bool = False
    light_falls_off: bool = False


def to_unit(values: Pixels) -> Soft:
    """0 to 255 as 0 to 1."""
    return np.multiply(values, 1 / FULL, dtype=np.float32)


def flatten(pixels: Pixels, *, light_on_dark: bool = False) -> Page:
    """The page in RGB `pixels`; `light_on_dark` for screens and blackboards."""
    light = None if light_on_dark else falloff(pixels)
    seen = 255 - pixels if light_on_dark else evened(pixels, light)
    paper = _paper_brightness(seen)
    brightness = np.asarray(cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY), np.uint8)
    shown = dimmed(brightness, light)
    bare = _bare(brightness) if light is None else shown >= DIMMEST_PAPER
    contrast = _contrast(seen, paper, bare)
    told = np.where(bare, shown, 0).astype(np.uint8)
    return Page(contrast, _noise(contrast), told, light_falls_off=light is not None)


def _contrast(seen: Pixels, paper: Pixels, bare: NDArray[np.bool_]) -> Pixels:
    """How much darker than the `paper` around it each pixel of `seen` is, where paper lies `bare`
    under it; both at low resolution."""
    size = seen.shape[1], seen.shape[0]
    full = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    darker = np.asarray(cv2.divide(cv2.subtract(full, seen), full, scale=255), np.uint8)
    inside = cv2.erode(bare.astype(np.uint8), np.ones((3, 3), np.uint8))  # edges are no ink
    if not inside.all():
        mask = cv2.resize(inside, size, interpolation=cv2.INTER_NEAREST)
        darker = np.asarray(cv2.bitwise_and(darker, darker, mask=mask), np.uint8)
    weighed = cv2.transform(darker, _channel_weights(darker)[None])
    return np.asarray(weighed.reshape(seen.shape[:2]), np.uint8)


def _paper_brightness(pixels: Pixels) -> Pixels:
    """Brightness of the paper, RGB at low resolution, with the writing filled in."""
    height, width = pixels.shape[:2]
    scale = min(1.0, PAPER_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    side = max(3, round(max(min(size) * FILL_SHARE, max(size) * STRIP_SHARE))) | 1
    kernel = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
    margins = [(min(side, length - 1),) * 2 for length in small.shape[:2]] + [(0, 0)]
    closed = cv2.morphologyEx(_widened(small, kernel, margins), cv2.MORPH_CLOSE, kernel)
    (top, _), (left, _), _ = margins
    smooth = np.asarray(cv2.medianBlur(closed, 5), np.uint8)
    paper = smooth[top : top + size[1], left : left + size[0]]
    return np.maximum(_without_holes(paper, side), 1).astype(np.uint8)


def _bare(brightness: Pixels) -> NDArray[np.bool_]:
    """Where the paper is: what is bright, and what it falls off to without an edge, as light does
    towards a corner; a desk and a hand begin with a step."""
    brightest = np.percentile(brightness, 95)
    bright = brightness >= DARKEST_PAPER * brightest
    if bright.all():
        return np.asarray(bright)
    box = np.ones((3, 3), np.uint8)
    least, most = cv2.erode(brightness, box), cv2.dilate(brightness, box)
    even = (least >= np.minimum(EVEN * most, most.astype(np.float32) - EVEN_STEP)) & (
        brightness >= DIMMEST_PAPER
    )
    parts = cv2.connectedComponents((bright | even).view(np.uint8), connectivity=4)[1]
    return np.asarray(np.isin(parts, np.unique(parts[bright])) & (bright | even), np.bool_)


def _without_holes(paper: Pixels, side: int) -> Pixels:
    """`paper` with the middles of very thick strokes filled in: dark spots not much larger than
    the `side` to which writing is filled in anyway, with brighter paper all around."""
    brightness = cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY)
    dark = brightness < DARK_HOLE * np.percentile(brightness, 95)
    if not dark.any():
        return paper
    spots = find_components(dark.astype(np.uint8))
    x, y, w, h = spots.boxes.T
    inside = (x > 0) & (y > 0) & (x + w < dark.shape[1]) & (y + h < dark.shape[0])
    found = paper.copy()
    for row in np.flatnonzero(inside & (spots.areas < LARGEST_HOLE * side**2)):
        spot = (spots.labels == row + 1).astype(np.uint8)
        rim = cv2.dilate(spot, np.ones((5, 5), np.uint8)) - spot
        found[spot > 0] = np.median(paper[rim > 0], axis=0)
    return found


def _widened(small: Pixels, kernel: Pixels, margins: list[tuple[int, int]]) -> Pixels:
    """`small` with a margin in which light that falls off towards the frame goes on falling off.

    Reflected about its edge, dark writing near the frame would be brighter than any paper; bare
    paper is only as much brighter as its noise is.
    """
    beyond = np.pad(small.astype(np.int16), margins, mode="reflect", reflect_type="odd")
    filled = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    brightest = np.pad(filled.astype(np.int16), margins, mode="reflect")
    beyond = np.where(beyond > brightest + BRIGHTER, brightest, beyond)
    return np.clip(beyond, 0, 255).astype(np.uint8)


def _channel_weights(darker: Pixels) -> Soft:
    """How much of the ink shows in each channel; sums to 1."""
    sample = darker[::3, ::3].reshape(-1, 3)
    red, green, blue = sample.T
    inked = sample[np.maximum(np.maximum(red, green), blue) > SHOWS]
    if len(inked) < 8:
        return np.full(3, 1 / 3, np.float32)
    shown = np.median(inked, axis=0).astype(np.float32) + 1
    return np.asarray(shown / shown.sum(), np.float32)


def _noise(contrast: Pixels) -> Soft:
    """Spread of the contrast around each block, in the quietest block nearby.

    Writing leaves some block near it bare; leather, grass and fur do not.
    """
    height, width = contrast.shape
    scale = BLOCKS / max(height, width)
    blocks = max(1, round(width * scale)), max(1, round(height * scale))
    shown = to_unit(contrast)
    mean = cv2.resize(shown, blocks, interpolation=cv2.INTER_AREA)
    square = cv2.resize(cv2.multiply(shown, shown), blocks, interpolation=cv2.INTER_AREA)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    quiet = cv2.erode(spread, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(quiet, np.float32)
