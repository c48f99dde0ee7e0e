# SPDX-License-Identifier: Apache-2.0
"""Rendered photos that lie on their heads are read as they were written."""

from __future__ import annotations

import numpy as np
import pytest

from training.synthesis.camera import compress
from training.synthesis.characters import make_sources
from training.synthesis.photo import render
from training.synthesis.plan import Plan
from vision import load_model, read


@pytest.mark.parametrize(("text", "seed"), [("4666", 3), ("878", 24)])
def test_a_number_on_its_head_that_also_reads_as_it_lies_is_turned_where_it_reads_clearly(
    text: str, seed: int
) -> None:
    model = load_model()
    photo = render(make_sources(), seed, Plan(texts=(text,), hardness=0.35))
    upright = np.ascontiguousarray(np.rot90(photo.pixels, photo.quarter_turns))
    for quarters in (0, 2):
        found = read(compress(np.ascontiguousarray(np.rot90(upright, quarters)), 90), model)
        assert (found.text, found.rotation) == (text, 90 * quarters)
