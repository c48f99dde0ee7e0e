# SPDX-License-Identifier: Apache-2.0
"""What to tell the caller: how far to trust the reading, and what was wrong with the photo.

A digit spoken plainly and wrong is the worst outcome, so `sure` needs every sign to be good: each
digit, both readers, nothing left out, nothing cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from vision.agree import Agreed
from vision.attempt import Attempt
from vision.findings import Findings
from vision.page import Page
from vision.photo import Photo
from vision.reading import Box, Line, Problem

SURE_DIGIT = 0.9  # every digit at least this probable when two readers agree on the line,
SURE_ALONE = 0.95  # and this where there is only one
WHOLE_DIGIT = 0.95  # a digit this probable is not cut through, even if it touches the frame
SURE_QUALITY = 0.7
# And this share of what is as large as digits was read: a line or digit may have been passed over.
# On 200 synthetic photos (`python -m training.synthetic_set`, 100 of them sure) six of ten silent
# errors lay below, wherever between 0.55 and 0.95 the limit was put.
SURE_EXPLAINED = 0.8
CONVINCING = 1.2  # evidence that needs nothing else: three good digits
LIKELY, LIKELY_EXPLAINED = 0.5, 0.3  # less of it must also explain part of the page's ink,
FAINT, FAINT_QUALITY = 0.1, 0.68  # and a single clear digit nearly all of it
FAINT_EXPLAINED, FAINT_PURITY = 0.9, 0.8
SEVERAL = 3  # or as many digits in a line, however unclear
DISAGREED = 0.3  # what is left of the confidence when the two readers differ
LEFT_OUT = 0.5  # and when a piece as large as a digit was left out of a line
DARK_PAPER = 60  # of 255: paper this dark was hardly lit
BLOWN_OUT, UNLIKE_PAPER = 252, 225  # glare: this bright where the paper is darker than that
GLARE_SHARE = 0.01
FADING_EDGE = 0.3  # of its darkness: how steeply, over 3 pixels, the edge of a stroke rises
SMALLEST_PX = 12  # height of writing, in pixels of the sender's photo


@dataclass(frozen=True, slots=True)
class Verdict:
    """`readable` is False when what was found is no digits; the rest as in `Reading`."""

    readable: bool
    sure: bool
    confidence: float
    problems: tuple[Problem, ...]


def judge(found: Findings) -> Verdict:
    """The verdict on `found`."""
    photo, page, lines = found.photo, found.page, found.lines
    if not lines or not is_writing(found.tried):
        faults = _faults_of_light(photo, page)
        return Verdict(False, False, 0.0, tuple(sorted({*faults, Problem.NO_DIGITS}, key=_harm)))
    unclear = (d.box for line in lines for d in line.digits if d.p < WHOLE_DIGIT)
    cut_off = _cut_off(photo, (*unclear, *found.left_out))
    confidence = _confidence(found.tried, found.agreed, lines)
    sure = not cut_off and _is_sure(found.tried, found.agreed, lines)
    faults = cut_off if sure else cut_off | _faults_of_light(photo, page) | _size(lines)
    return Verdict(True, sure, confidence, tuple(sorted(faults, key=_harm)))


def is_writing(tried: Attempt) -> bool:
    """Whether the digits found are more than chance: any texture holds shapes like a 1 or an 8."""
    if not tried.lines:
        return False
    if tried.evidence > CONVINCING:
        return True
    if tried.evidence > LIKELY and tried.explained > LIKELY_EXPLAINED:
        return True
    several = max(len(line.decoded.choices) for line in tried.lines) >= SEVERAL
    if several and tried.evidence > FAINT and tried.explained > FAINT_EXPLAINED:
        return True
    clean = min(line.purity for line in tried.lines) > FAINT_PURITY
    clear = tried.evidence > FAINT and tried.quality > FAINT_QUALITY
    return clear and clean and tried.explained > FAINT_EXPLAINED


def _confidence(tried: Attempt, agreed: tuple[Agreed, ...], lines: tuple[Line, ...]) -> float:
    confidence = prod(digit.p for line in lines for digit in line.digits)
    confidence *= prod(DISAGREED for line in agreed if line.agree is False)
    confidence *= prod(LEFT_OUT for line in tried.lines if line.decoded.left_out_whole)
    return float(np.clip(confidence, 0, 1))


def _is_sure(tried: Attempt, agreed: tuple[Agreed, ...], lines: tuple[Line, ...]) -> bool:
    doubtful = min(digit.p for line in lines for digit in line.digits)
    alone = any(line.agree is None for line in agreed)
    return bool(
        doubtful > (SURE_ALONE if alone else SURE_DIGIT)
        and tried.quality > SURE_QUALITY
        and tried.explained > SURE_EXPLAINED
        and all(line.agree is not False for line in agreed)
        and not any(line.decoded.left_out_whole for line in tried.lines)
    )


def _harm(problem: Problem) -> int:
    return list(Problem).index(problem)


def _cut_off(photo: Photo, boxes: tuple[Box, ...]) -> set[Problem]:
    """The sides of the photo at which one of `boxes` touches the frame."""
    height, width = (side * photo.shrink for side in photo.pixels.shape[:2])
    edge = 1.5 * photo.shrink
    found = set()
    for x, y, w, h in boxes:
        found |= {Problem.CUT_OFF_LEFT} if x < edge else set()
        found |= {Problem.CUT_OFF_TOP} if y < edge else set()
        found |= {Problem.CUT_OFF_RIGHT} if x + w > width - edge else set()
        found |= {Problem.CUT_OFF_BOTTOM} if y + h > height - edge else set()
    return found


def _faults_of_light(photo: Photo, page: Page) -> set[Problem]:
    paper = page.paper[page.paper > 0]
    found = set()
    if not paper.size or np.median(paper) < DARK_PAPER:
        found.add(Problem.TOO_DARK)
    blown_out = float((page.paper >= BLOWN_OUT).mean())
    if paper.size and blown_out > GLARE_SHARE and np.median(paper) < UNLIKE_PAPER:
        found.add(Problem.GLARE)
    if _is_blurred(page, enlarged=max(page.contrast.shape) / max(photo.pixels.shape)):
        found.add(Problem.BLURRED)
    return found


def _is_blurred(page: Page, *, enlarged: float) -> bool:
    """Whether there is something on the page, but nothing of it has a sharp edge."""
    contrast = page.contrast
    reach = max(3, round(3 * enlarged))
    if contrast.shape[1] < 4 * reach:
        return False
    deepest = float(np.percentile(contrast[::2, ::2], 99.5))
    if deepest < 0.15:
        return False
    step = np.abs(contrast[:, reach:] - contrast[:, :-reach])
    return float(np.percentile(step[::2, ::2], 99.8)) < FADING_EDGE * deepest


def _size(lines: tuple[Line, ...]) -> set[Problem]:
    heights = [digit.box.h for line in lines for digit in line.digits]
    return {Problem.TOO_SMALL} if float(np.median(heights)) < SMALLEST_PX else set()
