# SPDX-License-Identifier: Apache-2.0
"""What a photo shall show, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from training.synthesis.grids import Frame, draw_list, draw_sudoku, draw_table
from training.synthesis.hand import Random
from training.synthesis.paper import Ruling
from training.synthesis.text import draw_number

EASY = 0.4  # photos of less hardness hold digits and little else
CLUTTER = 0.5  # of the harder photos: print, tables or words stand beside the digits


class Surface(StrEnum):
    PAPER = "paper"
    WHITEBOARD = "whiteboard"
    BLACKBOARD = "blackboard"  # anything dark that is written on in light colours
    SCREEN = "screen"  # a drawing, not a photo: pure black on pure white
    DARK_SCREEN = "dark screen"


@dataclass(frozen=True, slots=True)
class Plan:
    """`texts`: the lines to write, from the top; tabs part the columns of a line. `hardness` 0 (a
    good photo) to 1. `prints`: what is printed in the same lines and columns beside it, never
    part of the text. `words`, `paragraphs`, `doodles`: how many stand elsewhere on the page.
    `flourish`: the last line is underlined or circled. `hands` and `things`: how many hold the
    page and lie around it. `close`: cut to the digits. `turn_deg`: turned by that much, on top of
    an unsteady hand. `pictured`: before a photographed background, when there is one.
    `nothing_but_things`: no paper at all."""

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
    prints: tuple[str, ...] = ()
    frame: Frame = Frame.NONE
    paragraphs: int = 0
    hands: int = 0
    things: int = 0
    flourish: bool = False
    spiral: bool = False
    close: bool = False
    turn_deg: float = 0.0
    surface: Surface = Surface.PAPER
    pictured: bool = False

    @property
    def worded(self) -> bool:
        """Whether letters or other people's numbers stand beside the digits."""
        return bool(self.words or self.paragraphs or any(self.prints))

    @property
    def on_screen(self) -> bool:
        return self.surface in (Surface.SCREEN, Surface.DARK_SCREEN)

    @property
    def group(self) -> str:
        """`negative`, `printed`, `cluttered` or `core`, as in the photos people took."""
        if not self.texts:
            return "negative"
        if self.printed:
            return "printed"
        return "cluttered" if self.worded else "core"


def draw_plan(random: Random, hardness: float | None = None, clutter: float = CLUTTER) -> Plan:
    """A plan as callers would have it; every tenth photo has no digits. `clutter` is the share of
    the harder photos on which more than digits is written; the fewer, the fewer hands, things
    and large turns, too."""
    hardness = float(random.uniform(0, 1)) if hardness is None else hardness
    if random.random() < 0.1:
        return _negative(random, hardness, clutter)
    plan = _core(random, hardness)
    if plan.on_screen or hardness < EASY:
        return plan
    if random.random() < clutter:
        plan = _cluttered(random, plan)
    return _surrounded(random, plan, clutter)


def _core(random: Random, hardness: float) -> Plan:
    surface = _surface(random, hardness)
    plan = Plan(
        texts=_texts(random),
        hardness=hardness,
        boxed=bool(random.random() < 0.1 * hardness),
        printed=bool(random.random() < 0.05),
        close=bool(random.random() < 0.15),
        flourish=bool(random.random() < 0.08 * hardness),
        surface=surface,
    )
    if surface is not Surface.PAPER:
        return plan
    return replace(
        plan,
        ruling=_ruling(random, hardness),
        creased=bool(random.random() < 0.15 * hardness),
        on_desk=bool(random.random() < 0.3),
        doodles=int(random.random() < 0.06 * hardness),
        pictured=bool(random.random() < 0.4),
    )


def _texts(random: Random) -> tuple[str, ...]:
    count = int(random.choice([1, 2, 3, 4, 6], p=[0.64, 0.17, 0.1, 0.05, 0.04]))
    if random.random() < 0.06:
        return (str(random.integers(10)),)
    if count > 1 and random.random() < 0.25:
        columns = int(random.integers(2, 4))
        return tuple(
            "\t".join(_plain(draw_number(random, 5)) for _ in range(columns)) for _ in range(count)
        )
    return tuple(_plain(draw_number(random, 12)) for _ in range(count))


def _plain(number: str) -> str:
    """Fractions and divisions are no numbers to read out: a slash becomes a gap."""
    return number.replace("/", " ")


def _surface(random: Random, hardness: float) -> Surface:
    boards = 0.05 if hardness >= EASY else 0.02
    screens = 0.03
    kinds = [1 - 2 * boards - 2 * screens, boards, boards, 1.4 * screens, 0.6 * screens]
    return Surface(random.choice(list(Surface), p=kinds))


def _cluttered(random: Random, plan: Plan) -> Plan:
    kind = int(random.choice(5, p=[0.26, 0.26, 0.2, 0.2, 0.08]))
    if kind == 0:
        return replace(plan, words=int(random.integers(1, 9)), close=False)
    if kind == 1:
        paragraphs, words = int(random.integers(1, 4)), int(random.integers(0, 4))
        return replace(plan, paragraphs=paragraphs, words=words, close=False)
    if kind == 4:
        texts, prints, printed = draw_sudoku(random)
        plan = replace(plan, texts=texts, prints=prints, printed=printed, frame=Frame.SUDOKU)
    elif kind == 2:
        texts, prints = draw_table(random, plan.printed)
        plan = replace(plan, texts=texts, prints=prints, frame=Frame.TABLE)
    else:
        texts, prints = draw_list(random, plan.texts, plan.printed)
        plan = replace(plan, texts=texts, prints=prints)
    return replace(plan, paragraphs=int(random.random() < 0.4), boxed=False, close=False)


def _surrounded(random: Random, plan: Plan, clutter: float) -> Plan:
    some = random.random(4) < np.array([0.3, 0.36, 0.16, 0.3]) * clutter
    on_desk = plan.on_desk or bool(some[:3].any()) or bool(some[3] and random.random() < 0.8)
    paper = plan.surface is Surface.PAPER
    return replace(
        plan,
        on_desk=on_desk and paper,
        hands=int(random.integers(1, 3)) if some[0] else 0,
        things=int(random.integers(1, 5)) if some[1] else 0,
        spiral=bool(some[2]) and paper,
        turn_deg=float(random.choice([-1, 1]) * random.uniform(15, 60)) if some[3] else 0.0,
    )


def _ruling(random: Random, hardness: float) -> Ruling:
    share = 0.4 * hardness
    return Ruling(
        random.choice(list(Ruling), p=[1 - share, 0.5 * share, 0.35 * share, 0.15 * share])
    )


def _negative(random: Random, hardness: float, clutter: float) -> Plan:
    things = bool(random.random() < 0.5)
    plan = Plan(
        texts=(),
        hardness=hardness,
        ruling=_ruling(random, hardness),
        creased=bool(random.random() < 0.3),
        on_desk=bool(random.random() < 0.5),
        words=0 if things else int(random.integers(0, 6)),
        doodles=0 if things else int(random.integers(0, 2)),
        nothing_but_things=things,
        pictured=bool(random.random() < 0.6),
    )
    if things or hardness < EASY:
        return plan
    plan = replace(plan, paragraphs=int(random.integers(0, 4)) if random.random() < clutter else 0)
    return _surrounded(random, plan, clutter)
