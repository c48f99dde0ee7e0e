# SPDX-License-Identifier: Apache-2.0
"""Random labels for the bench of learning: the same crops and values, dealt out anew."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from ivr.learning.bench import Bench
from ivr.learning.service import settings_of
from ivr.learning.shuffle import shuffle_labels
from worker import open_store
from worker.records import Label, Sample

COUNT = 50


@pytest.fixture
def bench(migrated: Path, tmp_path: Path) -> Bench:
    """Its service has kept five of each digit."""
    bench = Bench(tmp_path)
    shutil.copytree(migrated, bench.service)
    store = open_store(settings_of(bench, bench.service))
    with store.session() as session:
        session.add_all(_sample(index) for index in range(COUNT))
    store.close()
    return bench


def test_every_crop_keeps_its_place_and_most_get_another_value(bench: Bench) -> None:
    before = _values(bench)
    changed = shuffle_labels(bench, bench.service)
    after = _values(bench)
    assert after.keys() == before.keys()
    assert Counter(after.values()) == Counter(before.values())
    assert changed == sum(after[id] != before[id] for id in before) > COUNT / 2


def test_the_same_seed_shuffles_the_same_way(bench: Bench, tmp_path: Path) -> None:
    for name in ("one", "other"):
        shutil.copytree(bench.service, tmp_path / name)
        shuffle_labels(bench, tmp_path / name)
    assert _values(bench, tmp_path / "one") == _values(bench, tmp_path / "other")


def _sample(index: int) -> Sample:
    return Sample(
        id=f"{index:032x}",
        value=index % 10,
        label=Label.KEYED,
        object_key=f"samples/{index}",
        day="2026-03-01",
    )


def _values(bench: Bench, data_dir: Path | None = None) -> dict[str, int]:
    store = open_store(settings_of(bench, data_dir or bench.service))
    try:
        with store.snapshot() as session:
            return {one.id: one.value for one in session.scalars(select(Sample))}
    finally:
        store.close()
