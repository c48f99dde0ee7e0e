# SPDX-License-Identifier: Apache-2.0
"""Tables, forms, lists and Sudokus: what stands in their cells, and the lines between them.

Rows are strings whose columns are parted by tabs, one set of rows to be written by hand and one of
the same shape to be printed.
"""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis.hand import Random
from training.synthesis.pen import Ink
from training.synthesis.text import draw_number, draw_term

Rows = tuple[str, ...]


class Frame(StrEnum):
    NONE = "none"
    TABLE = "table"
    SUDOKU = "sudoku"


def draw_table(random: Random, printed: bool) -> tuple[Rows, Rows]:
    """A table with headings. Its numbers are `printed`, or by hand with printed ones among them."""
    levels, columns = int(random.integers(2, 7)), int(random.integers(2, 5))
    texts = np.full((levels, columns), "", object)
    prints = texts.copy()
    for level, column in np.ndindex(levels, columns):
        if level == 0 or (column == 0 and random.random() < 0.7):
            prints[level, column] = draw_term(random)
        elif random.random() < 0.65:
            texts[level, column] = _cell_number(random)
        elif random.random() < 0.5:
            prints[level, column] = draw_term(random) if printed else _print(random)
    if not any(texts.ravel()):
        texts[-1, -1], prints[-1, -1] = _cell_number(random), ""
    return _rows(texts), _rows(prints)


def draw_list(random: Random, texts: Rows, printed: bool) -> tuple[Rows, Rows]:
    """The lines with a printed word or a number like "1)" before each, or a word behind."""
    if printed or random.random() < 0.45:
        before = [draw_term(random) + ":" * int(random.random() < 0.5) for _ in texts]
    elif random.random() < 0.6:
        mark, first = str(random.choice([")", ".", ":", ""])), int(random.integers(1, 12))
        before = [f"{first + index}{mark}" for index in range(len(texts))]
    else:
        before = [_print(random) for _ in texts]
    behind = random.random() < 0.2
    return (
        tuple(f"{text}\t" if behind else f"\t{text}" for text in texts),
        tuple(
            "\t" * text.count("\t") + f"\t{term}" if behind else term
            for term, text in zip(before, texts, strict=True)
        ),
    )


def draw_sudoku(random: Random) -> tuple[Rows, Rows, bool]:
    """Nine by nine, a third filled. Mostly it is print alone, which is then what is read; else
    somebody has begun to solve it. Returns texts, prints, and whether the texts are printed."""
    numbers = random.integers(1, 10, (9, 9)).astype(str).astype(object)
    given = random.random((9, 9)) < random.uniform(0.25, 0.45)
    given[4, 4] = True
    prints = np.where(given, numbers, "")
    if random.random() < 0.6:
        return _rows(prints), (), True
    solved = ~given & (random.random((9, 9)) < random.uniform(0.05, 0.6))
    solved[4, 3], prints[4, 3] = True, ""
    return _rows(np.where(solved, numbers, "")), _rows(prints), False


def frame_lines(
    xs: NDArray[np.float64], ys: NDArray[np.float64], frame: Frame, height_px: float, random: Random
) -> Ink:
    """Lines at columns `xs` and rows `ys`, both from 0; every third of a Sudoku's is heavy. Some
    tables have no lines down, and some are faded."""
    margin = max(2, round(0.1 * height_px))
    size = int(ys[-1]) + 2 * margin + 1, int(xs[-1]) + 2 * margin + 1
    lines = np.zeros(size, np.uint8)
    thin = max(1, round(height_px * random.uniform(0.015, 0.06)))
    open_sided = frame is Frame.TABLE and random.random() < 0.25
    right, bottom = size[1] - 1 - margin, size[0] - 1 - margin
    for places, down in ((xs, True), (ys, False)):
        for index, place in enumerate(places):
            heavy = frame is Frame.SUDOKU and index % 3 == 0
            at = round(float(place)) + margin
            ends = ((at, margin), (at, bottom)) if down else ((margin, at), (right, at))
            if not (down and open_sided):
                cv2.line(lines, ends[0], ends[1], 255, thin * (1 + heavy), cv2.LINE_AA)
    faded = random.uniform(0.35, 1.0)
    return np.asarray(lines * np.float32(faded / 255), np.float32)


def _cell_number(random: Random) -> str:
    number = draw_number(random, 3)
    return f"{number}%" if random.random() < 0.08 else number.replace("/", ",")


def _print(random: Random) -> str:
    """A printed number, now and then with a sign."""
    sign = str(random.choice(["", "", "", "%", ".", "$", "-"]))
    return sign + draw_number(random, 4) if sign in "$-" else draw_number(random, 4) + sign


def _rows(cells: NDArray[np.object_]) -> Rows:
    return tuple("\t".join(row) for row in cells.tolist())
