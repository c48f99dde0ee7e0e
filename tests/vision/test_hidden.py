# SPDX-License-Identifier: Apache-2.0
"""Where the paper beside a number cannot be seen, nobody can be sure that there is no digit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing import Pixels, encoded, paper, write

from vision import Model, Problem
from vision.findings import Findings
from vision.hidden import what_hides_digits
from vision.quality import judge
from vision.reader import examine
from vision.trust import Trust

NUMBER = "482915"
EAGER = Trust(sure_from=0.0)


def found_in(page: Pixels, model: Model) -> Findings:
    found = examine(encoded(page, quality=92), model)
    assert isinstance(found, Findings)
    return found


def blotted(page: Pixels, x: int, y: int, wide: int = 90) -> Pixels:
    """`page` with a blot of light around that place."""
    rows, columns = np.mgrid[: page.shape[0], : page.shape[1]]
    light = 400 * np.exp(-(((columns - x) / wide) ** 2) - ((rows - y) / 120) ** 2)
    return np.clip(page + light[..., None], 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def page() -> Pixels:
    return write(paper(1000, 600, shade=190), NUMBER, (200, 240))


@pytest.mark.parametrize("x", [110, 810])
def test_a_blot_of_light_at_an_end_may_hide_a_digit(page: Pixels, x: int, model: Model) -> None:
    assert what_hides_digits(found_in(blotted(page, x, 285), model)) == {Problem.GLARE}


def test_a_digit_that_glare_hides_within_a_number_is_missed(page: Pixels, model: Model) -> None:
    found = found_in(blotted(page, 408, 285, wide=50), model)
    assert "".join(line.text for line in found.lines) == "48915"
    verdict = judge(found, EAGER)
    assert (verdict.readable, verdict.sure) == (True, False)
    assert Problem.GLARE in verdict.problems


def test_light_elsewhere_on_the_paper_hides_none(page: Pixels, model: Model) -> None:
    found = found_in(blotted(page, 500, 560), model)
    assert not what_hides_digits(found)
    assert judge(found, EAGER).sure


def test_white_paper_is_no_glare(model: Model) -> None:
    white = write(np.full((600, 1000, 3), 255, np.uint8), NUMBER, (200, 240))
    found = found_in(white, model)
    assert not what_hides_digits(found)
    grey = replace(found, page=replace(found.page, paper=np.full_like(found.page.paper, 200)))
    assert what_hides_digits(grey) == {Problem.GLARE}


def lit_from_the_right(page: Pixels, dark: float) -> Pixels:
    """`page` in light that falls off towards the left, to nothing at `dark` of its width."""
    share = np.clip((np.linspace(0, 1, page.shape[1]) - dark) / (1 - dark), 0.0, 1) ** 0.7
    return np.asarray(page * share[:, None], np.uint8)


def test_a_digit_in_the_dark_before_a_number_is_missed(page: Pixels, model: Model) -> None:
    found = found_in(lit_from_the_right(page, 0.26), model)
    assert found.page.light_falls_off
    assert "".join(line.text for line in found.lines) == NUMBER[1:]
    verdict = judge(found, EAGER)
    assert (verdict.readable, verdict.sure) == (True, False)
    assert Problem.TOO_DARK in verdict.problems


def test_darkness_far_from_the_number_hides_none(page: Pixels, model: Model) -> None:
    found = found_in(lit_from_the_right(page, 0.05), model)
    assert found.page.light_falls_off
    assert "".join(line.text for line in found.lines) == NUMBER
    assert not what_hides_digits(found)


def test_a_black_table_beside_the_sheet_hides_none(page: Pixels, model: Model) -> None:
    close = page[150:450, 185:790]
    found = found_in(np.pad(close, ((150, 150), (150, 150), (0, 0))), model)
    assert not found.page.light_falls_off
    assert "".join(line.text for line in found.lines) == NUMBER
    assert not what_hides_digits(found)
