# SPDX-License-Identifier: Apache-2.0
"""The one normalisation of a character."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vision.glyph import GLYPH_SIZE, Ink, to_glyph


def drawn(text: str, *, size: int = 120, thickness: int = 8) -> Ink:
    page = np.zeros((size, size), np.uint8)
    at = (size // 5, size * 4 // 5)
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, size / 40, 255, thickness)
    return (page / 255).astype(np.float32)


def centre_of_mass(glyph: Ink) -> tuple[float, float]:
    rows, columns = np.indices(glyph.shape)
    return float((rows * glyph).sum() / glyph.sum()), float((columns * glyph).sum() / glyph.sum())


def test_ink_is_centred_by_its_mass() -> None:
    for digit in "0234568":
        assert centre_of_mass(to_glyph(drawn(digit))) == pytest.approx((13.5, 13.5), abs=0.6)


def test_ink_fills_twenty_pixels_of_the_longer_side() -> None:
    rows = np.flatnonzero((to_glyph(drawn("8")) > 0.1).any(axis=1))
    assert rows[-1] - rows[0] + 1 == 20


def test_size_and_place_of_the_ink_do_not_matter() -> None:
    small, large = to_glyph(drawn("5")), to_glyph(drawn("5", size=360, thickness=24))
    moved = to_glyph(np.pad(drawn("5"), ((40, 3), (0, 90))))
    assert np.abs(small - large).mean() < 0.05
    assert np.array_equal(small, moved)


def test_a_hair_thin_stroke_becomes_full_ink() -> None:
    assert to_glyph(drawn("7", size=400, thickness=2)).max() == pytest.approx(1.0)


def test_paper_without_ink_gives_an_empty_glyph() -> None:
    assert not to_glyph(np.zeros((30, 20), np.float32)).any()


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=70),
        elements=st.floats(0, 1, width=32),
    )
)
def test_any_ink_gives_a_glyph_in_range(ink: Ink) -> None:
    glyph = to_glyph(ink)
    assert glyph.shape == (GLYPH_SIZE, GLYPH_SIZE)
    assert glyph.dtype == np.float32
    assert 0 <= float(glyph.min()) <= float(glyph.max()) <= 1
