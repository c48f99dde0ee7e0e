# SPDX-License-Identifier: Apache-2.0
"""What the finder learns from: synthetic photos flattened as `vision` does it, and their truth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.progress import ProgressBar, with_bar
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Plan, draw_plan
from vision.finder import Mark
from vision.page import flatten
from vision.reader import DARK_SCREEN

SIDES_PX = (256, 960)  # longer side of a page; the first look of `vision` lies among them
RICH = 4  # every fourth page is a rich one
COVERED = 0.18  # of four pixels: a pen's stroke is thinner than the finder's grid


@dataclass(frozen=True, slots=True)
class FinderPage:
    """An upright page: `contrast` uint8 [H, W], 0 paper to 255; `classes` uint8 [ceil(H/2),
    ceil(W/2)]. `digits` float32 [N, 6]: x, y, w, h in pixels, value, and number of the line."""

    contrast: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    digits: NDArray[np.float32]


def make_pages(
    sources: Sources, seeds: range, *, progress: ProgressBar | None = None
) -> list[FinderPage]:
    """The pages of the photos of `seeds`, each at a size of its own."""
    pages = []
    for seed in with_bar(seeds, "pages", progress):
        photo = render(sources, seed, rich_plan(seed) if seed % RICH == 0 else None)
        pages.append(page_of(photo, np.random.default_rng([seed, 2])))
    return pages


def rich_plan(seed: int) -> Plan:
    """A plan with more of what is rare among callers' photos and hard to tell: printed digits,
    boxes, underlines and circles, and whole pages of other writing."""
    random = np.random.default_rng([seed, 9])
    plan = draw_plan(random, float(random.uniform(0.2, 1)), float(random.choice([0.2, 0.7])))
    printed, flourish, boxed = random.random(3) < (0.3, 0.15, 0.15)
    if not plan.texts:
        return plan
    return replace(
        plan,
        printed=plan.printed or bool(printed),
        flourish=plan.flourish or bool(flourish),
        boxed=plan.boxed or bool(boxed),
    )


def page_of(photo: SyntheticPhoto, random: Random) -> FinderPage:
    """What the reader sees of `photo`, upright, when it makes its longer side some size."""
    pixels = np.rot90(photo.received(), photo.quarter_turns)
    longest = max(pixels.shape[:2])
    low, high = SIDES_PX
    scale = min(float(np.exp(random.uniform(np.log(low), np.log(high)))), longest) / longest
    size = max(32, round(pixels.shape[1] * scale)), max(32, round(pixels.shape[0] * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    contrast = flatten(small, light_on_dark=bool(np.median(small) < DARK_SCREEN)).contrast
    classes = np.ascontiguousarray(np.rot90(photo.classes, photo.quarter_turns))
    digits = _digits(photo, size[0] / pixels.shape[1], size[1] / pixels.shape[0])
    return FinderPage(contrast, _halved(classes, size), digits)


def _digits(photo: SyntheticPhoto, across: float, down: float) -> NDArray[np.float32]:
    found = [
        (x * across, y * down, w * across, h * down, int(character), number)
        for number, line in enumerate(photo.lines)
        for (x, y, w, h), character in zip(line.boxes, line.text, strict=True)
    ]
    return np.array(found, np.float32).reshape(-1, 6)


def _halved(classes: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The ink that covers most of each pixel at half of `size`, where any covers enough."""
    half = (size[0] + 1) // 2, (size[1] + 1) // 2
    inks = [kind for kind in Mark if kind is not Mark.NOTHING]
    covered = np.stack(
        [
            cv2.resize((classes == kind).astype(np.float32), half, interpolation=cv2.INTER_AREA)
            for kind in inks
        ]
    )
    most = np.array(inks, np.uint8)[covered.argmax(axis=0)]
    return np.where(covered.max(axis=0) > COVERED, most, np.uint8(Mark.NOTHING))


def digest(pages: Iterable[FinderPage]) -> str:
    """SHA-256 of all pixels and classes."""
    state = hashlib.sha256()
    for page in pages:
        state.update(page.contrast.tobytes() + page.classes.tobytes() + page.digits.tobytes())
    return state.hexdigest()


def save(pages: Sequence[FinderPage], path: Path) -> None:
    """Writes the pages to `path` (npz), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.partial.npz")
    arrays: dict[str, NDArray[Any]] = {
        f"contrast{i}": page.contrast for i, page in enumerate(pages)
    }
    arrays |= {f"classes{i}": page.classes for i, page in enumerate(pages)}
    arrays |= {f"digits{i}": page.digits for i, page in enumerate(pages)}
    np.savez_compressed(partial, allow_pickle=False, **arrays)
    partial.replace(path)


def load(path: Path) -> list[FinderPage]:
    """The pages that `save` wrote."""
    with np.load(path) as arrays:
        return [
            FinderPage(arrays[f"contrast{i}"], arrays[f"classes{i}"], arrays[f"digits{i}"])
            for i in range(len(arrays.files) // 3)
        ]
