# SPDX-License-Identifier: Apache-2.0
"""One try at reading a page in one orientation: all stages from ink to chosen lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.agree import tell
from vision.boxes import remove_boxes
from vision.choose import POOR, SEEN, Candidate, choose, marks_of, surroundings
from vision.classify import Model, classify
from vision.components import Components
from vision.decode import Choice
from vision.detect import Detected
from vision.ink import Ink, find_ink, keep_digits, turned_ink
from vision.lines import find_lines
from vision.orient import (
    LEVEL,
    axis,
    direction_votes,
    levelled,
    quarters,
    runs_upright,
    square,
    tilt,
)
from vision.page import Page
from vision.rules import remove_rules, rules_angle
from vision.segment import segment
from vision.single import Sheet, Sighting, sheet_of, sightings
from vision.strip import Strip, cut_out
from vision.text_line import TextLine
from vision.trace import with_lost_ink
from vision.transcribe import transcribe

Affine = NDArray[np.float64]

STEEP_DEG = 8.0  # lines that rise less are followed as they are
SLIGHT_DEG = 0.8  # rules that rise less are found as they are
MANY_RULES = 2.5  # length of rules, by the page's side, that outweighs the writing's direction
NEAR_DEG = 10.0
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


@dataclass(frozen=True, slots=True)
class Levelled:
    """The ink of a page's digits, turned level; `to_page` as in `Attempt`. `sheet` is where digits
    were detected; None when nobody has looked for any."""

    ink: Ink
    to_page: Affine
    sheet: Sheet | None = None

    def turned(self, quarter_turns: int, page: tuple[int, ...]) -> Levelled:
        """The same, turned counter-clockwise as the page of that shape is: no work is redone."""
        back = np.linalg.inv(square(quarters(self.ink.soft.shape, quarter_turns)))
        to_page = square(quarters(page, quarter_turns)) @ square(self.to_page) @ back
        sheet = self.sheet and self.sheet.turned(quarter_turns, page)
        return Levelled(turned_ink(self.ink, quarter_turns), to_page[:2], sheet)


def levelled_pages(page: Page) -> tuple[Levelled, ...]:
    """The ink of `page` as it stands, and levelled when its rules or lines are turned."""
    ink, sheet = find_ink(page), _sheet(page)
    turns = angles(ink)
    steep = [angle for angle in turns if abs(angle) > SLIGHT_DEG]
    found = [_of_digits(ink)] if len(steep) < len(turns) else []
    page = replace(page, contrast=ink.contrast)
    del ink  # as large as the page: what follows needs the room
    found += [level(page, angle) for angle in steep]
    return tuple(replace(one, sheet=sheet) for one in found)


def detected_pages(page: Page) -> tuple[Levelled, ...]:
    """The ink of the digits detected on `page`, as it stands, and levelled when their lines are
    turned; none when nobody has looked for any. No rule or box is in it."""
    detected = page.detected
    if detected is None or not len(detected.boxes):
        return ()
    page = replace(page, digits=page.sharp)
    ink, sheet = find_ink(page), _sheet(page)
    level_ink = Levelled(with_lost_ink(keep_digits(ink), page, detected, LEVEL), LEVEL, sheet)
    votes = direction_votes(_as_pieces(detected, page.contrast.shape))
    angle = tilt(votes) if votes.any() else axis(level_ink.ink.pieces)
    if abs(angle) < STEEP_DEG:
        return (level_ink,)
    page = replace(page, contrast=ink.contrast)
    del ink  # as large as the page: what follows needs the room
    turned, to_page = levelled(page, angle)
    whole = with_lost_ink(keep_digits(find_ink(turned)), turned, detected, to_page)
    return level_ink, Levelled(whole, to_page, sheet)


def _sheet(page: Page) -> Sheet | None:
    return None if page.detected is None else sheet_of(page.contrast, page.detected)


def _as_pieces(found: Detected, shape: tuple[int, ...]) -> Components:
    """The detected digits, as if each were a piece of ink."""
    boxes = np.round(found.boxes).astype(np.int32)
    labels = np.broadcast_to(np.int32(0), shape[:2])
    return Components(labels, boxes, boxes[:, 2] * boxes[:, 3])


def angles(ink: Ink) -> tuple[float, ...]:
    """How many degrees the lines of a page may be turned: one angle, or two worth trying."""
    kept = keep_digits(ink).pieces
    votes = direction_votes(kept)
    written = tilt(votes) if votes.any() else axis(kept)
    ruled, support = rules_angle(ink)
    if support > MANY_RULES or (support > 0 and abs(ruled - written) < NEAR_DEG):
        return (ruled,)
    return (0.0, written) if abs(written) >= STEEP_DEG else (0.0,)


def level(page: Page, angle: float) -> Levelled:
    """The digits on `page`, turned level, when its lines run at `angle` degrees."""
    turned, to_page = levelled(page, angle)
    return _of_digits(find_ink(turned), to_page)


def _of_digits(ink: Ink, to_page: Affine = LEVEL) -> Levelled:
    """`ink` without rules and boxes, and what else is no digit's."""
    return Levelled(keep_digits(remove_boxes(remove_rules(ink))), to_page)


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
