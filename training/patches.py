# SPDX-License-Identifier: Apache-2.0
"""What the third reader learns from: digits on their pages, and places where none stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from training.finder_pages import FinderPage
from training.glyphs import NOT_A_DIGIT
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from training.synthesis.line import draw_spacing, write_line
from training.synthesis.text import draw_items
from training.synthesis.wear import draw_wear, grey
from vision.finder import Mark
from vision.patch import PATCH_PX, cut_patches, smaller_and_smaller

Soft = NDArray[np.float32]
Pixels = NDArray[np.uint8]

SMALLEST_PX = 7.0  # longer side; lower digits are no use to anybody
OFF, SIZED = 0.06, 0.12  # deviation of the middle, in heights, and of the size, as a logarithm
OFF_DEG = 4.0  # and of the direction of a line
ANY_DEG = 8.0  # of a digit whose line is too short to have one
FEWEST = 3  # digits of a line that has a direction
NONE = 0.4  # places without a digit for each digit
MOST_A_PAGE = 40
TURNED = 0.04  # share of digits that lie on their side or head: they are none, but for a few
SIDEWAYS, HEADLONG = frozenset((2, 3, 4, 5, 6, 7, 9)), frozenset((3, 4, 7))  # that are then none


Cut = tuple[Soft, int]  # a patch, and its class


def patches_of(page: FinderPage, random: Random) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Patches uint8 [N, 32, 32] of `page` and their classes uint8 [N], drawn by chance."""
    levels = smaller_and_smaller(page.contrast)
    found = [cut for digits in _lines(page) for cut in _of_line(levels, digits, random)]
    for spot in _elsewhere(page, random):
        angle = float(random.uniform(-90, 90))
        found.append((cut_patches(levels, spot[None], angle)[0], NOT_A_DIGIT))
    chosen = [found[i] for i in random.permutation(len(found))[:MOST_A_PAGE]]
    images = np.array([np.round(patch * 255) for patch, _ in chosen], np.uint8)
    names = np.array([name for _, name in chosen], np.uint8)
    return images.reshape(-1, PATCH_PX, PATCH_PX), names


def _of_line(levels: list[Pixels], digits: Soft, random: Random) -> Iterator[Cut]:
    """Patches of the digits of a line, and of places between them."""
    angle = angle_of(digits)
    rows = digits[np.maximum(digits[:, 2], digits[:, 3]) >= SMALLEST_PX]
    for x, y, w, h, name in rows[:, :5].tolist():
        turns = _turns(int(name), random)
        spot = near(x + w / 2, y + h / 2, max(w, h), random)
        patch = cut_patches(levels, spot, _leaning(angle, random) + 90 * turns)[0]
        yield patch, NOT_A_DIGIT if turns else int(name)
    for spot in _between(rows, random):
        yield cut_patches(levels, spot[None], _leaning(angle, random))[0], NOT_A_DIGIT


def _turns(name: int, random: Random) -> int:
    """By how many quarters a digit is turned, which makes it none: not if it stays one."""
    turns = int(random.integers(1, 4)) if random.random() < TURNED else 0
    return turns if name in (HEADLONG if turns == 2 else SIDEWAYS) else 0


def patches_of_line(
    sources: Sources, random: Random
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """As `patches_of`, of one drawn line: less around it than on a page, at a tenth of the cost."""
    height_px = float(np.exp(random.uniform(np.log(10), np.log(60))))
    written = write_line(draw_items(sources, random), height_px, draw_spacing(random), random)
    ink, moved = grey(written, draw_wear(random), random)
    digits = np.array(
        [(*c.box, int(c.value), 0) for c in written.characters if c.value in "0123456789"],
        np.float32,
    ).reshape(-1, 6)
    digits[:, :2] += moved
    bare = np.zeros((1, 1), np.uint8)
    return patches_of(FinderPage((ink * 255).astype(np.uint8), bare, digits), random)


def _lines(page: FinderPage) -> list[Soft]:
    numbers = page.digits[:, 5]
    return [page.digits[numbers == number] for number in np.unique(numbers)]


def angle_of(digits: Soft) -> float | None:
    """Degrees by which a line of a page's `digits` falls; None when it has no direction."""
    if len(digits) < FEWEST:
        return None
    across, down = digits[-1, :2] + digits[-1, 2:4] / 2 - digits[0, :2] - digits[0, 2:4] / 2
    return float(np.degrees(np.arctan2(down, across)))


def _leaning(angle: float | None, random: Random) -> float:
    return random.normal(0, ANY_DEG) if angle is None else angle + random.normal(0, OFF_DEG)


def near(x: float, y: float, longest: float, random: Random) -> Soft:
    """Middle and size of a digit, float32 [1, 3], by as much off as the finder's."""
    off = random.normal(0, OFF * longest, 2)
    size = longest * np.exp(random.normal(0, SIZED))
    return np.array([[x + off[0], y + off[1], size]], np.float32)


def _between(digits: Soft, random: Random) -> Sequence[Soft]:
    """Places between neighbours: halves of two digits are none."""
    found = []
    for left, right in pairwise(digits):
        if random.random() < NONE:
            middles = (left[:2] + left[2:4] / 2 + right[:2] + right[2:4] / 2) / 2
            longest = float(max(left[2], left[3], right[2], right[3]))
            gap = float(np.hypot(*(right[:2] - left[:2])))
            if gap > 0.45 * longest:
                found.append(np.array([*middles, longest], np.float32))
    return found


def _elsewhere(page: FinderPage, random: Random) -> Sequence[Soft]:
    """Places on other ink, as large as a digit of the page or of any page."""
    rows, columns = np.nonzero(page.classes == Mark.OTHER)
    if not len(rows):
        return []
    sizes = page.digits[:, 2:4].max(axis=1) if len(page.digits) else np.array([16.0, 30.0])
    count = 2 + int(NONE * len(page.digits))
    found = []
    for index in random.integers(0, len(rows), count):
        x, y = 2.0 * columns[index], 2.0 * rows[index]
        longest = float(random.choice(sizes)) * float(np.exp(random.normal(0, 0.3)))
        if len(page.digits):
            middles = page.digits[:, :2] + page.digits[:, 2:4] / 2
            nearest = np.hypot(middles[:, 0] - x, middles[:, 1] - y).min()
            if nearest < 0.5 * longest:
                continue
        found.append(np.array([x, y, longest], np.float32))
    return found


def worn(images: NDArray[np.uint8], random: Random) -> Soft:
    """Patches float32 [N, 1, 32, 32], softer, noisier, paler or darker by chance."""
    found = images.astype(np.float32) / np.float32(255)
    for patch in found:
        kind = random.random()
        if kind < 0.12:
            patch[:] = cv2.GaussianBlur(patch, (0, 0), random.uniform(0.4, 1.3))
        elif kind < 0.2:
            small = cv2.resize(patch, (18, 18), interpolation=cv2.INTER_AREA)
            patch[:] = cv2.resize(small, patch.shape[::-1], interpolation=cv2.INTER_LINEAR)
        elif kind < 0.26:
            patch[:] = cv2.dilate(patch, np.ones((2, 2), np.uint8))
        if random.random() < 0.4:
            patch[:] = patch ** np.float32(np.exp(random.normal(0, 0.3)))
        if random.random() < 0.4:
            patch += random.standard_normal(patch.shape, np.float32) * random.uniform(0, 0.1)
    return np.asarray(np.clip(found, 0, 1)[:, None], np.float32)
