# SPDX-License-Identifier: Apache-2.0
"""The page of benchmarks says what was measured, and by which command."""

from __future__ import annotations

from training.benchmark_page import Scored, as_markdown
from training.scoring import Outcome, summarise

CARD = {"version": "v1", "metrics": {"mnist_test": 0.99, "held_back": {"digits": 0.98}}}


def outcome(text: str, *, sure: bool) -> Outcome:
    return Outcome("a.jpg", "core", "482", text, sure, 0.9, (), 12.0)


def test_every_table_names_its_command_and_counts_silent_errors() -> None:
    scores = summarise([outcome("482", sure=True), outcome("432", sure=True)])
    page = as_markdown([Scored("Mine", "sonsori bench photos MINE", scores)], CARD)
    assert "`sonsori bench photos MINE`" in page
    assert "| core | 1/2 | 0.167 | 2 | 1 |" in page


def test_without_photos_the_page_still_tells_of_the_model() -> None:
    page = as_markdown([], CARD)
    assert "| mnist_test | 0.99 |" in page
    assert "held_back" not in page
