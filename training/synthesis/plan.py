# SPDX-License-Identifier: Apache-2.0
"""What a photo shall show, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from training.synthesis.hand import Random
from training.synthesis.paper import Ruling
from training.synthesis.text import draw_number


@dataclass(frozen=True, slots=True)
class Plan:
    """`texts`: the lines to write; `hardness` 0 (a good photo) to 1; `words`: how many words
    stand beside them; `nothing_but_things`: no paper at all."""

    texts: tuple[str, ...]
    hardness: float
    ruling: Ruling = Ruling.PLAIN
    boxed: bool = False
    creased: bool = False
    on_desk: bool = False
    words: int = 0
    doodles: int = 0
    printed: bool = False
    nothing_but_things: bool = False

    @property
    def group(self) -> str:
        """`negative`, `printed`, `cluttered` or `core`, as in the photos people took."""
        if not self.texts:
            return "negative"
        if self.printed:
            return "printed"
        return "cluttered" if self.words else "core"


def draw_plan(random: Random, hardness: float | None = None) -> Plan:
    """A plan as callers would have it; every tenth photo has no digits."""
    hardness = float(random.uniform(0, 1)) if hardness is None else hardness
    if random.random() < 0.1:
        return _negative(random, hardness)
    return Plan(
        texts=_texts(random),
        hardness=hardness,
        ruling=_ruling(random, hardness),
        boxed=bool(random.random() < 0.08 * hardness),
        creased=bool(random.random() < 0.15 * hardness),
        on_desk=bool(random.random() < 0.3),
        words=int(random.integers(1, 4)) if random.random() < 0.12 * hardness else 0,
        doodles=int(random.random() < 0.06 * hardness),
        printed=bool(random.random() < 0.05),
    )


def _texts(random: Random) -> tuple[str, ...]:
    count = int(random.choice([1, 2, 3, 4], p=[0.68, 0.17, 0.1, 0.05]))
    return tuple(_plain(draw_number(random, 12)) for _ in range(count))


def _plain(number: str) -> str:
    """Fractions and divisions are no numbers to read out: a slash becomes a gap."""
    return number.replace("/", " ")


def _ruling(random: Random, hardness: float) -> Ruling:
    share = 0.4 * hardness
    return Ruling(
        random.choice(list(Ruling), p=[1 - share, 0.5 * share, 0.35 * share, 0.15 * share])
    )


def _negative(random: Random, hardness: float) -> Plan:
    things = bool(random.random() < 0.5)
    return Plan(
        texts=(),
        hardness=hardness,
        ruling=_ruling(random, hardness),
        creased=bool(random.random() < 0.3),
        on_desk=bool(random.random() < 0.5),
        words=0 if things else int(random.integers(0, 6)),
        doodles=0 if things else int(random.integers(0, 2)),
        nothing_but_things=things,
    )
