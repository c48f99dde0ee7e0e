# SPDX-License-Identifier: Apache-2.0
"""Glyphs cut by `vision` out of whole synthetic photos, with their labels.

Slower than `training.crops`, and closer to what is served: light, paper, rules and textures leave
exactly the remains that the serving stages leave. Photos without digits teach what is none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.crops import SLIM
from training.glyphs import NOT_A_DIGIT, Glyphs
from training.progress import ProgressBar, with_bar
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Surface
from vision.classify import Model
from vision.finder import with_digits
from vision.level_pages import Levelled, levelled_pages
from vision.lines import find_lines
from vision.page import Page, flatten
from vision.reader import first_side, sized
from vision.reading import Box
from vision.segment import Lattice, segment
from vision.strip import Strip, cut_out

SAME = 0.72  # overlap (intersection by union) of a hypothesis and a digit's box: that digit
APART = 0.3  # less than this with every digit: none
MOST_OF_NONE = 40  # glyphs of a photo that are no digits, so that textures do not drown digits
MOST_LINES = 12
LIGHT_ON_DARK = (Surface.BLACKBOARD, Surface.DARK_SCREEN)

Boxes = NDArray[np.float64]  # [N, 4]: left, top, right, bottom
LabelledGlyph = tuple[NDArray[np.uint8], int]


def cut_photos(
    sources: Sources, seeds: range, model: Model, *, progress: ProgressBar | None = None
) -> Glyphs:
    """All glyphs of the photos of `seeds`, as `model`'s finder leaves them."""
    glyphs: list[LabelledGlyph] = []
    for seed in with_bar(seeds, "photos", progress):
        glyphs += cut_photo(render(sources, seed), np.random.default_rng([seed, 1]), model)
    return Glyphs(
        np.stack([glyph for glyph, _ in glyphs]),
        np.array([label for _, label in glyphs], np.int64),
    )


def cut_photo(
    photo: SyntheticPhoto, random: np.random.Generator, model: Model
) -> list[LabelledGlyph]:
    """Runs the serving stages on the upright photo and labels the glyphs that they find."""
    page, scale = received_page(photo, model)
    names, boxes = true_digits(photo, scale)
    whole: list[LabelledGlyph] = []
    none: list[LabelledGlyph] = []
    for strip in strips_of(levelled_pages(page)[-1]):
        lattice = segment(strip)
        for glyph, label in _labelled(lattice, strip, boxes, names, photo.plan.worded):
            (none if label == NOT_A_DIGIT else whole).append((glyph, label))
    kept = random.permutation(len(none))[:MOST_OF_NONE]
    return [*whole, *(none[int(i)] for i in kept)]


def received_page(photo: SyntheticPhoto, model: Model) -> tuple[Page, float]:
    """The upright photo as it is read first, and how many of the page's pixels one of its is."""
    upright = np.ascontiguousarray(np.rot90(photo.received(), photo.quarter_turns))
    side = first_side(upright)
    light_on_dark = photo.plan.surface in LIGHT_ON_DARK
    page = with_digits(flatten(sized(upright, side), light_on_dark=light_on_dark), model)
    return page, side / max(upright.shape[:2])


def true_digits(photo: SyntheticPhoto, scale: float) -> tuple[list[str], Boxes]:
    """The digits of `photo`, and where they stand on a page of that `scale`."""
    names = [c for line in photo.lines for c in line.text]
    boxes = np.array([box for line in photo.lines for box in line.boxes], float).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    return names, boxes * scale


def strips_of(found: Levelled) -> list[Strip]:
    """The largest lines of a levelled page, cut out; they lead to the page as it was before."""
    lines = sorted(find_lines(found.ink.pieces), key=lambda line: -line.height * len(line.members))
    strips = [cut_out(found.ink, line) for line in lines[:MOST_LINES]]
    return [strip.through(found.to_page) for strip in strips]


def _labelled(
    lattice: Lattice, strip: Strip, boxes: Boxes, names: list[str], worded: bool
) -> list[LabelledGlyph]:
    found: list[LabelledGlyph] = []
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
