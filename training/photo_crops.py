# SPDX-License-Identifier: Apache-2.0
"""Glyphs and line images cut by `vision` out of whole synthetic photos, with their labels.

Slower than `training.crops`, and closer to what is served: light, paper, rules and textures leave
exactly the remains that the serving stages leave. Photos without digits teach what is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.crops import SLIM
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.linedata import WIDEST_PX, Lines
from training.progress import NullProgress, ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Surface
from vision.attempt import levelled_pages
from vision.classify import Model
from vision.finder import with_digits
from vision.lines import find_lines
from vision.page import flatten
from vision.reader import first_side, sized
from vision.reading import Box
from vision.segment import Lattice, segment
from vision.strip import Strip, cut_out
from vision.transcribe import to_line_image

SAME = 0.72  # overlap (intersection by union) of a hypothesis and a digit's box: that digit
APART = 0.3  # less than this with every digit: none
MOST_OF_NONE = 40  # glyphs of a photo that are no digits, so that textures do not drown digits
MOST_LINES = 12
MOST_EMPTY = 2  # line images of a photo without any digit
NARROWEST_EMPTY_PX = 64  # what is narrower is a lone stroke: a 1 to anybody's eye
LIGHT_ON_DARK = (Surface.BLACKBOARD, Surface.DARK_SCREEN)
COVERED = 0.6  # of a digit's box inside the strip: the strip holds it

Boxes = NDArray[np.float64]  # [N, 4]: left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Cut:
    """What one photo gives: glyphs with labels, line images with texts."""

    glyphs: tuple[tuple[NDArray[np.uint8], int], ...]
    lines: tuple[tuple[NDArray[np.uint8], str], ...]


def cut_photos(
    sources: Sources, seeds: range, model: Model, *, progress: ProgressBar | None = None
) -> tuple[Glyphs, Lines]:
    """All glyphs and lines of the photos of `seeds`, as `model`'s finder leaves them."""
    progress = progress or NullProgress()
    progress.begin("photos", len(seeds))
    glyphs: list[tuple[NDArray[np.uint8], int]] = []
    lines: list[tuple[NDArray[np.uint8], str]] = []
    for seed in seeds:
        cut = cut_photo(render(sources, seed), np.random.default_rng([seed, 1]), model)
        glyphs += cut.glyphs
        lines += cut.lines
        progress.advance()
    return (
        Glyphs(
            np.stack([glyph for glyph, _ in glyphs]),
            np.array([label for _, label in glyphs], np.int64),
        ),
        Lines(
            np.concatenate([image for image, _ in lines], axis=1),
            np.array([image.shape[1] for image, _ in lines], np.int64),
            tuple(text for _, text in lines),
        ),
    )


def cut_photo(photo: SyntheticPhoto, random: np.random.Generator, model: Model) -> Cut:
    """Runs the serving stages on the upright photo and labels what they find."""
    strips, scale = _strips(photo, model)
    digits = [
        (box, c) for line in photo.lines for box, c in zip(line.boxes, line.text, strict=True)
    ]
    boxes = np.array([box for box, _ in digits], float).reshape(-1, 4) * scale
    boxes[:, 2:] += boxes[:, :2]
    names = [c for _, c in digits]
    whole: list[tuple[NDArray[np.uint8], int]] = []
    none: list[tuple[NDArray[np.uint8], int]] = []
    lines = []
    for strip in strips:
        lattice = segment(strip)
        for glyph, label in _labelled(lattice, strip, boxes, names, photo.plan.worded):
            (none if label == NOT_A_DIGIT else whole).append((glyph, label))
        text = _text_of(strip, boxes, names)
        image = to_line_image(strip.ink)
        if text is not None and 4 * len(text) < image.shape[1] <= WIDEST_PX:
            lines.append((np.round(image * 255).astype(np.uint8), text))
    kept = random.permutation(len(none))[:MOST_OF_NONE]
    written = [line for line in lines if line[1]]
    empty = [line for line in lines if not line[1] and line[0].shape[1] >= NARROWEST_EMPTY_PX]
    return Cut((*whole, *(none[int(i)] for i in kept)), (*written, *empty[:MOST_EMPTY]))


def _strips(photo: SyntheticPhoto, model: Model) -> tuple[list[Strip], float]:
    """The strips of the upright photo, and how many pixels of the page one of its own is."""
    upright = np.ascontiguousarray(np.rot90(photo.received(), photo.quarter_turns))
    side = first_side(upright)
    seen = sized(upright, side)
    light_on_dark = photo.plan.surface in LIGHT_ON_DARK
    page = with_digits(flatten(seen, light_on_dark=light_on_dark), model)
    found = levelled_pages(page)[-1]
    lines = sorted(find_lines(found.ink.pieces), key=lambda line: -line.height * len(line.members))
    strips = [cut_out(found.ink, line) for line in lines[:MOST_LINES]]
    return [strip.through(found.to_page) for strip in strips], side / max(upright.shape[:2])


def _labelled(
    lattice: Lattice, strip: Strip, boxes: Boxes, names: list[str], worded: bool
) -> list[tuple[NDArray[np.uint8], int]]:
    found = []
    for hypothesis, glyph in zip(lattice.hypotheses, lattice.glyphs, strict=True):
        label = _label(strip.box_on_page(hypothesis.box), boxes, names)
        slim = hypothesis.box.w < SLIM * hypothesis.box.h
        # Letters of words may be a 0 or a 1 to anybody's eye: such photos teach only digits.
        if label is None or (label == NOT_A_DIGIT and (slim or worded)):
            continue
        found.append((np.round(glyph * 255).astype(np.uint8), label))
    return found


def _label(box: Box, boxes: Boxes, names: list[str]) -> int | None:
    if not names:
        return NOT_A_DIGIT
    shared = _overlap(box, boxes)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    union = area + box.w * box.h - shared
    likeness = shared / np.maximum(union, 1e-9)
    best = int(likeness.argmax())
    if likeness[best] > SAME:
        return int(names[best])
    return NOT_A_DIGIT if likeness[best] < APART else None


def _overlap(box: Box, boxes: Boxes) -> NDArray[np.float64]:
    wide = np.minimum(boxes[:, 2], box.x + box.w) - np.maximum(boxes[:, 0], box.x)
    high = np.minimum(boxes[:, 3], box.y + box.h) - np.maximum(boxes[:, 1], box.y)
    return np.asarray(np.maximum(wide, 0) * np.maximum(high, 0))


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
