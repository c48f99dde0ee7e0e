# SPDX-License-Identifier: Apache-2.0
"""Whether digits might stand on their heads: a 6 is then a whole 9, and 1, 0 and 8 are no help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vision.choose import Candidate
from vision.classify import NOT_A_DIGIT, Model, classify
from vision.decode import FLOOR
from vision.glyph import to_glyph
from vision.segment import Soft


def read_upside_down(lines: Sequence[Candidate], model: Model) -> float:
    """How well (0 to 1) the digits of `lines` would read the other way up: the geometric mean of
    the probabilities of what each would most likely be. 0 when there are no digits."""
    glyphs = [glyph for line in lines for glyph in _glyphs(line)]
    if not glyphs:
        return 0.0
    turned = np.ascontiguousarray(np.stack(glyphs)[:, ::-1, ::-1])
    likeliest = classify(turned, model)[:, :NOT_A_DIGIT].max(axis=1)
    return float(np.exp(np.log(np.maximum(likeliest, FLOOR)).mean()))


def _glyphs(line: Candidate) -> list[Soft]:
    boxes = (choice.box for choice in line.decoded.choices)
    return [to_glyph(line.strip.ink[b.y : b.y + b.h, b.x : b.x + b.w]) for b in boxes]
