# SPDX-License-Identifier: Apache-2.0
"""Why slices are not corrected for their number."""

from __future__ import annotations

import numpy as np

from training.gate.limits import Limits
from training.gate.power import failing, failing_by_holm, simulate


def test_holm_overlooks_a_slice_that_the_gate_sees() -> None:
    members = np.zeros((300, 30), np.bool_)
    members[:60, 0] = True
    members[:, 1:] = np.random.default_rng(1).random((300, 29)) < 0.3
    members[:60, 1:] &= np.random.default_rng(2).random((60, 29)) < 0.1
    marks = np.zeros(300, np.int8)
    marks[:7] = -1
    assert failing(marks, members, Limits()) == [0]
    assert failing_by_holm(marks, members, Limits()) == []


def test_a_better_model_is_found_and_hardly_ever_refused_for_a_slice() -> None:
    better, refused, by_holm, caught, caught_by_holm = simulate(600, (0.05, 0.02), 60, seed=3)
    assert better > 0.7
    assert refused < 0.05 and by_holm <= refused
    assert caught > 0.7 > caught_by_holm
