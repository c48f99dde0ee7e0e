# SPDX-License-Identifier: Apache-2.0
"""The arithmetic behind "how sure": weights, thresholds and bounds, on made-up readings."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.calibrate import confidence_error
from training.confidence_fit import (
    fit_digits,
    threshold_for,
    told_from,
    unseen_chances,
    upper_bound,
    weigh,
)

Numbers = NDArray[np.float64]
Truth = NDArray[np.bool_]


def readings(count: int, seed: int = 3) -> tuple[Numbers, Truth]:
    """Signs [N,3]: one that tells, one that tells nothing, one that lies."""
    random = np.random.default_rng(seed)
    right = random.random(count) < 0.8
    telling = random.normal(np.where(right, 1.5, -1.5), 1.0)
    return np.column_stack((telling, random.normal(size=count), -telling)), right


def test_a_sign_that_tells_gets_weight_and_none_counts_against_a_reading() -> None:
    weighed = weigh(*readings(600))
    assert weighed.weights[0] > 1
    assert weighed.weights[1] < 0.3
    assert weighed.weights[2] == 0


def test_chances_mean_what_they_say_on_readings_that_had_no_part_in_them() -> None:
    signs, right = readings(1500)
    assert confidence_error(unseen_chances(signs, right, seed=1), right) < 0.03


def test_the_same_seed_gives_the_same_chances() -> None:
    signs, right = readings(200)
    assert (unseen_chances(signs, right, 5) == unseen_chances(signs, right, 5)).all()


@pytest.mark.parametrize(
    ("events", "trials", "bound"),
    [(0, 299, 0.00997), (0, 1000, 0.00299), (2, 100, 0.0616), (5, 10, 0.7776), (7, 7, 1.0)],
)
def test_the_upper_bound_is_that_of_clopper_and_pearson(
    events: int, trials: int, bound: float
) -> None:
    assert upper_bound(events, trials) == pytest.approx(bound, rel=0.003)


def test_a_threshold_keeps_the_risk_below_what_was_asked() -> None:
    chances = np.linspace(0.999, 0.001, 1000)
    right = np.ones(1000, bool)
    right[[500, 600, 700, 800]] = False
    threshold = threshold_for(chances, right, photos=1000, risk=0.005)
    silent = int((~right[chances >= threshold]).sum())
    assert silent == 1  # of two, the bound would be 0.63 %
    assert (chances >= threshold).sum() == 600


def test_too_few_photos_show_no_small_risk() -> None:
    with pytest.raises(ValueError, match="too few"):
        threshold_for(np.array([0.9, 0.8]), np.array([True, True]), photos=100, risk=0.005)


def test_readings_that_are_surest_when_wrong_give_no_threshold() -> None:
    right = np.array([False] * 9 + [True])
    tied = np.full(10, 0.9)
    with pytest.raises(ValueError, match="no reading is so sure"):
        threshold_for(tied, right, photos=1000, risk=0.004)


def test_digits_said_too_loudly_are_calmed_and_invented_ones_doubted() -> None:
    random = np.random.default_rng(2)
    labels = random.integers(0, 10, 2000)
    said = np.where(random.random(2000) < 0.9, labels, (labels + 1) % 10)
    mixed = np.full((2000, 11), 0.0005, np.float32)
    mixed[np.arange(2000), said] = 0.995
    labels[:100] = 10  # digits read where there are none
    trust = fit_digits(mixed, labels)
    calm = trust.calibrated(mixed)
    assert trust.temperature > 1.2
    assert trust.none_bias > 0.5
    assert calm.max(axis=1).mean() == pytest.approx(
        (calm.argmax(axis=1) == labels).mean(), abs=0.03
    )


def test_as_many_photos_without_digits_are_told_as_the_share_allows() -> None:
    chances = np.array([0.9, 0.1, 0.7, 0.3])
    least = told_from(chances, photos=10, share=0.2)
    assert (chances >= least).sum() == 2
    assert (chances >= told_from(chances, photos=10, share=0.0)).sum() == 0


def test_everything_is_told_where_few_photos_without_digits_hold_anything() -> None:
    assert told_from(np.array([0.9]), photos=100, share=0.06) == 0.0
