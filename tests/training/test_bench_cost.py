# SPDX-License-Identifier: Apache-2.0
"""Growth of time: the photos it is measured on, the fits, and whole runs cut short."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest

from training.bench.cost import Cost, Timed, exponent, steepest, straight
from training.bench.cost_photos import jpeg_of, page_of
from training.bench.cost_solo import time_photos
from training.bench.start import PHOTOS, measure_starts
from training.scoring import Answer, only_digits
from vision import load_model, read


def decoded(photo: bytes) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels


@pytest.mark.parametrize("megapixels", [0.3, 3.0])
def test_photos_have_the_pixels_that_were_asked_for(megapixels: float) -> None:
    height, width, _ = decoded(jpeg_of(page_of(12)[0], megapixels)).shape
    assert height * width / 1e6 == pytest.approx(megapixels, rel=0.01)


def test_pages_differ_in_digits_and_in_nothing_else() -> None:
    few, many = page_of(5), page_of(200)
    assert len(only_digits(few[1])) == 5 and len(only_digits(many[1])) == 200
    assert few[0].shape == many[0].shape
    assert (many[0].max(axis=2) < 120).sum() > 25 * (few[0].max(axis=2) < 120).sum()


def test_the_same_page_is_the_same_photo() -> None:
    assert jpeg_of(page_of(3)[0], 0.3) == jpeg_of(page_of(3)[0], 0.3)


def test_an_exponent_of_one_is_linear_growth() -> None:
    line = [(1.0, 3.0), (10.0, 30.0), (100.0, 300.0)]
    square = [(amount, amount**2) for amount, _ in line]
    flat_then_linear = [(1.0, 30.0), (2.0, 30.0), (50.0, 50.0), (100.0, 100.0)]
    assert exponent(line) == pytest.approx(1) and exponent(square) == pytest.approx(2)
    assert exponent(flat_then_linear) < steepest(flat_then_linear) == pytest.approx(1)


def test_a_fixed_part_and_what_each_one_costs_are_told_apart() -> None:
    assert straight([(1.0, 13.0), (10.0, 40.0), (100.0, 310.0)]) == pytest.approx((10, 3))


def test_a_page_full_of_digits_is_read_whole() -> None:
    page, text = page_of(200)
    found = read(jpeg_of(page, 1.92), load_model())
    exact = [
        said == written
        for said, written in zip(found.text.split("|"), text.split("|"), strict=True)
    ]
    assert sum(exact) >= 9


def test_each_photo_is_timed_with_what_was_found_on_it() -> None:
    photos = [(0.5, 3, b"482"), (1.0, 2, b"9|1")]
    timed = list(time_photos(lambda photo: Answer(photo.decode(), True, 1.0), photos, runs=3))
    assert [(one.megapixels, one.digits, one.read) for one in timed] == [(0.5, 3, 3), (1.0, 2, 2)]
    assert all(one.ms >= 0 for one in timed)


def test_the_json_of_cost_has_both_series() -> None:
    by_pixels = tuple(Timed(amount, 12, 12, 10 * amount) for amount in (0.5, 1.0, 10.0, 50.0))
    by_digits = tuple(Timed(1.9, count, count, 20.0) for count in (1, 10, 100, 200))
    told = Cost(by_pixels, by_digits).as_dict()
    assert told["pixels"]["ms"][:2] == [[0.5, 5.0], [1.0, 10.0]]
    assert (told["pixels"]["exponent"], told["digits"]["exponent"]) == (1.0, 0.0)
    assert told["pixels"]["each_ms"] == 10.0 and told["digits"]["fixed_ms"] == 20.0


def test_a_whole_command_is_measured_from_start_to_answer() -> None:
    code = "import sys; held = open(sys.argv[1], 'rb').read(); print(held[:2])"
    starts = measure_starts([sys.executable, "-c", code], runs=1)
    assert [one.photo for one in starts] == list(PHOTOS)
    assert all(one.wall_s > 0 and one.peak_rss_mb > 5 for one in starts)
