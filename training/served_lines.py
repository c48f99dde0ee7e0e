# SPDX-License-Identifier: Apache-2.0
"""Lines for the second reader, cut out of synthetic photos just as serving cuts them.

Out of the ink of detected digits, and out of all ink. Only lines that hold digits, and no photos
with words: what was written is told from the rest before a line is cut.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.linedata import LineImage, Lines, fits, side_by_side
from training.photo_crops import Boxes, received_page, strips_of, true_digits
from training.progress import ProgressBar, with_bar
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import draw_plan
from vision import Model
from vision.level_pages import detected_pages, levelled_pages
from vision.strip import Strip
from vision.transcribe import to_line_image

COVERED = 0.6  # of a digit's box inside the strip: the strip holds it


def serve_lines(
    sources: Sources, seeds: range, model: Model, *, progress: ProgressBar | None = None
) -> Lines:
    """The lines of the photos of `seeds`, one of which must have digits and no words."""
    found: list[LineImage] = []
    for seed in with_bar(seeds, "photos", progress):
        photo = _without_words(sources, seed)
        found += lines_of(photo, model) if photo else []
    return side_by_side(found)


def _without_words(sources: Sources, seed: int) -> SyntheticPhoto | None:
    """The photo of `seed`; None if it has no digits, or words beside them."""
    plan = draw_plan(np.random.default_rng([seed, 5]))
    return render(sources, seed, plan) if plan.texts and not plan.worded else None


def lines_of(photo: SyntheticPhoto, model: Model) -> list[LineImage]:
    """The lines of the upright `photo` that hold digits, cut both ways."""
    page, scale = received_page(photo, model)
    names, boxes = true_digits(photo, scale)
    pages = (*detected_pages(page)[-1:], *levelled_pages(page)[-1:])
    strips = [strip for found in pages for strip in strips_of(found)]
    lines = [(to_line_image(strip.ink), _text_of(strip, boxes, names)) for strip in strips]
    return [
        (np.round(image * 255).astype(np.uint8), text)
        for image, text in lines
        if text and fits(image, text)
    ]


def _text_of(strip: Strip, boxes: Boxes, names: list[str]) -> str | None:
    """The digits whose ink the strip holds, left to right; None when it holds some in part."""
    inverse = cv2.invertAffineTransform(strip.to_page)
    held: list[tuple[float, str]] = []
    for box, name in zip(boxes, names, strict=True):
        corners = np.array([(box[i], box[j], 1.0) for i in (0, 2) for j in (1, 3)]) @ inverse.T
        low, high = corners.min(axis=0), corners.max(axis=0)
        share = _ink_share(strip.ink, low, high)
        if share is None:
            continue
        if share < COVERED:
            return None
        held.append((float(low[0] + high[0]), name))
    return "".join(name for _, name in sorted(held))


def _ink_share(
    ink: NDArray[np.float32], low: NDArray[np.float64], high: NDArray[np.float64]
) -> float | None:
    """How much of the box's height and width is inked in the strip; None outside it."""
    height, width = ink.shape
    left, top = np.floor(np.maximum(low, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(high, [width, height])).astype(int)
    if right <= left or bottom <= top:
        return None
    mask = ink[top:bottom, left:right] > 0.4
    if not mask.any():
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    tall = float(rows[-1] - rows[0] + 1) / max(float(high[1] - low[1]), 1.0)
    wide = float(columns[-1] - columns[0] + 1) / max(float(high[0] - low[0]), 1.0)
    return None if tall < 0.15 else min(tall, wide)
