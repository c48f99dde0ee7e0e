# SPDX-License-Identifier: Apache-2.0
"""What is written on and with what colours: paper, boards, screens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.synthesis import paper
from training.synthesis.hand import Random
from training.synthesis.layout import Laid
from training.synthesis.plan import Plan, Surface
from training.synthesis.truth import mark, other_ink

Colour = NDArray[np.float64]  # [3], blue green red


def draw_page(plan: Plan, laid: Laid, size: tuple[int, int], random: Random) -> paper.Picture:
    """The page of `size` (width, height) with all that stands on it, unlit."""
    page = _bare(plan.surface, size, random)
    rules = paper.rules(size[1], size[0], plan.ruling, laid.pitch_px, random)
    mark(laid.classes, other_ink(rules), 0, 0)
    paper.lay(page, rules, paper.draw_rule_colour(random))
    if plan.creased:
        page = paper.crease(page, random)
    bright = plan.surface in (Surface.BLACKBOARD, Surface.DARK_SCREEN)
    put = paper.cover if bright else paper.lay
    put(page, laid.print, _print_colour(plan.surface, random))
    put(page, laid.ink, _ink_colour(plan, random))
    return page


def _bare(surface: Surface, size: tuple[int, int], random: Random) -> paper.Picture:
    width, height = size
    if surface in (Surface.SCREEN, Surface.DARK_SCREEN):
        return np.full((height, width, 3), float(surface is Surface.SCREEN), np.float32)
    if surface is Surface.WHITEBOARD:
        colour = np.full(3, random.uniform(0.85, 1.0), np.float32)
    elif surface is Surface.BLACKBOARD:
        colour = np.asarray(random.uniform(0.05, 0.28) + random.uniform(0, 0.1, 3), np.float32)
    else:
        colour = paper.draw_colour(random)
    return paper.sheet(height, width, colour, random)


def _print_colour(surface: Surface, random: Random) -> Colour:
    dark = np.full(3, random.uniform(0.0, 0.35))
    return {Surface.BLACKBOARD: 1 - dark, Surface.DARK_SCREEN: np.ones(3)}.get(surface, dark)


def _ink_colour(plan: Plan, random: Random) -> Colour:
    if plan.surface is Surface.PAPER:
        return _pen_colour(random, plan.hardness)
    if plan.surface is Surface.WHITEBOARD:
        return np.asarray(_base_colour(random) * random.uniform(0.5, 1.1), float)
    if plan.surface is Surface.BLACKBOARD:
        return np.asarray(random.uniform(0.65, 1.0) - random.uniform(0, 0.25, 3), float)
    coloured = _base_colour(random) if random.random() < 0.2 else np.zeros(3)
    return coloured if plan.surface is Surface.SCREEN else 1 - coloured


def _pen_colour(random: Random, hardness: float) -> Colour:
    """What the ink lets through; pale where a pen is dry or a pencil held lightly."""
    pale = random.uniform(0, 0.15 + 0.35 * hardness)
    return np.asarray(np.clip(_base_colour(random) * random.uniform(0.6, 1.3) + pale, 0, 0.85))


def _base_colour(random: Random) -> Colour:
    """Blue, black, red, pencil gray, green, or the brown of old ink."""
    kind = int(random.choice(6, p=[0.36, 0.33, 0.12, 0.12, 0.03, 0.04]))
    base = (
        (0.55, 0.2, 0.12),
        (0.08, 0.08, 0.08),
        (0.2, 0.15, 0.75),
        (0.3, 0.3, 0.3),
        (0.2, 0.5, 0.1),
        (0.12, 0.28, 0.5),
    )
    return np.array(base[kind])
