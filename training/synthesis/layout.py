# SPDX-License-Identifier: Apache-2.0
"""Where everything stands on the page: the number's lines first, then what is beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.synthesis import distractors
from training.synthesis.characters import Sources, Writer, draw_writer, print_font
from training.synthesis.hand import Random
from training.synthesis.line import Spacing, Written, draw_spacing, write_line
from training.synthesis.pen import Ink
from training.synthesis.plan import Plan
from training.synthesis.text import write_word
from training.synthesis.truth import Classes, classes_of, mark, other_ink

Box = tuple[int, int, int, int]
MARGIN = 0.04  # of the page's sides, kept free of the number


@dataclass(slots=True)
class Laid:
    """`ink` and `print`: how much of each lies where (page size, 0 to 1); `classes`: what it is;
    `lines`: the digits and their boxes; `bounds`: left, top, right, bottom of all digits;
    `pitch_px` of the rules."""

    ink: Ink
    print: Ink
    classes: Classes
    ink_colour: NDArray[np.float64]
    print_colour: NDArray[np.float64]
    lines: list[tuple[str, tuple[Box, ...]]]
    bounds: tuple[int, int, int, int]
    pitch_px: float

    def write(self, line: Written, x: int, y: int, *, printed: bool) -> None:
        """Puts characters on the page, in ink or in print."""
        distractors.paste(self.print if printed else self.ink, line.ink, x, y)
        mark(self.classes, classes_of(line, printed), x, y)

    def draw(self, ink: Ink, x: int, y: int, *, printed: bool) -> None:
        """Puts ink on the page that is no character."""
        distractors.paste(self.print if printed else self.ink, ink, x, y)
        mark(self.classes, other_ink(ink), x, y)


def lay_out(plan: Plan, sources: Sources, size: tuple[int, int], random: Random) -> Laid:
    """Writes the plan on a page of `size` (width, height)."""
    width, height = size
    empty = np.zeros((height, width), np.float32)
    laid = Laid(
        ink=empty,
        print=empty.copy(),
        classes=empty.astype(np.uint8),
        ink_colour=_ink_colour(random, plan.hardness),
        print_colour=np.full(3, random.uniform(0.0, 0.35)),
        lines=[],
        bounds=(width // 2, height // 2, width // 2, height // 2),
        pitch_px=random.uniform(0.025, 0.09) * height,
    )
    written = _write(plan, sources, size, random)
    taken = _stack(plan, written, laid, size, random) if written else []
    height_px = written[0].height_px if written else random.uniform(0.02, 0.12) * height
    _add_words(plan, laid, sources, size, taken, height_px, random)
    return laid


def _ink_colour(random: Random, hardness: float) -> NDArray[np.float64]:
    """Blue, black, red or pencil gray (blue green red, what the ink lets through)."""
    kind = random.choice(4, p=[0.4, 0.35, 0.12, 0.13])
    pale = random.uniform(0, 0.15 + 0.35 * hardness)
    base = np.array([(0.55, 0.2, 0.12), (0.08, 0.08, 0.08), (0.2, 0.15, 0.75), (0.3, 0.3, 0.3)])
    return np.asarray(np.clip(base[int(kind)] * random.uniform(0.6, 1.3) + pale, 0, 0.85))


def _write(plan: Plan, sources: Sources, size: tuple[int, int], random: Random) -> list[Written]:
    if not plan.texts:
        return []
    writer, other = _writers(plan, sources, random)
    spacing = draw_spacing(random)
    if plan.boxed:
        spacing = replace(spacing, gap=max(spacing.gap, 0.45), gap_jitter=0.03, rise=0.0)
    room = (1 - 2 * MARGIN) * np.array(size)
    largest = 0.6 * size[1] / (1 + 1.6 * (len(plan.texts) - 1))
    height_px = float(np.exp(random.uniform(np.log(22), np.log(max(0.8 * largest, 24)))))
    lines = _lines(plan, writer, other, height_px, spacing, random)
    widest = max(line.ink.shape[1] for line in lines)
    if widest > room[0]:
        height_px *= 0.97 * float(room[0]) / widest
        lines = _lines(plan, writer, other, height_px, spacing, random)
    return lines


def _writers(plan: Plan, sources: Sources, random: Random) -> tuple[Writer, Writer]:
    other = draw_writer(Sources(), random)
    if plan.printed and sources.fonts is not None and sources.fonts.print:
        return print_font(sources.fonts.print, random), other
    return draw_writer(sources, random), other


def _lines(
    plan: Plan,
    writer: Writer,
    other: Writer,
    height_px: float,
    spacing: Spacing,
    random: Random,
) -> list[Written]:
    def items(text: str) -> list[tuple[str, Writer]]:
        return [(c, writer if c == " " or writer.knows(c) else other) for c in text]

    return [write_line(items(text), height_px, spacing, random) for text in plan.texts]


def _stack(
    plan: Plan, written: list[Written], laid: Laid, size: tuple[int, int], random: Random
) -> list[Box]:
    """Puts the lines one under the other; those that do not fit are left out."""
    gap = random.uniform(0.35, 1.5) * written[0].height_px
    left = MARGIN * size[0]
    free = size[0] - left - max(line.ink.shape[1] for line in written)
    left += random.uniform(0, max(free - left, 1))
    total = sum(line.ink.shape[0] + gap for line in written) - gap
    y = MARGIN * size[1] + random.uniform(0, max((1 - 2 * MARGIN) * size[1] - total, 1))
    taken: list[Box] = []
    for line in written:
        if y + line.ink.shape[0] > size[1] and taken:
            break
        x = round(left + random.normal(0, 0.1) * line.height_px)
        _put(plan, line, x, round(y), laid, random)
        taken.append((x, round(y), line.ink.shape[1], line.ink.shape[0]))
        y += line.ink.shape[0] + gap
    laid.bounds = (
        min(x for x, _, _, _ in taken),
        min(top for _, top, _, _ in taken),
        max(x + w for x, _, w, _ in taken),
        max(top + h for _, top, _, h in taken),
    )
    return taken


def _put(plan: Plan, line: Written, x: int, y: int, laid: Laid, random: Random) -> None:
    laid.write(line, x, y, printed=plan.printed)
    if plan.boxed:
        boxes, margin = distractors.comb(line, random)
        laid.draw(boxes, x - margin, y - margin, printed=True)
    digits = [c for c in line.characters if c.value in "0123456789"]
    boxes_there = tuple((x + c.box[0], y + c.box[1], c.box[2], c.box[3]) for c in digits)
    laid.lines.append((line.digits, boxes_there))


def _add_words(
    plan: Plan,
    laid: Laid,
    sources: Sources,
    size: tuple[int, int],
    taken: list[Box],
    height_px: float,
    random: Random,
) -> None:
    for index in range(plan.words + plan.doodles):
        printed = bool(random.random() < 0.6)
        word_px = max(10.0, height_px * random.uniform(0.3, 1.0))
        if index < plan.words:
            items = write_word(sources, random, printed=printed)
            ink = write_line(items, word_px, draw_spacing(random), random).ink
        else:
            ink, printed = distractors.doodle(word_px, random), False
        place = distractors.free_place((ink.shape[1], ink.shape[0]), size, taken, random)
        if place is not None:
            laid.draw(ink, place[0], place[1], printed=printed)
            taken.append(place)
