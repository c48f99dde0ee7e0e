# SPDX-License-Identifier: Apache-2.0
"""Lines composed of characters out of a bank: leaned, stretched, spaced and surrounded anew."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.bank import BANK_PX, CELL_PX, INKED, SKY_PX, Bank, Cell, Cells
from training.synthesis.hand import Random
from training.synthesis.line import Placed, Spacing, Written, draw_spacing
from training.synthesis.text import draw_number

# Share of lines with such a thing beside their number. Few: `vision.printed` and the finder tell
# words apart, and a reader who has seen many passes over 1s, which are also an I.
WORD_BESIDE, TEXTURE_BESIDE = 0.03, 0.03
FAR_APART, FAR = 0.15, (1.0, 3.0)  # share of lines of digits far apart, and their gaps in heights
ONE_AT_END = 0.15  # share of numbers that get a 1 before or behind them: it is soon passed over
SNUG = 0.5  # share of lines whose gaps are measured between strokes, not between boxes
CLOSEST, CLOSEST_SNUG = -0.14, -0.04  # gap, in digit heights: further in, nobody could read it
SMALLEST_PX, LARGEST_PX = 14.0, 60.0  # height of writing in a camera's pixels


def compose(bank: Bank, random: Random) -> Written:
    """A line in one of the bank's hands, at some camera's resolution, not yet worn."""
    placed = _placed(_row(bank, random), _spacing(random), random)
    wide = max(x + cell.shape[1] for _, cell, x in placed)
    canvas = np.zeros((CELL_PX, wide), np.uint8)
    for _, cell, x in placed:
        window = canvas[:, x : x + cell.shape[1]]
        np.maximum(window, cell, out=window)
    height_px = float(np.exp(random.uniform(np.log(SMALLEST_PX), np.log(LARGEST_PX))))
    scale = height_px / BANK_PX
    return _photographed(canvas, placed, scale, height_px)


def _spacing(random: Random) -> Spacing:
    spacing = draw_spacing(random)
    if random.random() < FAR_APART:
        return replace(spacing, gap=float(random.uniform(*FAR)))
    return spacing


def _row(bank: Bank, random: Random) -> list[tuple[str, Cell]]:
    """Characters and cells, left to right; what is no digit goes by the name ""."""
    row = _number(bank.hands[int(random.integers(len(bank.hands)))], random)
    if random.random() < WORD_BESIDE and bank.words:
        space = (" ", row[0][1])
        word = ("", _word(bank, random))
        row = [word, space, *row] if random.random() < 0.6 else [*row, space, word]
    if random.random() < TEXTURE_BESIDE:
        row.insert(int(random.choice([0, len(row)])), ("", _texture(random)))
    return row


def _word(bank: Bank, random: Random) -> Cell:
    return bank.words[int(random.integers(len(bank.words)))]


def _texture(random: Random) -> Cell:
    """What cloth, grain or a shadow leaves beside a line. No straight edges: those are a 1."""
    width = int(random.integers(6, 45))
    rough = cv2.GaussianBlur(
        random.standard_normal((CELL_PX, width), np.float32), (0, 0), random.uniform(0.6, 1.4)
    )
    top, high = int(random.integers(0, 40)), int(random.integers(8, 60))
    cell = np.zeros((CELL_PX, width), np.uint8)
    cell[top : top + high] = np.where(rough > 0.1, 255, 0)[top : top + high]
    return cell


def _number(hand: Cells, random: Random) -> list[tuple[str, Cell]]:
    lean, wide = float(random.normal(0, 0.12)), float(np.exp(random.normal(0, 0.15)))
    uneven = float(random.uniform(0.01, 0.1))
    found = []
    for character in _digits(random):
        if character == " ":
            found.append((" ", np.zeros((CELL_PX, 1), np.uint8)))
            continue
        copies = hand[character]
        cell = copies[int(random.integers(len(copies)))]
        found.append((character, _warped(cell, lean, wide, uneven, random)))
    return found


def _digits(random: Random) -> str:
    number = draw_number(random)
    if random.random() < ONE_AT_END:
        return "1" + number if random.random() < 0.5 else number + "1"
    return number


def _warped(cell: Cell, lean: float, wide: float, uneven: float, random: Random) -> Cell:
    """`cell` leaned, stretched and sized a little anew about the foot of its digit."""
    wobble = random.normal(0, 1, 3)
    lean += 0.03 * float(wobble[0])
    high = float(np.exp(uneven * wobble[1]))
    wide *= float(np.exp(uneven * wobble[1] + 0.05 * wobble[2]))
    foot = SKY_PX + BANK_PX
    reach = abs(lean) * foot
    width = int(cell.shape[1] * wide + 2 * reach) + 2
    matrix = np.array(
        [[wide, -lean, reach + lean * foot * 0.5], [0.0, high, foot * (1 - high)]], np.float64
    )
    warped = cv2.warpAffine(cell, matrix, (width, CELL_PX), flags=cv2.INTER_LINEAR)
    columns = np.flatnonzero(warped.max(axis=0) > INKED)
    return np.asarray(warped[:, columns[0] : columns[-1] + 1] if columns.size else cell)


def _placed(
    row: list[tuple[str, Cell]], spacing: Spacing, random: Random
) -> list[tuple[str, Cell, int]]:
    """Each character lowered onto its baseline, and its left column."""
    snug = random.random() < SNUG
    closest = CLOSEST_SNUG if snug else CLOSEST
    reached = np.full(CELL_PX, -np.inf)  # rightmost ink of each row so far
    placed: list[tuple[str, Cell, int]] = []
    gap = 0.0
    for value, cell in row:
        if value == " ":
            gap += spacing.space * BANK_PX
            continue
        end = max(float(reached.max()), 0.0)
        drop = spacing.rise * end + random.normal(0, spacing.tremble) * BANK_PX
        lowered = _lowered(cell, round(float(np.clip(drop, -SKY_PX, SKY_PX))))
        starts, ends = _profile(lowered)
        nearest = end
        if snug and gap < BANK_PX:
            nearest = max(float((reached - starts).max()), end - 0.6 * cell.shape[1], 0.0)
        x = max(round(nearest + gap), 0)
        placed.append((value, lowered, x))
        reached = np.maximum(reached, x + ends)
        gap = max(float(random.normal(spacing.gap, spacing.gap_jitter)), closest) * BANK_PX
    return placed


def _lowered(cell: Cell, rows: int) -> Cell:
    moved = np.roll(cell, rows, axis=0)
    if rows > 0:
        moved[:rows] = 0
    elif rows < 0:
        moved[rows:] = 0
    return moved


def _profile(cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and one past the last inked column of each row, its neighbours' ink counted in."""
    inked = cv2.dilate((cell > INKED).astype(np.uint8), np.ones((5, 1), np.uint8))
    some = inked.any(axis=1)
    starts = np.where(some, inked.argmax(axis=1), np.inf)
    ends = np.where(some, cell.shape[1] - inked[:, ::-1].argmax(axis=1), -np.inf)
    return starts, ends


def _photographed(
    canvas: Cell, placed: list[tuple[str, Cell, int]], scale: float, height_px: float
) -> Written:
    size = max(1, round(canvas.shape[1] * scale)), max(1, round(CELL_PX * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    ink = np.asarray(cv2.resize(canvas, size, interpolation=method), np.float32) / np.float32(255)
    characters = tuple(
        Placed(
            value,
            (
                round(x * scale),
                round(SKY_PX * scale),
                round(cell.shape[1] * scale),
                round(height_px),
            ),
        )
        for value, cell, x in placed
    )
    return Written(ink, np.zeros(ink.shape, np.int16), characters, height_px)
