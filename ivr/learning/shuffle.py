# SPDX-License-Identifier: Apache-2.0
"""The same crops with labels that mean nothing: what must never be promoted."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sqlalchemy import select

from ivr.learning.bench import Bench
from ivr.learning.service import settings_of
from worker.records import Sample
from worker.store import open_store


def shuffle_labels(bench: Bench, data_dir: Path) -> int:
    """Deal the values of all kept digits out anew among them; how many have another one now."""
    store = open_store(settings_of(bench, data_dir))
    try:
        with store.session() as session:
            samples = session.scalars(select(Sample).order_by(Sample.id)).all()
            before = [sample.value for sample in samples]
            values = list(before)
            Random(f"shuffle {bench.seed}").shuffle(values)
            for sample, value in zip(samples, values, strict=True):
                sample.value = value
    finally:
        store.close()
    return sum(new != old for new, old in zip(values, before, strict=True))
