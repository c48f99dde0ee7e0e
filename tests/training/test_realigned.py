# SPDX-License-Identifier: Apache-2.0
"""What callers' words are worth, counted on rendered photos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.alignment import distance
from training.realigned import FIRST_SEED, SAME, count, overlap, slipped
from training.synthesis.characters import Sources
from training.synthetic_set import draw_photo
from vision import Model, Photo, decode_photo, load_model, read, realign
from vision.reading import Box

PHOTOS = (3, 4, 8, 12, 18, 22)
BOXES = st.builds(Box, *[st.integers(0, 50)] * 2, *[st.integers(1, 50)] * 2)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def found(sources: Sources, model: Model, index: int) -> Iterator[float]:
    """How far each box that is found for the true digits covers the digit's own, 0 to 1."""
    photo, _ = draw_photo(sources, FIRST_SEED, index)
    picture = decode_photo(photo.jpeg(), max_pixels=50_000_000, max_bytes=16_000_000)
    assert isinstance(picture, Photo)
    boxes = realign(picture, model, read(photo.jpeg(), model), photo.text) or ()
    truth = [Box(*box) for line in photo.lines for box in line.boxes]
    return (overlap(box, true) for box, true in zip(boxes, truth, strict=False))


def test_digits_that_are_found_are_the_digits_that_were_said(
    sources: Sources, model: Model
) -> None:
    overlaps = [one for index in PHOTOS for one in found(sources, model, index)]
    assert len(overlaps) >= 10
    assert np.mean([one > SAME for one in overlaps]) > 0.95


def test_every_photo_with_digits_is_counted(sources: Sources, model: Model) -> None:
    counted = count(sources, 4, model)
    assert counted["slips"] + counted["denied readings"] >= 2
    assert counted["slips found likely"] <= counted["slips"]
    assert count(sources, 4, model) == counted


@given(digits=st.from_regex(r"[0-9]{1,6}(\|[0-9]{1,6})?", fullmatch=True), seed=st.integers(0, 99))
def test_a_slip_is_one_digit_more_or_less(digits: str, seed: int) -> None:
    said = slipped(digits, np.random.default_rng(seed))
    assert distance(digits, said) == abs(len(digits) - len(said)) == 1
    assert said.count("|") == digits.count("|")


@given(one=BOXES, other=BOXES)
def test_overlap_is_a_share_and_mutual(one: Box, other: Box) -> None:
    assert 0 <= overlap(one, other) == overlap(other, one) <= 1
    assert overlap(one, one) == 1
