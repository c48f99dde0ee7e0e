# SPDX-License-Identifier: Apache-2.0
"""Where everything stands on the page: the number's lines first, then what is beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.fonts import Fonts
from training.synthesis import distractors
from training.synthesis.cells import Cell, Places, write_cells
from training.synthesis.characters import Sources
from training.synthesis.grids import Frame, frame_lines
from training.synthesis.hand import Random
from training.synthesis.line import Written, draw_spacing, write_line
from training.synthesis.paragraph import draw_paragraph
from training.synthesis.pen import Ink
from training.synthesis.plan import Plan
from training.synthesis.text import write_word
from training.synthesis.truth import Classes, classes_of, mark, other_ink

Box = tuple[int, int, int, int]


@dataclass(slots=True)
class Laid:
    """`ink` and `print`: how much of each lies where (page size, 0 to 1); `classes`: what it is;
    `lines`: the digits and their boxes; `bounds`: left, top, right, bottom of all digits;
    `height_px` of the digits; `pitch_px` of the rules."""

    ink: Ink
    print: Ink
    classes: Classes
    lines: list[tuple[str, tuple[Box, ...]]]
    bounds: tuple[int, int, int, int]
    height_px: float
    pitch_px: float

    def write(self, line: Written, x: int, y: int, *, printed: bool) -> None:
        """Puts characters on the page, in ink or in print."""
        self.add(line.ink, classes_of(line, printed), x, y, printed=printed)

    def draw(self, ink: Ink, x: int, y: int, *, printed: bool) -> None:
        """Puts ink on the page that is no digit."""
        self.add(ink, other_ink(ink), x, y, printed=printed)

    def add(self, ink: Ink, classes: Classes, x: int, y: int, *, printed: bool) -> None:
        distractors.paste(self.print if printed else self.ink, ink, x, y)
        mark(self.classes, classes, x, y)


def lay_out(plan: Plan, sources: Sources, size: tuple[int, int], random: Random) -> Laid:
    """Writes the plan on a page of `size` (width, height)."""
    width, height = size
    laid = Laid(
        ink=np.zeros((height, width), np.float32),
        print=np.zeros((height, width), np.float32),
        classes=np.zeros((height, width), np.uint8),
        lines=[],
        bounds=(width // 2, height // 2, width // 2, height // 2),
        height_px=random.uniform(0.02, 0.12) * height,
        pitch_px=random.uniform(0.025, 0.09) * height,
    )
    found = write_cells(plan, sources, size, random)
    taken = _put_cells(plan, *found, laid, random) if found else []
    if plan.flourish and taken:
        _add_flourish(laid, taken[-1], random)
    _add_words(plan, laid, sources, size, taken, random)
    if sources.fonts is not None:
        for _ in range(plan.paragraphs):
            _add_paragraph(plan, laid, sources.fonts, size, taken, random)
    return laid


def _put_cells(
    plan: Plan, cells: list[Cell], places: Places, laid: Laid, random: Random
) -> list[Box]:
    taken: list[Box] = []
    told: dict[int, list[tuple[str, Box]]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.level, cell.column)):
        x, y = _place_of(plan, cell, places, random)
        laid.write(cell.written, x, y, printed=cell.printed)
        if plan.boxed and cell.told:
            boxes, margin = distractors.comb(cell.written, random)
            laid.draw(boxes, x - margin, y - margin, printed=True)
        taken.append((x, y, cell.written.ink.shape[1], cell.written.ink.shape[0]))
        if cell.told:
            told.setdefault(cell.level, []).extend(_digits(cell.written, x, y))
    laid.lines += [
        ("".join(digit for digit, _ in line), tuple(box for _, box in line))
        for line in told.values()
        if line
    ]
    laid.height_px = max(cell.written.height_px for cell in cells if cell.told)
    laid.bounds = _bounds([box for _, boxes in laid.lines for box in boxes] or taken)
    return [*taken, *_put_frame(plan, places, laid, random)]


def _place_of(plan: Plan, cell: Cell, places: Places, random: Random) -> tuple[int, int]:
    """Lines begin about below each other; what stands in a table's cell is somewhere in it."""
    height, width = cell.written.ink.shape
    (left, right), (top, bottom) = places.columns[cell.column], places.levels[cell.level]
    x, y = left, top + 0.5 * (bottom - top - height)
    if plan.frame is not Frame.NONE:
        x += random.uniform(0.2, 0.8) * (right - left - width)
        y += random.uniform(-0.3, 0.3) * (bottom - top - height)
    if not cell.printed:
        x += random.normal(0, 0.1) * cell.written.height_px
    return round(x), round(y)


def _digits(written: Written, x: int, y: int) -> list[tuple[str, Box]]:
    return [
        (c.value, (x + c.box[0], y + c.box[1], c.box[2], c.box[3]))
        for c in written.characters
        if c.value in "0123456789"
    ]


def _bounds(boxes: list[Box]) -> tuple[int, int, int, int]:
    return (
        min(x for x, _, _, _ in boxes),
        min(y for _, y, _, _ in boxes),
        max(x + w for x, _, w, _ in boxes),
        max(y + h for _, y, _, h in boxes),
    )


def _put_frame(plan: Plan, places: Places, laid: Laid, random: Random) -> list[Box]:
    if plan.frame is Frame.NONE:
        return []
    xs = np.append(places.columns[:, 0] - places.gap[0] / 2, places.columns[-1, 1])
    ys = np.append(places.levels[:, 0] - places.gap[1] / 2, places.levels[-1, 1])
    xs[-1] += places.gap[0] / 2
    ys[-1] += places.gap[1] / 2
    lines = frame_lines(xs - xs[0], ys - ys[0], plan.frame, laid.height_px, random)
    x, y = round(float(xs[0])), round(float(ys[0]))
    laid.draw(lines, x, y, printed=True)
    return [(x, y, lines.shape[1], lines.shape[0])]


def _add_flourish(laid: Laid, line: Box, random: Random) -> None:
    ink, margin = distractors.flourish((line[2], line[3]), laid.height_px, random)
    laid.draw(ink, line[0] - margin, line[1] - margin, printed=False)


def _add_words(
    plan: Plan,
    laid: Laid,
    sources: Sources,
    size: tuple[int, int],
    taken: list[Box],
    random: Random,
) -> None:
    for index in range(plan.words + plan.doodles):
        printed = bool(random.random() < 0.6)
        word_px = max(10.0, min(laid.height_px, 90) * random.uniform(0.3, 1.0))
        if index < plan.words:
            items = write_word(sources, random, printed=printed)
            ink = write_line(items, word_px, draw_spacing(random), random).ink
        else:
            ink, printed = distractors.doodle(word_px, random), False
        place = distractors.free_place((ink.shape[1], ink.shape[0]), size, taken, random)
        if place is not None:
            laid.draw(ink, place[0], place[1], printed=printed)
            taken.append(place)


def _add_paragraph(
    plan: Plan,
    laid: Laid,
    fonts: Fonts,
    size: tuple[int, int],
    taken: list[Box],
    random: Random,
) -> None:
    """Somewhere free; the more tries it takes, the smaller."""
    text_px = int(random.integers(11, 34))
    printed = bool(random.random() < 0.7)
    for share in (0.9, 0.6, 0.4, 0.25):
        wanted = (
            round(share * size[0] * random.uniform(0.7, 1)),
            round(text_px * random.uniform(1.5, 2 + 12 * share)),
        )
        place = distractors.free_place(wanted, size, taken, random)
        if place is None:
            continue
        numbers = bool(plan.texts) and not plan.printed
        ink, classes = draw_paragraph(
            fonts, wanted, text_px, random, printed=printed, numbers=numbers
        )
        laid.add(ink, classes, place[0], place[1], printed=printed)
        taken.append(place)
        return
