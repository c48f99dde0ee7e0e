# SPDX-License-Identifier: Apache-2.0
"""Glyphs for the CNN, cut as `vision.segment` cuts them: digits, and what is not a digit.

Written lines are worn, segmented with the serving code, and every hypothesis is labelled by
whose ink it holds. So the network meets in training exactly what the lattice will ask it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.glyphs import NOT_A_DIGIT, Glyphs
from training.progress import NullProgress, ProgressBar
from training.synthesis.characters import Sources
from training.synthesis.line import Written, draw_spacing, write_line
from training.synthesis.text import draw_items
from training.synthesis.wear import draw_wear, wear
from vision.segment import Hypothesis, Lattice, segment
from vision.strip import Strip

PURE = 0.88  # share of a hypothesis' ink that must be one character's to carry its label
WHOLE = 0.85  # share of a character's ink that must be in the hypothesis
MIXED, PART = 0.7, 0.55  # below either, it is no digit; what lies between is left out
SLIM = 0.42  # width by height: slimmer fragments look like a 1, so they teach nothing
JUNK_SHARE = 0.35  # of all glyphs, at most

# Written alone, these are digits to anybody's eye.
LOOKALIKES = frozenset("oOQDlIi|!zZsSgqbBGjJtT/,.'-()공이일:;")


@dataclass(frozen=True, slots=True)
class Labelled:
    glyph: NDArray[np.uint8]
    label: int


def make_crops(
    sources: Sources, count: int, seed: int, *, progress: ProgressBar | None = None
) -> Glyphs:
    """`count` glyphs from freshly written lines, shuffled."""
    progress = progress or NullProgress()
    progress.begin("glyphs", count)
    random = np.random.default_rng(seed)
    digits: list[Labelled] = []
    junk: list[Labelled] = []
    while len(digits) + len(junk) < count:
        before = len(digits) + len(junk)
        found = crops_of_line(draw_worn_line(sources, random))
        digits += [one for one in found if one.label != NOT_A_DIGIT]
        room = int(JUNK_SHARE / (1 - JUNK_SHARE) * len(digits)) - len(junk)
        none = [one for one in found if one.label == NOT_A_DIGIT]
        chosen = random.permutation(len(none))[: max(room, 0)]
        junk += [none[int(i)] for i in chosen]
        progress.advance(len(digits) + len(junk) - before)
    every = digits + junk
    order = random.permutation(len(every))[:count]
    return Glyphs(
        np.stack([every[i].glyph for i in order]),
        np.array([every[i].label for i in order], np.int64),
    )


def draw_worn_line(sources: Sources, random: np.random.Generator) -> Written:
    """A line at some camera's resolution, as `vision` would hand it to the segmenter."""
    height_px = float(np.exp(random.uniform(np.log(14), np.log(60))))
    written = write_line(draw_items(sources, random), height_px, draw_spacing(random), random)
    return wear(written, draw_wear(random), random)


def crops_of_line(line: Written) -> list[Labelled]:
    """Every hypothesis of the line that is plainly a digit or plainly none."""
    lattice = segment(Strip(line.ink, np.eye(2, 3)))
    whole = _ink_by_owner(line.ink, line.owner, len(line.characters))
    found = []
    for hypothesis, glyph in zip(lattice.hypotheses, lattice.glyphs, strict=True):
        label = _label(hypothesis, lattice, line, whole)
        if label is not None:
            found.append(Labelled(np.round(glyph * 255).astype(np.uint8), label))
    return found


def turned(digits: Glyphs, count: int, seed: int) -> Glyphs:
    """`count` digits lying on their side or head, as none: they tell which way up a photo is.

    Left out are those that still look like a digit: 0, 1 and 8, and 2, 5, 6 and 9 on their head.
    """
    random = np.random.default_rng(seed)
    sideways = np.flatnonzero(np.isin(digits.labels, (2, 3, 4, 5, 6, 7, 9)))
    images = []
    for index in random.choice(sideways, count):
        quarters = (1, 3, 2) if digits.labels[index] in (3, 4, 7) else (1, 3)
        images.append(np.rot90(digits.images[index], quarters[int(random.integers(len(quarters)))]))
    return Glyphs(np.stack(images), np.full(count, NOT_A_DIGIT, np.int64))


def _ink_by_owner(
    ink: NDArray[np.float32], owner: NDArray[np.int16], count: int
) -> NDArray[np.float64]:
    """Sum of ink of nobody (0), of each character (1 to count) and of marks (last)."""
    where = np.where(owner < 0, count + 1, owner)
    return np.bincount(where.ravel(), ink.ravel(), count + 2).astype(np.float64)


def _label(
    hypothesis: Hypothesis, lattice: Lattice, line: Written, whole: NDArray[np.float64]
) -> int | None:
    x, y, w, h = hypothesis.box
    window = slice(y, y + h), slice(x, x + w)
    pieces = [piece.label for piece in lattice.pieces[hypothesis.start : hypothesis.stop]]
    mine = np.where(np.isin(lattice.labels[window], pieces), line.ink[window], 0)
    shares = _ink_by_owner(mine, line.owner[window], len(line.characters))
    total = float(shares[1:].sum())
    if total <= 0:
        return None
    best = int(shares[1:].argmax()) + 1
    if best > len(line.characters):
        return None if w < SLIM * h else NOT_A_DIGIT
    return _judge(
        line.characters[best - 1].value,
        purity=float(shares[best]) / total,
        wholeness=float(shares[best] / whole[best]),
        slim=w < SLIM * h,
    )


def _judge(value: str, *, purity: float, wholeness: float, slim: bool) -> int | None:
    """The label of a hypothesis that is mostly `value`; None when it could be taken either way."""
    if purity > PURE and wholeness > WHOLE:
        if value in "0123456789":
            return int(value)
        return None if value in LOOKALIKES or slim else NOT_A_DIGIT
    if (purity < MIXED or wholeness < PART) and not slim:
        return NOT_A_DIGIT
    return None
