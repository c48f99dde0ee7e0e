# SPDX-License-Identifier: Apache-2.0
"""Whether digits might stand on their heads: a 6 is then a whole 9, and 1, 0 and 8 are no help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT, Model, classify
from vision.decode import FLOOR
from vision.glyph import to_glyph
from vision.reading import Alternative, Line
from vision.segment import Soft

HEADS = {6: 9, 9: 6}
ON_ITS_HEAD = 0.1  # how often: nobody has measured it, but a caller should hear both


def read_upside_down(lines: Sequence[Candidate], model: Model) -> float:
    """How well (0 to 1) the digits of `lines` would read the other way up: the geometric mean of
    the probabilities of what each would most likely be. 0 when there are no digits."""
    glyphs = [glyph for line in lines for glyph in _glyphs(line)]
    if not glyphs:
        return 0.0
    turned = np.ascontiguousarray(np.stack(glyphs)[:, ::-1, ::-1])
    likeliest = classify(turned, model)[:, :NOT_A_DIGIT].max(axis=1)
    return float(np.exp(np.log(np.maximum(likeliest, FLOOR)).mean()))


def either_way_up(lines: tuple[Line, ...]) -> bool:
    """Whether there is nothing but a 6 or a 9, so that nobody knows how the paper lay."""
    return [digit.value for line in lines for digit in line.digits] in ([6], [9])


def turned_alone(lines: tuple[Line, ...], turns: int) -> bool:
    """Whether it was a single digit for which the photo was turned by `turns` quarters: most lie
    as they were sent, and a 5 on its side may be a 4 to anybody."""
    return bool(turns) and sum(len(line.digits) for line in lines) == 1


def with_other_way_up(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """`lines`; a lone 6 is perhaps a 9, and a lone 9 a 6."""
    if not either_way_up(lines):
        return lines
    (digit,) = lines[0].digits
    other = Alternative(HEADS[digit.value], ON_ITS_HEAD * digit.p)
    rest = [a for a in digit.alternatives if a.value != other.value][: len(digit.alternatives) - 1]
    alternatives = sorted((other, *rest), key=lambda a: -a.p)
    both = replace(digit, p=digit.p - other.p, alternatives=tuple(alternatives))
    return (replace(lines[0], digits=(both,)),)


def _glyphs(line: Candidate) -> list[Soft]:
    boxes = (choice.box for choice in line.decoded.choices)
    return [to_glyph(line.strip.ink[b.y : b.y + b.h, b.x : b.x + b.w]) for b in boxes]
