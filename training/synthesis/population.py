# SPDX-License-Identifier: Apache-2.0
"""Writers of another school than the strokes in `strokes.py`: a population that is new to a model.

Their ones are hooks whose upstroke is as long as the stem, their sevens are barred, their fours
are open or a flash of lightning, their nines end in a hook. All else they write as anybody. It
shows whether a model learns; nothing that ships was trained on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthesis.characters import Drawn, Sources
from training.synthesis.hand import Hand, Random, draw_hand, trail, write
from training.synthesis.pen import Pen, draw_pen, grain, trace
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Plan
from training.synthesis.strokes import VARIANTS, parse

FORMS: dict[str, tuple[str, ...]] = {
    "1": (
        "l .0,1 .75,.0 .72,1",
        "c .0,1.02 .4,.55 .8,.0;l .78,1.05",
        "l .0,.85 .85,.0 .6,1",
        "c -.05,.95 .5,.5 .75,.02;c .75,.02 .7,.5 .8,1.05",
    ),
    "7": (
        "l .05,.3 .1,.05 .9,.0 .55,1.05 / l .1,.6 .95,.5",
        "c .0,.2 .2,.0 .5,.12 .95,.0;c .95,.0 .6,.5 .5,1.1 / l .15,.5 1.05,.42",
        "l .0,.0 .85,.05 .6,1.1 / l .2,.65 1.1,.55",
    ),
    "4": (
        "l .5,.0 .0,.6 1,.6 / l .62,.3 .55,1.25",
        "c .45,.0 .2,.3 .0,.55;l .0,.55 .95,.5 / l .7,.25 .45,1.2",
        "l .35,.0 .05,.7 .9,.35 .45,1.15",
    ),
    "9": (
        "c .85,.1 .3,.0 .05,.25 .4,.5 .85,.15;c .85,.15 .85,.9 .6,1.25 .1,1.2 -.05,1.0",
        "c .8,.05 .2,.05 .1,.35 .5,.5 .85,.1;l .75,1.0;c .75,1.0 .55,1.3 .15,1.2 .05,1.05",
        "c .9,.2 .5,-.05 .05,.2 .35,.55 .9,.2;c .9,.2 .8,.9 .3,1.3 -.1,1.1 .2,.9 1.0,.8",
    ),
}
WIDTHS = {"1": 0.62, "7": 0.68, "4": 0.66, "9": 0.55}  # of the box, in heights
SHORTEST, LONGEST = 4, 8  # digits of a number
SPECIAL = 0.62  # share of digits that are one of `FORMS`
HARDEST = 0.25  # the photos are easy ones: what is hard shall be the writing


@dataclass(frozen=True, slots=True)
class NewWriter:
    """One of them: a hand, a pen, and which of the `FORMS` is theirs."""

    hand: Hand
    pen: Pen
    forms: dict[str, int]

    def knows(self, character: str) -> bool:
        return character in VARIANTS

    def draw(self, character: str, height_px: float, random: Random) -> Drawn:
        if character in FORMS:
            strokes = parse(FORMS[character][self.forms[character]])
            paths = trail(character, strokes, WIDTHS[character], self.hand, random)
        else:
            paths = write(character, self.hand, random)
        ink, corner = trace(paths, height_px, self.pen, random)
        return Drawn(grain(ink, self.pen, random), float(corner[0]), float(corner[1]))


def draw_new_writer(random: Random) -> NewWriter:
    """A new person of the population."""
    forms = {digit: int(random.integers(len(ways))) for digit, ways in FORMS.items()}
    return NewWriter(draw_hand(random), draw_pen(random), forms)


def writers_of(seed: int, count: int) -> tuple[NewWriter, ...]:
    """`count` people, the same for the same seed."""
    return tuple(draw_new_writer(np.random.default_rng([seed, 40, one])) for one in range(count))


def render_one(writer: NewWriter, seed: int) -> SyntheticPhoto:
    """A good photo of one number of `writer`'s; the same for the same writer and seed."""
    random = np.random.default_rng([seed, 41])
    hardness = float(random.uniform(0, HARDEST))
    plan = Plan((_number(random),), hardness, on_desk=bool(random.random() < 0.3))
    return render(Sources(people=(writer,)), seed, plan)


def _number(random: Random) -> str:
    special, all_digits = "".join(FORMS), "0123456789"
    count = int(random.integers(SHORTEST, LONGEST + 1))
    alphabets = [special if share < SPECIAL else all_digits for share in random.random(count)]
    return "".join(one[int(random.integers(len(one)))] for one in alphabets)
