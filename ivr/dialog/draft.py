# SPDX-License-Identifier: Apache-2.0
"""A number while it is put right, digit by digit: it keeps the places of the reading.

A draft is the reading's text (lines joined with `|`) in which digits may have been changed, and
a digit that is not there after all is a hole. So a digit of the draft stays tied to what the
reader thought of its place, while the caller counts only what is left.
"""

from __future__ import annotations

from typing import NamedTuple

HOLE = "_"


class Cell(NamedTuple):
    """A place of the reading: line and column, both from 0."""

    line: int
    column: int


def spoken(draft: str) -> str:
    """The digits as they are said; a line of nothing but holes is gone."""
    return "|".join(line for line in _closed(draft) if line)


def lines(draft: str) -> tuple[str, ...]:
    """The lines as the caller counts them; none when no digit is left."""
    return tuple(line for line in _closed(draft) if line)


def cell_at(draft: str, line: int, place: int) -> Cell:
    """Where the caller's `line` and `place` are, both from 1; IndexError beyond them."""
    index = [index for index, left in enumerate(_closed(draft)) if left][line - 1]
    return Cell(index, _columns(draft.split("|")[index])[place - 1])


def counted(draft: str, cell: Cell) -> tuple[int, int]:
    """Line and place of `cell`, both from 1, as the caller counts them."""
    line = sum(bool(left) for left in _closed(draft)[: cell.line + 1])
    return line, _columns(draft.split("|")[cell.line]).index(cell.column) + 1


def changed(draft: str, cell: Cell, value: str) -> str:
    """The draft with the digit of `cell` changed to `value`, or left out when that is empty."""
    rows = draft.split("|")
    row = rows[cell.line]
    rows[cell.line] = row[: cell.column] + (value or HOLE) + row[cell.column + 1 :]
    return "|".join(rows)


def _closed(draft: str) -> list[str]:
    return [line.replace(HOLE, "") for line in draft.split("|")]


def _columns(row: str) -> list[int]:
    return [column for column, value in enumerate(row) if value != HOLE]
