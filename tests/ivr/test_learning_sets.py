# SPDX-License-Identifier: Apache-2.0
"""The photos of the bench of learning: rendered once, the same for a seed, read as by a worker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vision
from ivr.learning.bench import Bench
from ivr.learning.compare import compare
from ivr.learning.phases import Found
from ivr.learning.reading import read_sets
from ivr.learning.rendered import CALLERS, OLD, UNSEEN, render_sets
from training.progress import NullProgress
from training.scoring import Labelled, read_labels


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Three callers, three others, two photos of the old population."""
    bench = _bench(tmp_path_factory.mktemp("bench"))
    render_sets(bench, {}, NullProgress())
    return bench


def test_every_set_has_its_photos_and_numbers(bench: Bench) -> None:
    sizes = {name: len(read_labels(bench.folder / name)) for name in (CALLERS, UNSEEN, OLD)}
    assert sizes == {CALLERS: 3, UNSEEN: 3, OLD: 2}
    numbers = [photo.label for name in (CALLERS, UNSEEN) for photo in _photos(bench, name)]
    assert all(re.fullmatch(r"\d{4,8}", number) for number in numbers)
    assert len(set(numbers)) == 6, "no caller's number is read again"


def test_the_same_seed_renders_the_same_photos(bench: Bench, tmp_path: Path) -> None:
    again = _bench(tmp_path)
    render_sets(again, {}, NullProgress())
    for name in (CALLERS, UNSEEN, OLD):
        assert _bytes(again, name) == _bytes(bench, name)


def test_what_is_rendered_is_not_rendered_again(bench: Bench) -> None:
    for photo in _photos(bench, CALLERS):
        times = photo.path.stat().st_mtime_ns
        render_sets(bench, {}, NullProgress())
        assert photo.path.stat().st_mtime_ns == times


def test_sets_are_read_photo_by_photo_and_no_digit_is_kept(bench: Bench) -> None:
    found: Found = read_sets(bench, vision.SHIPPED, NullProgress())
    assert found["bundle"] == vision.load_model().version
    assert [len(rows) for rows in found["sets"].values()] == [3, 2]
    assert all(
        set(row) == {"file", "group", "exact", "sure", "silent"}
        for rows in found["sets"].values()
        for row in rows
    )
    assert all(one.points == 0 for one in compare(found, found))


def _bench(folder: Path) -> Bench:
    return Bench(folder, calls=3, unseen=3, old=2, processes=1, data=folder / "none")


def _photos(bench: Bench, name: str) -> list[Labelled]:
    return read_labels(bench.folder / name)


def _bytes(bench: Bench, name: str) -> list[bytes]:
    return [photo.path.read_bytes() for photo in _photos(bench, name)]
