# SPDX-License-Identifier: Apache-2.0
"""Which of the lines found are the writing, and which are desk, rules, print or chance.

A photo is of writing of one hand and size. The lines that read best and largest set the scale;
what differs from them in size, darkness or surroundings is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from vision.agree import Told
from vision.decode import Decoded, Probabilities
from vision.ink import Ink
from vision.page import FULL
from vision.segment import Lattice
from vision.strip import Strip
from vision.text_line import TextLine

POOR = 0.6  # mean quality under which a line is no line of digits
LOWEST_SHARE, HIGHEST_SHARE = 0.45, 2.2  # height of a line by that of the main writing
WELL, SEVERAL = 0.85, 3  # so good, and so many, that the others may see no digit at all
POORER_SHARE = 0.75  # quality by that of the main writing
PALEST_SHARE = 0.45  # darkness by that of the main writing
SMALLEST_HOLE = 3.0  # area in pixels of the strip
HOLES = 3  # of each digit: an 8 has two, and dark strokes have holes by chance
# How surely the finder must see a lone stroke for a 1, a lone digit that was not detected, or
# several poor digits.
CLEARLY_SEEN = 0.85
SEEN_ALIKE, LIKE_MAIN = 0.65, 0.7  # the same, where two readers read it, and how high it is then
SEEN = 0.5  # what the finder takes for digits less than this is none
PRINT_APART = 0.3  # and that much more than the handwriting does: a page of print is uneven
PRINT = 0.5  # what looks more like print is not read where there is handwriting
AROUND = 0.2  # heights around a digit in which paper should be bare
CLEAN = 0.45  # share of the ink in and around its digits that must be a line's own


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line as read: where it is, what it says, how well it reads.

    `told` is what the readers make of it, `quality` the mean over its digits (0 to 1), `purity`
    the share of the ink in and around the line that is its own, `darkness` the contrast of its
    ink; `seen` and `printed` (0 to 1) are how far the finder took it for digits, and for print.
    """

    line: TextLine
    strip: Strip
    lattice: Lattice
    probabilities: Probabilities
    told: Told
    purity: float
    darkness: float
    seen: float
    printed: float

    @property
    def decoded(self) -> Decoded:
        """The digits the line is taken to say."""
        return self.told.decoded

    @property
    def quality(self) -> float:
        return float(np.mean([c.quality for c in self.decoded.choices]))

    @property
    def evidence(self) -> float:
        """How much this line speaks for being the writing: many large digits read well."""
        good = sum(max(c.quality - POOR, 0) * c.weight for c in self.decoded.choices)
        return good * self.purity * self.line.height


def surroundings(ink: Ink, line: TextLine) -> tuple[float, float]:
    """Purity and darkness of `line` (see `Candidate`)."""
    chosen = np.zeros(len(ink.pieces.areas) + 1, bool)
    chosen[line.members + 1] = True
    margin = int(AROUND * line.height)
    own = total = 0
    for x, y, w, h in ink.pieces.boxes[line.members]:
        top, left = max(y - margin, 0), max(x - margin, 0)
        window = ink.pieces.labels[top : y + h + margin, left : x + w + margin]
        total += int(np.count_nonzero(window))
        own += int(np.count_nonzero(chosen[window]))
    areas = ink.pieces.areas[line.members]
    darkness = float(np.average(ink.darkness[line.members], weights=areas))
    return own / max(total, 1), darkness


def marks_of(ink: Ink, line: TextLine) -> tuple[float, float]:
    """How far `line` looks like digits, and like print; 1 and 0 when nobody has looked."""
    if ink.digits is None or ink.printed is None:
        return 1.0, 0.0
    x, y, w, h = ink.pieces.bounds_of(line.members)
    window = np.s_[y : y + h, x : x + w]
    own = np.isin(ink.pieces.labels[window], line.members + 1)
    digits, printed = ink.digits[window][own].mean(), ink.printed[window][own].mean()
    return float(digits) / FULL, float(printed) / FULL


def choose(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that are the writing, in their order; none when nothing reads well."""
    readable = [c for c in candidates if c.decoded.choices and c.quality > POOR]
    readable = [c for c in readable if c.purity > CLEAN and not _is_texture(c)]
    alone = all(c.told.denied for c in readable)
    readable = [c for c in readable if not c.told.denied or _reads_well(c, alone=alone)]
    if not readable:
        return ()
    by_hand = [c for c in readable if c.printed < PRINT] or readable
    main = max(by_hand, key=lambda candidate: candidate.evidence)
    numbers = (c for c in by_hand if _is_number(c) and not _lies_in_another(c, readable))
    told = [main, *numbers]
    return tuple(c for c in readable if any(c is one for one in told) or _belongs(c, main))


def _reads_well(candidate: Candidate, *, alone: bool) -> bool:
    """Whether a line is one even if the other readers see no digit in it: a lone 1, over which
    they pass, or several digits when there is nothing else to read. Beside numbers it is words."""
    several = alone and len(candidate.decoded.choices) >= SEVERAL
    stroke = _only_ones(candidate) and candidate.seen > CLEARLY_SEEN
    return candidate.quality > WELL and (several or stroke)


def _belongs(candidate: Candidate, main: Candidate) -> bool:
    share = candidate.line.height / main.line.height
    if not LOWEST_SHARE < share < HIGHEST_SHARE:
        return False
    if candidate.darkness < PALEST_SHARE * main.darkness:
        return False
    if candidate.quality < POORER_SHARE * main.quality and not _are_seen(candidate):
        return False
    if candidate.printed > max(PRINT, main.printed + PRINT_APART):
        return False
    lone, undetected = len(candidate.decoded.choices) == 1, candidate.told.undetected
    alike = candidate.told.agree is True and LIKE_MAIN < share < 1 / LIKE_MAIN and not undetected
    least = SEEN_ALIKE if alike else CLEARLY_SEEN
    doubtful = lone and (undetected or _only_ones(candidate))
    return not doubtful or candidate.seen > least


def _are_seen(candidate: Candidate) -> bool:
    """Whether there are several digits, seen so clearly that they may read poorly: they touch."""
    return len(candidate.told.values) >= SEVERAL and candidate.seen > CLEARLY_SEEN


def _is_number(candidate: Candidate) -> bool:
    """Whether a line is digits by itself, however small or pale beside the main writing."""
    several = len(candidate.decoded.choices) > 1 and not _only_ones(candidate)
    clear = candidate.quality > WELL and candidate.seen > CLEARLY_SEEN
    return several and clear and candidate.told.agree is True


def _lies_in_another(candidate: Candidate, others: list[Candidate]) -> bool:
    """Whether `candidate` is within the height of a larger line: the loops of 8s read as 0s."""
    own = candidate.line
    larger = (c.line for c in others if c.line.height > own.height)
    return any(
        abs(own.y - line.y - line.slope * (own.x - line.x)) < (own.height + line.height) / 2
        for line in larger
    )


def _only_ones(candidate: Candidate) -> bool:
    return all(choice.value == 1 for choice in candidate.decoded.choices)


def _is_texture(candidate: Candidate) -> bool:
    """Whether the ink has more holes than digits have: an 8 has two, a flower dozens.

    What two readers read well is none: noise bores holes into faint strokes.
    """
    if candidate.told.agree is True and candidate.quality > WELL:
        return False
    mask = (candidate.strip.ink > 0.5).astype(np.uint8)
    outlines, inside = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = [o for o, i in zip(outlines, inside[0], strict=True) if i[3] >= 0] if outlines else []
    large = sum(cv2.contourArea(hole) > SMALLEST_HOLE for hole in holes)
    return large > HOLES * len(candidate.decoded.choices) + 1
