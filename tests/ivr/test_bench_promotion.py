# SPDX-License-Identifier: Apache-2.0
"""A promotion and a roll-back under load, with real workers on a real broker."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.changeover.measure import measure

pytestmark = pytest.mark.e2e


def test_a_promotion_under_load_costs_no_reading_and_mixes_none(tmp_path: Path) -> None:
    found = measure(tmp_path, per_s=20, seconds=0)
    assert found.failed == 0
    assert found.mixed == 0, "each reading is what the model it names reads"
    assert len(found.by_model) == 2, "both models have read"
