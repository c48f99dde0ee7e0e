# SPDX-License-Identifier: Apache-2.0
"""From signs to a probability, and from a bundle's card to both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.classify import NOT_A_DIGIT, SHIPPED
from vision.signs import RANGES, Sign
from vision.trust import Trust, trust_of

CARD: dict[str, Any] = {
    "version": "abc",
    "calibration": {"temperature": 0.7, "mixed_temperature": 1.5, "none_bias": 0.2},
    "confidence": {"intercept": -1.0, "weights": {"named": 0.5}, "networks": "abc"},
    "thresholds": {"sure": 0.97},
}


def test_a_card_tells_how_far_to_trust() -> None:
    trust = trust_of(CARD)
    assert (trust.temperature, trust.none_bias) == (1.5, 0.2)
    assert (trust.intercept, trust.weights, trust.sure_from) == (-1.0, {"named": 0.5}, 0.97)


def test_a_bundle_that_was_never_fitted_is_never_sure() -> None:
    trust = trust_of({"version": "abc", "calibration": {"temperature": 1.0}})
    assert trust.chance({}) < trust.sure_from


def test_a_fit_for_other_networks_is_never_sure() -> None:
    trust = trust_of(CARD | {"version": "def"})
    assert trust.chance({"named": 100.0}) < trust.sure_from


WRITING = {"intercept": -2.0, "weights": {"heard": 3.0}, "told_from": 0.6}


def test_what_is_told_is_what_is_likely_to_be_digits() -> None:
    confidence = CARD["confidence"] | {"writing": WRITING}
    writing = trust_of(CARD | {"confidence": confidence}).writing
    assert writing is not None
    assert writing.told({"heard": 1.0}) and not writing.told({"heard": 0.7})


def test_rules_decide_what_is_told_where_nothing_was_fitted_for_the_networks() -> None:
    confidence = CARD["confidence"] | {"writing": WRITING}
    assert trust_of(CARD).writing is None
    assert trust_of(CARD | {"confidence": confidence, "version": "def"}).writing is None


def test_half_a_fit_is_an_error() -> None:
    with pytest.raises(KeyError):
        trust_of(CARD | {"confidence": {"weights": {}, "networks": "abc"}})


def test_better_signs_give_a_higher_chance() -> None:
    trust = trust_of(CARD)
    assert trust.chance({"named": 2.0}) == pytest.approx(0.5)
    assert trust.chance({"named": 6.0}) > trust.chance({"named": 2.0})


def test_a_temperature_above_1_makes_digits_less_certain_but_names_the_same() -> None:
    mixed = np.array([0.9, 0.04, *[0.005] * 8, 0.02], np.float32)
    calm = Trust(temperature=2.0).calibrated(mixed)
    assert calm.argmax() == mixed.argmax()
    assert calm[0] < mixed[0]
    assert calm.sum() == pytest.approx(1)


def test_the_bias_speaks_for_there_being_no_digit() -> None:
    mixed = np.full(11, 1 / 11, np.float32)
    biased = Trust(none_bias=1.0).calibrated(mixed)
    assert biased[NOT_A_DIGIT] > mixed[NOT_A_DIGIT]
    assert len(set(biased[:NOT_A_DIGIT].tolist())) == 1


def test_without_a_fit_digits_keep_their_probabilities() -> None:
    mixed = np.array([0.7, 0.1, *[0.01] * 8, 0.12], np.float32)
    assert Trust().calibrated(mixed) == pytest.approx(mixed, abs=1e-6)


def test_the_shipped_confidence_was_fitted_with_the_shipped_networks() -> None:
    trust = trust_of(_shipped_card())
    assert 0.5 < trust.sure_from < 1
    assert set(trust.weights) <= set(Sign)


def test_no_shipped_sign_speaks_against_a_reading() -> None:
    assert all(weight > 0 for weight in trust_of(_shipped_card()).weights.values())


def test_the_shipped_bundle_tells_digits_from_other_things() -> None:
    writing = trust_of(_shipped_card()).writing
    assert writing is not None and set(writing.weights) <= set(Sign)
    assert not writing.told({sign: low for sign, (low, _) in RANGES.items()})
    assert writing.told({sign: high for sign, (_, high) in RANGES.items()})


def test_poor_signs_are_not_sure_and_perfect_ones_are() -> None:
    trust = trust_of(_shipped_card())
    assert trust.chance({sign: low for sign, (low, _) in RANGES.items()}) < 0.05
    assert trust.chance({sign: high for sign, (_, high) in RANGES.items()}) >= trust.sure_from


def _shipped_card() -> Any:
    return json.loads(Path(SHIPPED, "model.json").read_text("utf-8"))
