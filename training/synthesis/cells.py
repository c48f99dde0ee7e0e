# SPDX-License-Identifier: Apache-2.0
"""The number's lines, column by column: written, made to fit the page, and given their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.synthesis.characters import Sources, Writer, draw_writer, print_font
from training.synthesis.grids import Frame
from training.synthesis.hand import Random
from training.synthesis.line import Spacing, Written, draw_spacing, write_line
from training.synthesis.plan import EASY, Plan

MARGIN = 0.04  # of the page's sides, kept free of the number
SMALLEST_PX = 12.0

Items = Callable[[str], list[tuple[str, Writer]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """Writing, its `level` from the top and `column` from the left. What is `told` belongs to the
    photo's text."""

    written: Written
    level: int
    column: int
    printed: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Style:
    """Who writes and who prints; gaps between columns and levels, in digit heights; `print_size`
    of the print beside the digits, against theirs."""

    by_hand: Items
    in_print: Items
    spacing: Spacing
    across: float
    down: float
    print_size: float
    printed: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where columns begin and end and levels begin and end (page pixels): gaps lie between."""

    columns: NDArray[np.float64]  # [C, 2]
    levels: NDArray[np.float64]  # [L, 2]
    gap: tuple[float, float]


def write_cells(
    plan: Plan, sources: Sources, size: tuple[int, int], random: Random
) -> tuple[list[Cell], Places] | None:
    """All cells and their places on a page of `size`; None when nothing is to be written."""
    if not any(text.strip() for text in plan.texts):
        return None
    style = _draw_style(plan, sources, random)
    room = (1 - 2 * MARGIN) * np.array(size)
    largest = 0.6 * size[1] / (1 + 1.6 * (len(plan.texts) - 1))
    least = 30 if plan.hardness < EASY else 22
    height_px = float(np.exp(random.uniform(np.log(least), np.log(max(0.8 * largest, least + 2)))))
    cells = _write(plan, style, height_px, random)
    places = _places(plan, cells, style, height_px)
    # No hand writes twice alike: smaller letters may still need more room than was reckoned.
    while (fit := _fit(places, room)) < 1 and height_px > SMALLEST_PX:
        height_px = max(SMALLEST_PX, 0.97 * fit * height_px)
        cells = _write(plan, style, height_px, random)
        places = _places(plan, cells, style, height_px)
    return cells, _moved(places, size, random)


def _fit(places: Places, room: NDArray[np.float64]) -> float:
    """By how much the writing may be scaled to fill the room."""
    return float((room / (places.columns[-1, 1], places.levels[-1, 1])).min())


def _draw_style(plan: Plan, sources: Sources, random: Random) -> Style:
    printed = plan.printed and sources.fonts is not None and bool(sources.fonts.print)
    by_hand = _items(plan, sources, random, printed)
    spacing = draw_spacing(random, clear=plan.hardness < EASY)
    if plan.boxed and random.random() < 0.6:
        spacing = replace(spacing, gap=max(spacing.gap, 0.45), gap_jitter=0.03, rise=0.0)
    framed = plan.frame is not Frame.NONE
    return Style(
        by_hand=by_hand,
        in_print=_items(plan, sources, random, printed=True),
        spacing=spacing,
        across=float(random.uniform(0.3, 1.0) if framed else random.uniform(0.8, 3.0)),
        down=float(random.uniform(0.2, 0.9) if framed else random.uniform(0.35, 1.5)),
        print_size=float(random.uniform(0.4, 1.0)),
        printed=printed,
    )


def _items(plan: Plan, sources: Sources, random: Random, printed: bool) -> Items:
    other = draw_writer(Sources(), random)
    writers = [other]
    if not printed:
        writers.insert(0, draw_writer(sources, random))
    elif sources.fonts is not None and sources.fonts.print:
        writers = [print_font(sources.fonts.print, random), other]
        if sources.fonts.korean:
            writers.insert(1, print_font(sources.fonts.korean, random))

    def items(text: str) -> list[tuple[str, Writer]]:
        return [(c, next((w for w in writers if c == " " or w.knows(c)), writers[0])) for c in text]

    return items


def _write(plan: Plan, style: Style, height_px: float, random: Random) -> list[Cell]:
    cells = []
    set_tight = Spacing(0.1, 0.0, 0.35, 0.0, 0.0, 0.0)
    for level, line in enumerate(plan.texts):
        for column, text in enumerate(line.split("\t")):
            spacing = set_tight if style.printed else style.spacing
            written = write_line(style.by_hand(text), height_px, spacing, random)
            if written.characters:
                cells.append(Cell(written, level, column, style.printed, told=True))
    for level, line in enumerate(plan.prints):
        for column, text in enumerate(line.split("\t")):
            size = height_px if plan.frame is Frame.SUDOKU else style.print_size * height_px
            written = write_line(style.in_print(text), max(size, 9.0), set_tight, random)
            if written.characters:
                cells.append(Cell(written, level, column, printed=True, told=False))
    return cells


def _places(plan: Plan, cells: list[Cell], style: Style, height_px: float) -> Places:
    """Columns and levels as wide and high as what stands in them, from (0, 0)."""
    every = (*plan.texts, *plan.prints)
    columns = np.full(max(line.count("\t") for line in every) + 1, 0.5 * height_px)
    levels = np.full(max(len(plan.texts), len(plan.prints)), 0.6 * height_px)
    for cell in cells:
        height, width = cell.written.ink.shape
        columns[cell.column] = max(columns[cell.column], width)
        levels[cell.level] = max(levels[cell.level], height)
    if plan.frame is Frame.SUDOKU:
        columns[:] = levels[:] = max(columns.max(), levels.max())
    gap = style.across * height_px, style.down * height_px
    if plan.frame is Frame.SUDOKU:
        gap = gap[0], gap[0]
    return Places(_spans(columns, gap[0]), _spans(levels, gap[1]), gap)


def _spans(sizes: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    ends = np.cumsum(sizes + gap) - gap
    return np.stack([ends - sizes, ends], axis=1)


def _moved(places: Places, size: tuple[int, int], random: Random) -> Places:
    """Somewhere on the page, within its margins where there is room."""
    left, top = MARGIN * size[0], MARGIN * size[1]
    free_x = size[0] - 2 * left - float(places.columns[-1, 1])
    free_y = size[1] - 2 * top - float(places.levels[-1, 1])
    x = left + random.uniform(0, max(free_x, 1))
    y = top + random.uniform(0, max(free_y, 1))
    return Places(places.columns + x, places.levels + y, places.gap)
