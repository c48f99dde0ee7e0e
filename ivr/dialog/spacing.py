# SPDX-License-Identifier: Apache-2.0
"""The groups a number was written in, where its gaps are clear: "110 123 456789".

Whoever wrote the number grouped it by its habit (a card, an account, a telephone number), and
hears it as it stands on the paper.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf
from statistics import median

from vision.reading import Line

# Hands differ: digits of one group may stand as far apart as they are wide. So a gap is a space
# where it is clearly wider than all that are none, and wider than half the height of the digits.
RATIO = 1.8
NARROWEST_SPACE = 0.55
SHORTEST, LONGEST = 2, 7  # fewer are a digit that stands apart, more were not grouped at all


def written(line: Line) -> str:
    """The digits of `line`, with a space at each clear gap; without one where no gap is clear."""
    groups = _groups(line)
    lengths = [len(group) for group in groups]
    return " ".join(groups) if min(lengths) >= SHORTEST and max(lengths) <= LONGEST else line.text


def _groups(line: Line) -> list[str]:
    gaps = _gaps(line)
    narrowest = _narrowest_space(gaps)
    marks = ("", *(" " if gap >= narrowest else "" for gap in gaps))
    return "".join(mark + digit for mark, digit in zip(marks, line.text, strict=True)).split()


def _narrowest_space(gaps: list[float]) -> float:
    """From where on gaps are spaces: above the widest break between narrow and wide ones.

    Infinite where there is no clear break.
    """
    breaks = [
        (wide / max(narrow, NARROWEST_SPACE / RATIO), wide)
        for narrow, wide in pairwise(sorted(gaps))
    ]
    clear = [(ratio, wide) for ratio, wide in breaks if ratio >= RATIO]
    return max(clear, default=(0.0, inf))[1]


def _gaps(line: Line) -> list[float]:
    """The paper between neighbours, in heights of a digit; negative where they overlap."""
    boxes = [digit.box for digit in line.digits]
    height = max(1.0, median(box.h for box in boxes))
    return [(right.x - left.x - left.w) / height for left, right in pairwise(boxes)]
