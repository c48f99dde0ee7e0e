# SPDX-License-Identifier: Apache-2.0
"""The groups a number was written in, where its gaps are clear: "110 123 456789".

Whoever wrote the number grouped it by its habit (a card, an account, a telephone number), and
hears it as it stands on the paper.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from vision.reading import Line

# Of the height of the digits. Between digits of one group there is less than a third of it, and a
# space or a hyphen takes more than half; in between, nobody can say what was meant.
WITHIN_GROUP, BETWEEN_GROUPS = 0.35, 0.55
RATIO = 2.0  # how much wider the narrowest space is than the widest gap within a group
SHORTEST, LONGEST = 2, 7  # fewer are a digit that stands apart, more were not grouped at all


def written(line: Line) -> str:
    """The digits of `line`, with a space at each clear gap; without one where no gap is clear."""
    groups = _groups(line)
    lengths = [len(group) for group in groups]
    return " ".join(groups) if min(lengths) >= SHORTEST and max(lengths) <= LONGEST else line.text


def _groups(line: Line) -> list[str]:
    gaps = _gaps(line)
    spaces = [gap for gap in gaps if gap >= BETWEEN_GROUPS]
    narrow = [gap for gap in gaps if gap < BETWEEN_GROUPS]
    if not spaces or not narrow or max(narrow) > min(WITHIN_GROUP, min(spaces) / RATIO):
        return [line.text]
    marks = ("", *(" " if gap >= BETWEEN_GROUPS else "" for gap in gaps))
    return "".join(mark + digit for mark, digit in zip(marks, line.text, strict=True)).split()


def _gaps(line: Line) -> list[float]:
    """The paper between neighbours, in heights of a digit; negative where they overlap."""
    boxes = [digit.box for digit in line.digits]
    height = max(1.0, median(box.h for box in boxes))
    return [(right.x - left.x - left.w) / height for left, right in pairwise(boxes)]
