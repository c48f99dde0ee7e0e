# SPDX-License-Identifier: Apache-2.0
"""Of a page's angles, the one at which its lines hold together."""

from __future__ import annotations

import pytest
from drawing import encoded, paper, write

from vision import Model, read


@pytest.mark.parametrize("text", ["237845", "482915", "90826"])
def test_a_number_that_runs_down_a_slope_is_one_number(model: Model, text: str) -> None:
    page = paper(900, 700)
    for place, digit in enumerate(text):
        page = write(page, digit, (80 + 110 * place, 100 + 75 * place), height=80)
    assert [line.text for line in read(encoded(page), model=model).lines] == [text]


def test_rows_below_each_other_stay_rows(model: Model) -> None:
    page = paper(900, 700)
    for row, text in enumerate(("482", "915", "736")):
        page = write(page, text, (80 + 120 * row, 60 + 200 * row), height=80)
    assert [line.text for line in read(encoded(page), model=model).lines] == ["482", "915", "736"]
