# SPDX-License-Identifier: Apache-2.0
"""A bar counts what was done, not what was begun."""

from __future__ import annotations

from training.progress import NullProgress, with_bar


class Counted(NullProgress):
    def __init__(self) -> None:
        self.done = 0

    def begin(self, name: str, total: int) -> None:
        self.job = name, total

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps


def test_each_item_counts_once_it_was_worked_on() -> None:
    bar = Counted()
    seen = [(item, bar.done) for item in with_bar("abc", "letters", bar)]
    assert seen == [("a", 0), ("b", 1), ("c", 2)]
    assert (bar.job, bar.done) == (("letters", 3), 3)


def test_without_a_bar_the_items_come_all_the_same() -> None:
    assert list(with_bar(range(3), "numbers", None)) == [0, 1, 2]
