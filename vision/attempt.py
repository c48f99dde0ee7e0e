# SPDX-License-Identifier: Apache-2.0
"""One try at reading a page in one orientation: all stages from ink to chosen lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.agree import tell
from vision.choose import POOR, SEEN, Candidate, choose, marks_of, surroundings
from vision.classify import Model, classify
from vision.components import Components
from vision.decode import Choice
from vision.level_pages import Levelled
from vision.lines import find_lines
from vision.orient import direction_votes, runs_upright
from vision.segment import segment
from vision.single import Sighting, sightings
from vision.strip import Strip, cut_out
from vision.text_line import TextLine
from vision.transcribe import transcribe

Affine = NDArray[np.float64]

NEARLY = 0.8  # of the best score: an angle with as many digits in fewer lines is taken instead
MOST_LINES = 60
MOST_PIECES = 500  # in the lines that are read: bounds time on a page full of print


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a page says in one orientation.

    `to_page` (2x3) maps pixels of the levelled page to those of the page tried. `along` tells
    that most of the writing runs up or down, as if the photo were turned by a quarter. `explained`
    is the share of the digits' ink, dust and dots aside, that the lines account for; `pieces` is
    how many pieces of ink were in all lines that were read, these or others.
    """

    lines: tuple[Candidate, ...]
    explained: float
    to_page: Affine
    along: bool
    pieces: int

    @property
    def digits(self) -> list[Choice]:
        """The digits read, line after line."""
        return [choice for line in self.lines for choice in line.decoded.choices]

    @property
    def score(self) -> float:
        """How much was read, and how well: the better orientation has the higher one."""
        return float(sum((digit.quality - 0.5) * digit.weight for digit in self.digits))

    @property
    def quality(self) -> float:
        """Mean quality of the digits, 0 to 1."""
        return float(np.mean([digit.quality for digit in self.digits])) if self.digits else 0.0

    @property
    def evidence(self) -> float:
        """How far the digits together speak for being writing at all; a perfect one adds 0.4."""
        return float(sum((digit.quality - POOR) * digit.weight for digit in self.digits))

    @property
    def backed(self) -> bool:
        """Whether at least two readers say the same of every line, and there is one."""
        return bool(self.lines) and all(line.told.agree is not False for line in self.lines)

    @property
    def seen(self) -> float:
        """How surely (0 to 1) the finder saw digits, where it saw them best."""
        return max((line.seen for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Height of the writing in pixels, 0 when there is none."""
        return float(np.median([line.line.height for line in self.lines])) if self.lines else 0.0


def attempt(pages: tuple[Levelled, ...], model: Model, most: int = MOST_PIECES) -> Attempt:
    """The best of reading each of `pages`, which are one page at several angles: of its largest
    lines about as many as have `most` pieces of ink."""
    return best_of([_attempt(page, model, most) for page in pages])


def best_of(tries: Sequence[Attempt]) -> Attempt:
    """The one with the highest score, or one that reads as many digits nearly as well in fewer
    lines: a slope that is read as if it were level falls apart, however well its digits read."""
    best = max(tries, key=lambda attempted: attempted.score)
    whole = [one for one in tries if _holds_together(one, best)]
    return max(whole, key=lambda attempted: attempted.score, default=best)


def _holds_together(one: Attempt, best: Attempt) -> bool:
    as_many = len(one.digits) >= len(best.digits) and one.score > NEARLY * best.score
    return as_many and 0 < len(one.lines) < len(best.lines)


def _attempt(page: Levelled, model: Model, most: int) -> Attempt:
    pieces = page.ink.pieces
    along = runs_upright(direction_votes(pieces))
    found = _candidates(page, find_lines(pieces), model, most)
    lines = choose(found)
    read = sum(len(candidate.line.members) for candidate in found)
    return Attempt(lines, _explained(lines, pieces), page.to_page, along, read)


def _explained(lines: tuple[Candidate, ...], pieces: Components) -> float:
    if not lines:
        return 0.0
    read = np.zeros(len(pieces.areas), bool)
    for line in lines:
        read[line.line.members] = True
    height = float(np.median([line.line.height for line in lines]))
    large = np.maximum(pieces.widths, pieces.heights) > 0.4 * height
    return float(pieces.areas[read].sum() / max(int(pieces.areas[read | large].sum()), 1))


def _within_budget(lines: list[TextLine], most: int) -> list[TextLine]:
    """The largest of `lines`, in their order: until they have `most` pieces, and never more than
    `MOST_PIECES`."""
    order = sorted(range(len(lines)), key=lambda i: -lines[i].height)
    counts = np.array([len(lines[i].members) for i in order])
    total = np.cumsum(counts)
    chosen = (total <= MOST_PIECES) & (total - counts < most)
    fits = {i for i, fit in zip(order, chosen, strict=True) if fit}
    return [line for i, line in enumerate(lines) if i in fits]


def _candidates(
    page: Levelled, lines: tuple[TextLine, ...], model: Model, most: int
) -> list[Candidate]:
    """The largest lines of digits, read; all their glyphs go through the network together."""
    ink = page.ink
    marks = {id(line): marks_of(ink, line) for line in lines}
    seen = [line for line in lines if marks[id(line)][0] > SEEN]
    largest = sorted(seen, key=lambda line: -line.height * len(line.members) ** 0.5)[:MOST_LINES]
    kept = _within_budget([line for line in seen if any(line is other for other in largest)], most)
    if not kept:
        return []
    strips = [cut_out(ink, line) for line in kept]
    lattices = [segment(strip) for strip in strips]
    probabilities = classify(np.concatenate([lattice.glyphs for lattice in lattices]), model)
    ends = np.cumsum([len(lattice.glyphs) for lattice in lattices])[:-1]
    seen_by_third = _sightings(strips, page, model)
    found = []
    for line, strip, lattice, p, sighting in zip(
        kept, strips, lattices, np.split(probabilities, ends), seen_by_third, strict=True
    ):
        around = surroundings(ink, line)
        told = tell(strip, lattice, p, transcribe(strip.ink, model), sighting)
        found.append(Candidate(line, strip, lattice, p, told, *around, *marks[id(line)]))
    return found


def _sightings(strips: list[Strip], page: Levelled, model: Model) -> Sequence[Sighting | None]:
    if page.sheet is None:
        return [None] * len(strips)
    return sightings(strips, page.to_page, page.sheet, model)
