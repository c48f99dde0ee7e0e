# SPDX-License-Identifier: Apache-2.0
"""Light that falls off towards the corners or away from a lamp, and what is no such light."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, read
from vision.falloff import dimmed, evened, falloff
from vision.page import flatten

NUMBER = "4829150736"
Taken = Callable[[Pixels], Pixels]


def vignette(page: Pixels, depth: float = 0.75) -> Pixels:
    height, width = page.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = np.maximum(1 - depth * (x**2 + y**2) ** 0.8, 0.02)
    return np.asarray(page * light[..., None], np.uint8)


def lamp(page: Pixels) -> Pixels:
    height, width = page.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(page * np.exp(-0.7 * ((x - 0.6) ** 2 + (y + 0.6) ** 2))[..., None], np.uint8)


@pytest.fixture(scope="module")
def page() -> Pixels:
    return write(paper(1100, 700), NUMBER, (60, 300), height=85, pitch=1.15)


@pytest.mark.parametrize("lit", [vignette, lamp])
def test_paper_is_even_once_its_light_is_divided_out(page: Pixels, lit: Taken) -> None:
    seen = lit(page)
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
    return np.pad(page, ((150, 150), (150, 150), (0, 0)), constant_values=30)


def half_in_shadow(page: Pixels) -> Pixels:
    return np.asarray(page * np.where(np.arange(page.shape[1]) < 500, 0.3, 1)[:, None], np.uint8)


def as_it_is(page: Pixels) -> Pixels:
    return page


def unlit(page: Pixels) -> Pixels:
    return np.zeros_like(page)


@pytest.mark.parametrize("taken", [as_it_is, sheet_on_a_desk, half_in_shadow, unlit])
def test_what_is_no_such_light_stays_as_it_is(page: Pixels, taken: Taken) -> None:
    seen = taken(page)
    assert falloff(seen) is None
    assert evened(seen, None) is seen
    assert not flatten(seen).light_falls_off


def test_a_thick_pen_is_not_taken_for_darkness(page: Pixels) -> None:
    thick = write(paper(1100, 500), "4829", (100, 100), height=280, pitch=0.8)
    assert falloff(thick) is None
    assert falloff(vignette(thick)) is not None


def test_digits_at_the_dark_ends_of_a_number_are_read(page: Pixels, model: Model) -> None:
    reading = read(encoded(vignette(page), quality=92), model)
    assert [line.text for line in reading.lines] == [NUMBER]
