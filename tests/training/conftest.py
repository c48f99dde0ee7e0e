# SPDX-License-Identifier: Apache-2.0
"""A small stand-in for MNIST: stroke-drawn digits in the same format."""

from __future__ import annotations

import numpy as np
import pytest

from training.glyphs import Glyphs
from training.synthesis.characters import Sources, make_sources
from training.synthesis.hand import draw_hand, write
from training.synthesis.pen import Pen, PenKind, trace
from vision.glyph import to_glyph


def draw_digits(count: int, seed: int) -> Glyphs:
    """`count` stroke-drawn digits, as MNIST would hold them."""
    random = np.random.default_rng(seed)
    pen = Pen(PenKind.FELT, 0.12, 0.0, 0.0, 0.0)
    labels = random.integers(0, 10, count)
    images = []
    for label in labels:
        ink, _ = trace(write(str(label), draw_hand(random), random), 30.0, pen, random)
        images.append(np.round(to_glyph(ink) * 255).astype(np.uint8))
    return Glyphs(np.stack(images), labels.astype(np.int64))


@pytest.fixture(scope="session")
def digits() -> Glyphs:
    return draw_digits(200, seed=5)


@pytest.fixture(scope="session")
def sources(digits: Glyphs) -> Sources:
    """Strokes and a small MNIST, no fonts."""
    return make_sources(digits)
