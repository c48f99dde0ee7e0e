# SPDX-License-Identifier: Apache-2.0
"""Nothing anybody sends raises, or is spoken with certainty."""

from __future__ import annotations

from drawing import encoded, paper, write
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.fuzz.hostile_pages import PATTERNS, page_of
from vision import Model, Problem, load_model, read

MODEL: Model = load_model()
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF"]
PHOTOS = [encoded(write(paper(160, 90), "47", (20, 20), height=50), kind) for kind in KINDS]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_no_image(data: bytes) -> None:
    found = read(data, MODEL)
    assert found.text == ""
    assert found.problems == (Problem.NOT_AN_IMAGE,)


@given(
    photo=st.sampled_from(PHOTOS),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    kept=st.floats(0.2, 1),
)
@settings(max_examples=120, deadline=None)
def test_a_damaged_photo_never_raises(
    photo: bytes, places: list[tuple[float, int]], kept: float
) -> None:
    damaged = bytearray(photo[: int(len(photo) * kept)])
    for place, value in places:
        damaged[int(place * (len(damaged) - 1))] = value
    found = read(bytes(damaged), MODEL)
    assert found.lines or found.problems


@given(
    arrays.arrays(
        "uint8",
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)),
    )
)
@settings(max_examples=60, deadline=None)
def test_any_small_picture_is_read_without_fuss(page: object) -> None:
    found = read(encoded(page, "PNG"), MODEL)  # type: ignore[arg-type]
    assert found.lines or found.problems


@given(width=st.integers(1, 1500), height=st.integers(1, 12), shade=st.integers(0, 255))
@settings(max_examples=30, deadline=None)
def test_slivers_of_any_shade_are_read_without_fuss(width: int, height: int, shade: int) -> None:
    for page in (paper(width, height, shade), paper(height, width, shade)):
        found = read(encoded(page, "PNG"), MODEL)
        assert found.text == ""
        assert found.problems


@given(
    pattern=st.integers(0, len(PATTERNS) - 1),
    height=st.integers(1, 250),
    width=st.integers(1, 250),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=15, deadline=None)
def test_pages_of_any_pattern_are_read_without_fuss(
    pattern: int, height: int, width: int, seed: int
) -> None:
    found = read(encoded(page_of(pattern, height, width, seed), "PNG"), MODEL)
    assert found.lines or found.problems
    assert found.lines or not found.sure


def test_damaged_heif_metadata_is_no_image() -> None:
    photo = PHOTOS[KINDS.index("HEIF")]
    assert read(photo[:300], MODEL).problems == (Problem.NOT_AN_IMAGE,)
