# SPDX-License-Identifier: Apache-2.0
"""The verdict: whether there are digits at all, how surely they were read, and what to mend.

A digit spoken plainly and wrong is the worst outcome. So `sure` is one decision about the whole
reading: the probability that all of it is right, against a limit chosen for its risk. The signs
that speak for it are in `vision.signs`, their weights in the bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vision.attempt import Attempt
from vision.detect import LIKELY as LIKELY_DIGIT
from vision.findings import Findings
from vision.hidden import what_hides_digits
from vision.reading import Box, Problem
from vision.signs import RANGES, Sign, signs_of
from vision.triage import cut_off, faults_of_light, in_order, too_small
from vision.trust import Trust
from vision.unread import unread
from vision.upside_down import either_way_up, turned_alone

WHOLE_DIGIT = 0.95  # a digit this probable is not cut through, even if it touches the frame
RIM = 0.05  # of a 1's height: how near the frame it may be the rest of something
CONVINCING = 1.2  # evidence that needs nothing else: three good digits
LIKELY, LIKELY_EXPLAINED = 0.5, 0.3  # less of it must also explain part of the page's ink,
FAINT, FAINT_QUALITY = 0.1, 0.68  # and a single clear digit nearly all of it
FAINT_EXPLAINED, FAINT_PURITY = 0.9, 0.8
SEEN = 0.75  # how surely the finder must have seen digits in what was read
PLENTY = RANGES[Sign.LIKE_WRITING][1]  # evidence of four perfect digits, or of many fair ones
SEVERAL = 3  # or as many digits in a line, however unclear
PERHAPS = LIKELY_DIGIT  # a digit that was detected, however doubtful, and is in no line
ONE_DIGIT, TWO_DIGITS = 1.0, 2.0  # ink that looks like digits, by that of a digit that was read


@dataclass(frozen=True, slots=True)
class Verdict:
    """`readable` is False when what was found is no digits; the rest as in `Reading`."""

    readable: bool
    sure: bool
    confidence: float
    problems: tuple[Problem, ...]
    more_seen: bool = False


def judge(found: Findings, trust: Trust) -> Verdict:
    """The verdict on `found`.

    Never sure, whatever its signs: a reading with a digit that may be cut through, for half an 8
    is a whole 3, or beside which the edge cuts something off, or glare or darkness may hide one;
    one on which no two readers agree, for two of them are wrong; one that leaves out what looks
    like two digits, was detected as one, or stands in a row like one more; one with a number that
    may be crossed out; one of digits that may be print as others beside them are; and a lone 6 or
    9, or any digit alone for which the photo was turned, for nobody knows which way up the paper
    lay.
    """
    left = unread(found) if found.lines else None
    signs = signs_of(found, left) if left else None
    if left is None or signs is None or not is_told(signs, trust, by_rules=is_writing(found.tried)):
        return Verdict(False, False, 0.0, in_order({*faults_of_light(found), Problem.NO_DIGITS}))
    hidden = what_hides_digits(found)
    at_risk = *_perhaps_cut(found), *found.left_out, *left.beside, *left.at_frame
    cut = cut_off(found.photo, at_risk)
    differ = any(line.agree is False for line in found.agreed)
    struck = any(line.crossed_out for line in found.lines)
    missed = -signs[Sign.NONE_OVERLOOKED]
    passed_over = left.seen >= TWO_DIGITS or missed >= PERHAPS or left.in_row > 0
    any_way_up = either_way_up(found.lines) or turned_alone(found.lines, found.turns)
    doubted = found.page.print_doubtful or any_way_up
    barred = cut or hidden or differ or struck or passed_over or doubted
    confidence = trust.chance(signs)
    more_seen = max(left.seen, missed) >= ONE_DIGIT or left.in_row > 0
    if confidence >= trust.sure_from and not barred:
        return Verdict(True, True, confidence, (), more_seen)
    problems = {*cut, *hidden, *faults_of_light(found), *too_small(found.lines)}
    return Verdict(True, False, confidence, in_order(problems), more_seen)


def _perhaps_cut(found: Findings) -> Iterator[Box]:
    """Boxes of the digits that would be cut through if they touched the frame: those that are not
    clear, and the 1s, for a part of any digit may pass for one."""
    for digit in (digit for line in found.lines for digit in line.digits):
        x, y, w, h = digit.box
        if digit.value == 1:
            rim = round(RIM * h)
            yield Box(x - rim, y, w + 2 * rim, h)
        elif digit.p < WHOLE_DIGIT:
            yield digit.box


def is_told(signs: Mapping[str, float], trust: Trust, *, by_rules: bool) -> bool:
    """Whether what has these signs is told: it is likely to be digits, or there are so many good
    ones that "no digits" would be wrong, whatever else is on the page.

    A bundle that was not fitted for it goes `by_rules`, which is what `is_writing` says.
    """
    if trust.writing is None:
        return by_rules
    return signs[Sign.LIKE_WRITING] >= PLENTY or trust.writing.told(signs)


def is_writing(tried: Attempt) -> bool:
    """Whether the digits found are more than chance: any texture holds shapes like a 1 or an 8.

    Rules that end a search early; what is told is decided by the bundle's fit, where it has one.
    """
    if not tried.lines or tried.seen < SEEN:
        return False
    if tried.evidence > CONVINCING:
        return True
    if tried.evidence > LIKELY and tried.explained > LIKELY_EXPLAINED:
        return True
    if any(line.told.agree is False for line in tried.lines):
        return False
    several = max(len(line.decoded.choices) for line in tried.lines) >= SEVERAL
    if several and tried.evidence > FAINT and tried.explained > FAINT_EXPLAINED:
        return True
    clean = min(line.purity for line in tried.lines) > FAINT_PURITY
    clear = tried.evidence > FAINT and tried.quality > FAINT_QUALITY
    return clear and clean and tried.explained > FAINT_EXPLAINED
