# SPDX-License-Identifier: Apache-2.0
"""What makes a photo hard, as the renderer tells it and as it is measured."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from gate_photos import page

from training.bench.cost_photos import page_of
from training.frozen import Condition
from training.gate.conditions import measured, told
from training.synthesis.characters import Sources
from training.synthesis.paper import Ruling
from training.synthesis.photo import render
from training.synthesis.plan import Plan


def jpeg(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", pixels)[1].tobytes()


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    """A page of six digits, 800 pixels wide."""
    return cv2.resize(page_of(6, 3)[0], (800, 600), interpolation=cv2.INTER_AREA)


def test_a_clear_photo_has_no_conditions() -> None:
    assert measured(page(1)[0]) == ()


def test_a_dark_photo_is_dark(clean: np.ndarray) -> None:
    assert measured(jpeg(np.uint8(clean * 0.3))) == (Condition.DARK,)


def test_a_blurred_photo_is_blurred(clean: np.ndarray) -> None:
    assert Condition.BLURRED in measured(jpeg(cv2.GaussianBlur(clean, (0, 0), 3)))


def test_lines_on_the_paper_make_it_ruled(clean: np.ndarray) -> None:
    ruled = clean.copy()
    ruled[40::60] = ruled[41::60] = (150, 120, 110)
    assert Condition.RULED in measured(jpeg(ruled))


def test_what_is_no_photo_has_no_conditions() -> None:
    assert measured(b"no photo") == ()


@pytest.mark.parametrize("ruling", [Ruling.PLAIN, Ruling.GRAPH])
def test_the_renderer_tells_what_it_wrote_on(ruling: Ruling) -> None:
    photo = render(Sources(), 5, Plan(("482915",), 0.2, ruling=ruling))
    assert (Condition.RULED in told(photo)) == (ruling is not Ruling.PLAIN)


def test_digits_that_run_into_each_other_touch() -> None:
    """The same plan, written once with a pen that runs on and once without."""
    photos = [render(Sources(), seed, Plan(("4829",), 0.3)) for seed in (8, 9)]
    touching = {Condition.TOUCHING in told(photo) for photo in photos}
    assert touching == {True, False}
