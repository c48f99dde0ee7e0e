# SPDX-License-Identifier: Apache-2.0
"""What the bench of learning says: before and after, on a page, in pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.learning.compare import Compared, compare, shortcomings
from ivr.learning.page import TITLE, section
from ivr.learning.phases import Found
from ivr.learning.plots import draw_before_after, draw_curves
from tests.ivr.learning_findings import findings, rows
from training.bench.sections import with_kept, with_section


def test_each_photo_is_compared_with_itself() -> None:
    unseen = _compared("x..x", "xx..")
    assert (unseen.exact, unseen.won, unseen.lost, unseen.points) == ((2, 2), 1, 1, 0.0)


@pytest.mark.parametrize(("after", "enough"), [(15, False), (16, True)])
def test_eight_points_are_enough_of_a_rise(after: int, enough: bool) -> None:
    before, read = "x" * 8 + "." * 92, "x" * after + "." * (100 - after)
    assert _compared(before, read).as_wanted is enough


@pytest.mark.parametrize(("lost", "kept"), [(0, True), (2, True), (3, False)])
def test_the_old_population_may_fall_by_less_than_three_in_a_thousand(
    lost: int, kept: bool
) -> None:
    assert _compared("x" * 1000, "x" * (1000 - lost) + "." * lost, "old").as_wanted is kept


@pytest.mark.parametrize(("after", "kept"), [("xx..", True), ("x...", False), ("xxx.", True)])
def test_photographs_may_not_fall_at_all(after: str, kept: bool) -> None:
    assert _compared("xx..", after, "photos").as_wanted is kept


def test_nothing_is_missing_where_all_went_well() -> None:
    assert shortcomings(findings()) == []


@pytest.mark.parametrize(
    ("phase", "change", "told"),
    [
        ("promote", {"promoted": False}, "What the callers taught was not promoted."),
        ("random", {"state": "passed"}, "random: the retraining ended as passed."),
        ("again", {"state": "refused"}, "again: the retraining ended as refused."),
    ],
)
def test_what_went_otherwise_is_told(phase: str, change: Found, told: str) -> None:
    found = findings()
    found[phase] |= change
    assert shortcomings(found) == [told]


def test_the_section_has_every_set_label_control_and_phase() -> None:
    text = section(findings(), " --photos DIR")
    assert text.startswith(f"## {TITLE}\n\n`sonsori bench learning --photos DIR`\n")
    for row in (
        "| new writers, never seen | 4 | 1 | 3 | +50.0 | 2 | 0 | 1 → 2 | 1 → 0 |",
        "| old population | 4 | 3 | 3 | +0.0 | 0 | 0 | 0 → 0 | 0 → 0 |",
        "| labels: keyed | 3, of them wrong: 1 |",
        "| digits kept: keyed | 18 |",
        "| the same once more | nothing new: The same data. |",
        "| the same crops, labels shuffled | refused: 1 won, 90 lost. |",
        "| retrain (24 digits, candidates: 3) | 700 |",
        "| all | 1047 |",
    ):
        assert row in text


def test_the_section_takes_the_place_of_the_last_one_and_outlives_a_new_page() -> None:
    page = with_section("# Benchmarks\n\n## Hearing\n\nwords\n", section(findings()))
    assert with_section(page, section(findings())) == page
    assert section(findings()).rstrip() in with_kept("# Benchmarks\n", page, [TITLE])


def test_the_pictures_are_drawn(tmp_path: Path) -> None:
    found = findings()
    draw_before_after(compare(found["before"], found["after"]), tmp_path / "bars.png")
    draw_curves(found["retrain"]["curves"], tmp_path / "curves.png")
    for name in ("bars.png", "curves.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def _compared(before: str, after: str, name: str = "unseen") -> Compared:
    (one,) = compare({"sets": {name: rows(before)}}, {"sets": {name: rows(after)}})
    return one
