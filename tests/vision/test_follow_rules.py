# SPDX-License-Identifier: Apache-2.0
"""Straight, thin runs of ink, followed only once somebody asks for runs of their length."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision import runs
from vision.components import Mask
from vision.runs import find_runs


def ruled() -> Mask:
    """Three rules: 350, 200 and 60 pixels long; the second falls by four pixels."""
    mask = np.zeros((120, 400), np.uint8)
    cv2.line(mask, (20, 20), (369, 20), 1, 2)
    cv2.line(mask, (100, 50), (299, 54), 1, 2)
    cv2.line(mask, (40, 90), (99, 90), 1, 2)
    return mask


def test_runs_have_their_length_and_those_that_are_short_are_left_out() -> None:
    found = find_runs(ruled())
    assert [rule.length for rule in found.longer_than(0)] == pytest.approx([350, 200, 60], abs=2)
    assert len(found.longer_than(150)) == 2
    assert found.longer_than(380) == []


def test_a_run_is_followed_once_and_only_if_it_is_long_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widths: list[int] = []
    follow = runs._follow

    def counted(run, *rest):  # type: ignore[no-untyped-def]
        widths.append(run.shape[1])
        return follow(run, *rest)

    monkeypatch.setattr(runs, "_follow", counted)
    found = find_runs(ruled())
    assert widths == []
    found.longer_than(150)
    assert len(widths) == 2
    first, second, third = found.longer_than(0)
    assert len(widths) == 3
    again = found.longer_than(100)
    assert len(widths) == 3 and again[0] is first and again[1] is second
    assert third.length < 100


def test_bare_paper_has_no_runs() -> None:
    assert find_runs(np.zeros((50, 80), np.uint8)).longer_than(0) == []


def test_a_rule_follows_its_ink_where_something_crosses_it() -> None:
    mask = ruled()
    cv2.line(mask, (200, 5), (210, 40), 1, 4)
    rule = find_runs(mask).longer_than(300)[0]
    assert rule.thickness == pytest.approx(2, abs=1)
    assert not set(range(203, 207)) & set(rule.columns.tolist())
    assert ((rule.starts >= 18) & (rule.stops <= 23)).all()


@pytest.mark.parametrize("degree", [1, 2])
def test_curves_are_those_of_least_squares(degree: int) -> None:
    random = np.random.default_rng(3)
    x = np.unique(random.integers(0, 1400, 300))
    y = 40 + 0.02 * x + 1e-5 * x**2 + random.normal(0, 1, len(x))
    at = np.arange(0, 1400, 7)
    assert runs._curve(x, y, degree, at) == pytest.approx(
        np.polyval(np.polyfit(x, y, degree), at), abs=1e-6
    )
