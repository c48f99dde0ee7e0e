# SPDX-License-Identifier: Apache-2.0
"""A bank of hands: the characters of many writers, each drawn a few times, to compose lines of.

Drawing strokes is most of what a synthetic line costs; taking them from a bank is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.progress import ProgressBar, with_bar
from training.synthesis.characters import (
    FontWriter,
    MnistWriter,
    Sources,
    StrokeWriter,
    Writer,
    draw_writer,
    print_font,
)
from training.synthesis.hand import Random, draw_hand
from training.synthesis.line import draw_spacing, write_line
from training.synthesis.pen import Ink, draw_pen
from training.synthesis.text import write_word

BANK_PX = 40  # height of a digit in the bank
SKY_PX, CELL_PX = 20, 84  # where a digit's top lies in a cell, and a cell's height
PRINTED = 0.1  # share of hands that are a print font
COPIES = 2  # of each character of a hand,
MNIST_COPIES = 8  # and of MNIST's, whose writers are not one hand
DIGITS, MARKS = "0123456789", "-,./"
SHORTEST_WORD = 3  # letters: many a lone one is a 1, a 0 or a 5 to anybody's eye
INKED = 60  # of 255: what counts as a stroke

Cell = NDArray[np.uint8]
Cells = dict[str, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Bank:
    """`hands`: each one's characters; `words`: whole words, printed and written.

    All are uint8 [84, w], cropped to their inked columns and standing on one line.
    """

    hands: tuple[Cells, ...]
    words: tuple[Cell, ...]


def fill_bank(
    sources: Sources, hands: int, seed: int, *, progress: ProgressBar | None = None
) -> Bank:
    """`hands` writers and some words (none without fonts)."""
    random = np.random.default_rng([seed, 2])
    filled: list[Cells] = []
    words: list[Cell] = []
    for _ in with_bar(range(hands), "hands", progress):
        filled.append(_cells(_writer(sources, random), random))
        word = write_line(write_word(sources, random), BANK_PX, draw_spacing(random), random)
        words += [_cell(word.ink, 0)] if len(word.characters) >= SHORTEST_WORD else []
    return Bank(tuple(filled), tuple(words))


def _writer(sources: Sources, random: Random) -> Writer:
    if sources.fonts is not None and sources.fonts.print and random.random() < PRINTED:
        return print_font(sources.fonts.print, random)
    return draw_writer(sources, random)


def _cells(writer: Writer, random: Random) -> Cells:
    """All digits of `writer`, and separators: its own, or some pen's when it has none."""
    other = StrokeWriter(draw_hand(random), draw_pen(random))
    copies = {MnistWriter: MNIST_COPIES, FontWriter: 1}.get(type(writer), COPIES)
    found: Cells = {}
    for character in DIGITS + MARKS:
        knowing = writer if writer.knows(character) else other
        drawn = [knowing.draw(character, BANK_PX, random) for _ in range(copies)]
        found[character] = tuple(_cell(one.ink, one.top) for one in drawn)
    return found


def _cell(ink: Ink, top: float) -> Cell:
    """`ink` in a cell of the bank, `top` pixels below (or above) where digits begin."""
    inside = np.round(np.clip(ink, 0, 1) * 255).astype(np.uint8)
    columns = np.flatnonzero(inside.max(axis=0) > INKED)
    first, last = (int(columns[0]), int(columns[-1])) if columns.size else (0, inside.shape[1] - 1)
    cropped = inside[:, first : last + 1]
    cell = np.zeros((CELL_PX, cropped.shape[1]), np.uint8)
    start = SKY_PX + round(top)
    low, high = max(start, 0), min(start + len(cropped), CELL_PX)
    cell[low:high] = cropped[low - start : high - start]
    return cell
