# SPDX-License-Identifier: Apache-2.0
"""The exact paired test."""

from __future__ import annotations

import pytest

from training.gate.mcnemar import most_lost, one_sided


@pytest.mark.parametrize(
    ("wins", "losses", "p"),
    [
        (5, 0, 0.031),
        (7, 1, 0.035),
        (8, 1, 0.020),
        (10, 2, 0.019),
        (12, 4, 0.038),
        (15, 5, 0.021),
        (20, 10, 0.049),
    ],
)
def test_these_wins_and_losses_are_just_enough(wins: int, losses: int, p: float) -> None:
    assert one_sided(wins, losses) == pytest.approx(p, abs=0.0006)
    assert one_sided(wins, losses) <= 0.05


@pytest.mark.parametrize(("wins", "losses"), [(4, 0), (6, 1), (8, 2), (11, 4), (19, 10)])
def test_one_win_fewer_is_not_enough(wins: int, losses: int) -> None:
    assert one_sided(wins, losses) > 0.05


def test_without_a_win_or_a_loss_nothing_is_shown() -> None:
    assert one_sided(0, 0) == 1.0


def test_as_many_wins_as_losses_are_no_better_than_a_coin() -> None:
    assert one_sided(10, 10) > 0.5


def test_thousands_of_wins_are_counted_exactly() -> None:
    assert 0 < one_sided(2600, 2400) < 0.003


def test_more_photos_leave_less_room_for_losses() -> None:
    assert most_lost(0, 0, 12) > 0.1
    assert most_lost(0, 0, 600) < 0.005
    assert most_lost(20, 20, 600) < 0.02 < most_lost(10, 25, 600)
