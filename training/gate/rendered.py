# SPDX-License-Identifier: Apache-2.0
"""The rendered photos of the frozen set: half easy, half hard, and nobody's secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from training.data import Folders, sources_there
from training.frozen import Condition
from training.gate.conditions import told
from training.loop import Plan
from training.pool import mapped
from training.synthesis.characters import Sources, make_sources
from training.synthetic_set import draw_photo

# Photos to train on begin at 0, finder pages at 300 million, photos that confidence is fitted on
# at 800 million, those of the benchmark at 900 million.
FIRST_SEED = 600_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A rendered photo and the truth about it."""

    name: str
    jpeg: bytes
    text: str
    conditions: tuple[Condition, ...]


def drawn_name(index: int) -> str:
    """The file of rendered photo number `index`."""
    return f"rendered-{index:05d}.jpg"


def drawn_photos(plan: Plan, wanted: Sequence[int]) -> Iterator[Drawn]:
    """The photos of those numbers, in their order; the same for the same sources."""
    data = None if plan.drawn_only else plan.data
    with mapped(min(plan.threads, len(wanted))) as several:
        yield from several(partial(_draw, data), wanted)


def _draw(data: Path | None, index: int) -> Drawn:
    photo, _ = draw_photo(_sources(data), FIRST_SEED, index)
    return Drawn(drawn_name(index), photo.jpeg(), photo.text, told(photo))


@cache
def _sources(data: Path | None) -> Sources:
    """Strokes, and the fonts and MNIST's test half where `data` has them."""
    return make_sources() if data is None else sources_there(Folders(data), "t10k")
