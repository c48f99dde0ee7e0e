# SPDX-License-Identifier: Apache-2.0
"""What speaks for a reading being right to the last digit: one number a sign, more is better.

A sign must mean the same on a photo that a person took as on a synthetic one, because its weight
is found on the latter. So each is a ratio or a probability, and is clipped to where it tells.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from vision.classify import NOT_A_DIGIT
from vision.findings import Findings
from vision.opinions import Agreed
from vision.overlooked import overlooked
from vision.reading import Line
from vision.unread import Unread, unread

Signs = dict[str, float]

EVEN = float(np.log(2))  # cost of what is as likely as not


class Sign(StrEnum):
    """The signs, by the name under which `model.json` holds their weights."""

    SPELLED = "spelled"  # log odds that the lines say this, as the second reader has it
    SIGHTED = "sighted"  # and as the third reader has it
    NAMED = "named"  # log odds of the most doubtful digit, as the first reader has it
    SEEN = "seen"  # how surely the finder saw digits in the line where it saw them least
    SHAPED = "shaped"  # quality of the poorest digit
    LIKE_WRITING = "like_writing"  # evidence of all digits together: many, large, and read well
    HEARD = "heard"  # log of the number of digits the second reader sees
    AT_ONE = "at_one"  # share of the readers, over all lines, that say what is told
    ALONE = "alone"  # least share of the ink in and around a line that is its own
    EXPLAINED = "explained"  # share of the large pieces of ink that the lines account for
    NOTHING_LEFT_OUT = "nothing_left_out"  # pieces as high as a digit left out of a line
    NOTHING_NEAR = "nothing_near"  # and those that no line has, near the digits
    NOTHING_BESIDE = (
        "nothing_beside"  # and those of them, or parts, in which the finder sees digits
    )
    NOTHING_FAR = "nothing_far"  # and elsewhere on the page
    NONE_OVERLOOKED = "none_overlooked"  # digits detected in no line
    ALL_SEEN = "all_seen"  # and ink in which the finder sees digits, by that of one that was read
    ALL_READ = "all_read"  # share of the page's ink that lies in digits
    ONE_PEN = "one_pen"  # darkness of the palest line by that of the darkest
    ONE_SIZE = "one_size"  # spread of the digits' heights
    FEW_ONES = "few_ones"  # share of 1s: any edge may pass for one
    EVEN_GAPS = "even_gaps"  # by how much the widest gap in a line exceeds the usual one
    GAPS = "gaps"  # the narrowest gap, in heights of a digit: touching digits are below 0
    CLEAR = "clear"  # log of the ink's darkness by the paper's noise
    FEW_LINES = "few_lines"  # log of the number of lines
    LINES_APART = "lines_apart"  # least gap between digits of two lines, in heights of a digit
    ONE_WAY_UP = "one_way_up"  # how badly, as a log, the digits would read upside down


RANGES: dict[Sign, tuple[float, float]] = {
    Sign.SPELLED: (-6.0, 6.0),
    Sign.SIGHTED: (-6.0, 6.0),
    Sign.NAMED: (-3.0, 6.0),
    Sign.SEEN: (0.6, 1.0),
    Sign.SHAPED: (0.0, 1.0),
    Sign.LIKE_WRITING: (0.0, 1.5),
    Sign.HEARD: (0.0, 2.0),
    Sign.AT_ONE: (0.0, 1.0),
    Sign.ALONE: (0.0, 1.0),
    Sign.EXPLAINED: (0.3, 1.0),
    Sign.NOTHING_LEFT_OUT: (-2.0, 0.0),
    Sign.NOTHING_NEAR: (-2.0, 0.0),
    Sign.NOTHING_BESIDE: (-2.0, 0.0),
    Sign.NOTHING_FAR: (-3.0, 0.0),
    Sign.NONE_OVERLOOKED: (-2.0, 0.0),
    Sign.ALL_SEEN: (-1.0, 0.0),
    Sign.ALL_READ: (0.0, 1.0),
    Sign.ONE_PEN: (0.4, 1.0),
    Sign.ONE_SIZE: (-0.4, -0.05),
    Sign.FEW_ONES: (-1.0, 0.0),
    Sign.EVEN_GAPS: (-2.0, 0.0),
    Sign.GAPS: (-0.4, 0.2),
    Sign.CLEAR: (2.0, 5.0),
    Sign.FEW_LINES: (-1.6, 0.0),
    Sign.LINES_APART: (-0.5, 0.5),
    Sign.ONE_WAY_UP: (0.0, 3.0),
}


def signs_of(found: Findings, left: Unread | None = None) -> Signs:
    """The signs of a reading, each within its range. There must be a digit in `found`.

    `left` is what was `unread`, for those who know it already.
    """
    left = left or unread(found)
    signs = {**_of_readers(found), **_of_page(found, left), **_of_shape(found.lines)}
    return {sign: float(np.clip(signs[sign], low, high)) for sign, (low, high) in RANGES.items()}


def _of_readers(found: Findings) -> Signs:
    told = [(line, line.values) for line in found.agreed]
    cost = sum(line.transcript.cost_of(values) for line, values in told if line.transcript)
    named = [
        float(choice.probabilities[value])
        for line, values in told
        for choice, value in zip(line.line.decoded.choices, values, strict=True)
    ]
    choices = [choice for line in found.agreed for choice in line.line.decoded.choices]
    return {
        Sign.SPELLED: _log_odds(float(np.exp(-cost))),
        Sign.SIGHTED: _log_odds(float(np.exp(-sum(_sighted(line) for line in found.agreed)))),
        Sign.NAMED: min(map(_log_odds, named)),
        Sign.SHAPED: min(choice.quality for choice in choices),
        Sign.LIKE_WRITING: found.tried.evidence,
        Sign.HEARD: float(np.log1p(sum(_digits_heard(line) for line, _ in told))),
        Sign.AT_ONE: float(np.mean([line.votes / line.line.told.readers for line in found.agreed])),
    }


def _sighted(line: Agreed) -> float:
    """What the line costs the third reader; of no weight without one."""
    sighting = line.line.told.sighting
    return sighting.cost_of(line.values) if sighting else EVEN


def _digits_heard(line: Agreed) -> float:
    """How many digits the second reader sees, each as far as it is sure of one; 0 without it."""
    heard = line.transcript.probabilities if line.transcript else ()
    return float(sum(p[:NOT_A_DIGIT].sum() for p in heard))


def _of_page(found: Findings, left: Unread) -> Signs:
    darkness = [line.line.darkness for line in found.agreed]
    noise = max(float(np.median(found.page.noise)), 1e-3)
    return {
        Sign.SEEN: min(line.line.seen for line in found.agreed),
        Sign.ALONE: min(line.line.purity for line in found.agreed),
        Sign.EXPLAINED: found.tried.explained,
        Sign.NOTHING_LEFT_OUT: -len(found.left_out),
        Sign.NOTHING_NEAR: -left.near,
        Sign.NOTHING_BESIDE: -len(left.beside),
        Sign.NOTHING_FAR: -left.far,
        Sign.NONE_OVERLOOKED: -overlooked(found),
        Sign.ALL_SEEN: -left.seen,
        Sign.ALL_READ: 1 - left.share,
        Sign.ONE_PEN: min(darkness) / max(max(darkness), 1e-6),
        Sign.CLEAR: float(np.log(max(min(darkness), 1e-3) / noise)),
        Sign.FEW_LINES: -float(np.log(len(found.lines))),
        Sign.ONE_WAY_UP: -float(np.log(max(found.upside_down, 1e-6))),
    }


def _of_shape(lines: tuple[Line, ...]) -> Signs:
    digits = [digit for line in lines for digit in line.digits]
    heights = np.array([digit.box.h for digit in digits], np.float64)
    return {
        Sign.ONE_SIZE: -float(np.std(np.log(heights))),
        Sign.FEW_ONES: -float(np.mean([digit.value == 1 for digit in digits])),
        Sign.LINES_APART: _apart(lines) / float(np.median(heights)),
        **_of_gaps(lines, float(np.median(heights))),
    }


def _of_gaps(lines: tuple[Line, ...], height: float) -> Signs:
    gaps = [
        (right.box.x - left.box.x - left.box.w) / height
        for line in lines
        for left, right in zip(line.digits, line.digits[1:], strict=False)
    ] or [0.0]
    return {Sign.EVEN_GAPS: float(np.median(gaps)) - max(gaps), Sign.GAPS: min(gaps)}


def _apart(lines: tuple[Line, ...]) -> float:
    """Pixels between the two digits of different lines that are nearest; infinite for one line.

    A line close beside another is often no line: half an 8, or digits that dance.
    """
    digits = [digit.box for line in lines for digit in line.digits]
    boxes = np.array([(box.x, box.y, box.w, box.h) for box in digits], np.float64)
    owner = np.repeat(np.arange(len(lines)), [len(line.digits) for line in lines])
    starts, stops = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    gaps = np.maximum(starts[:, None] - stops[None], starts[None] - stops[:, None]).max(axis=-1)
    others = gaps[owner[:, None] != owner[None]]
    return float(others.min(initial=np.inf))


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))
