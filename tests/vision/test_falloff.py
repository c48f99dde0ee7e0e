# SPDX-License-Identifier: Apache-2.0
"""Light that falls off towards the corners or away from a lamp, and what is no such light."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write
from numpy.typing import NDArray

from vision import Model, read
from vision.falloff import dimmed, evened, falloff
from vision.page import flatten

NUMBER = "4829150736"
Numbers = NDArray[np.float64]
Taken = Callable[[Pixels], Pixels]


def lit(page: Pixels, light: Callable[[Numbers, Numbers], Numbers]) -> Pixels:
    """`page` in `light`, a share by place: x and y run from -1 to 1."""
    height, width = page.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(page * light(x, y)[..., None], np.uint8)


def vignette(page: Pixels) -> Pixels:
    return lit(page, lambda x, y: np.maximum(1 - 0.75 * (x**2 + y**2) ** 0.8, 0.02))


def lamp(page: Pixels) -> Pixels:
    return lit(page, lambda x, y: np.exp(-0.7 * ((x - 0.6) ** 2 + (y + 0.6) ** 2)))


@pytest.fixture(scope="module")
def page() -> Pixels:
    return write(paper(1100, 700), NUMBER, (60, 300), height=85, pitch=1.15)


@pytest.mark.parametrize("taken", [vignette, lamp])
def test_paper_is_even_once_its_light_is_divided_out(page: Pixels, taken: Taken) -> None:
    seen = taken(page)
    light = falloff(seen)
    assert light is not None and light.min() > 0 and light.max() == 1
    bare = (seen.min(axis=2) > 40) & (page.min(axis=2) > 200)
    shades = evened(seen, light)[bare].mean(axis=1)
    assert np.percentile(shades, 5) > 0.85 * np.percentile(shades, 95)
    assert np.percentile(seen[bare], 5) < 0.4 * np.percentile(seen[bare], 95)


def test_light_that_was_divided_out_can_be_put_back(page: Pixels) -> None:
    seen = vignette(page)
    light = falloff(seen)
    again = dimmed(np.ascontiguousarray(evened(seen, light)[..., 1]), light)
    bright = seen.min(axis=2) > 20
    assert np.abs(again[bright].astype(int) - seen[..., 1][bright]).max() <= 3


def sheet_on_a_desk(page: Pixels) -> Pixels:
    return np.pad(page, ((40, 40), (40, 40), (0, 0)), constant_values=50)


def half_in_shadow(page: Pixels) -> Pixels:
    return np.asarray(page * np.where(np.arange(page.shape[1]) < 500, 0.37, 1)[:, None], np.uint8)


def with_thick_bars(page: Pixels, wide: int = 66) -> Pixels:
    barred = page.copy()
    for x in range(80, page.shape[1], 140):
        cv2.line(barred, (x, 60), (x - 20, page.shape[0] - 60), (30, 30, 40), wide)
    return barred


def as_it_is(page: Pixels) -> Pixels:
    return page


def unlit(page: Pixels) -> Pixels:
    return np.zeros_like(page)


@pytest.mark.parametrize(
    "taken", [as_it_is, sheet_on_a_desk, half_in_shadow, with_thick_bars, unlit]
)
def test_what_is_no_such_light_stays_as_it_is(page: Pixels, taken: Taken) -> None:
    seen = taken(page)
    assert falloff(seen) is None
    assert evened(seen, None) is seen
    assert not flatten(seen).light_falls_off


def test_thick_strokes_are_not_taken_for_darkness(page: Pixels) -> None:
    light = falloff(vignette(with_thick_bars(page, 30)))
    bare = falloff(vignette(page))
    assert falloff(vignette(with_thick_bars(page))) is None  # hardly any paper is left
    assert light is not None and bare is not None
    assert np.abs(light / bare - 1)[8:-8, 8:-8].max() < 0.15


def test_paper_has_the_brightness_it_was_seen_with_and_none_in_the_dark(page: Pixels) -> None:
    seen = vignette(page)
    flat = flatten(seen)
    shades = cv2.resize(seen[..., 1], flat.paper.shape[::-1], interpolation=cv2.INTER_AREA)
    assert flat.paper[0, 0] == flat.paper[-1, -1] == 0
    for row, column in ((60, 60), (60, 130), (20, 96), (100, 30)):
        assert flat.paper[row, column] == pytest.approx(float(shades[row, column]), rel=0.15)


def test_digits_at_the_dark_ends_of_a_number_are_read(page: Pixels, model: Model) -> None:
    reading = read(encoded(vignette(page), quality=92), model)
    assert [line.text for line in reading.lines] == [NUMBER]
