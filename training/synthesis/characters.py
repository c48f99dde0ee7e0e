# SPDX-License-Identifier: Apache-2.0
"""One character's ink from any of three sources: drawn strokes, handwriting fonts, MNIST."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.fonts import Fonts
from training.glyphs import Glyphs
from training.synthesis.hand import Hand, Random, draw_hand, write
from training.synthesis.pen import Ink, Pen, draw_pen, grain, trace
from training.synthesis.strokes import VARIANTS

FONT_HEIGHT = 64  # pixels of a font's "0" in the cache, from which all sizes are made


@dataclass(frozen=True, slots=True)
class Drawn:
    """Ink, and where its top left lies (pixels) when digits stand between y 0 and the height."""

    ink: Ink
    left: float
    top: float


class Writer(Protocol):
    """Somebody, or something, that can draw characters."""

    def knows(self, character: str) -> bool: ...

    def draw(self, character: str, height_px: float, random: Random) -> Drawn: ...


@dataclass(frozen=True, slots=True)
class StrokeWriter:
    """Draws skeletons with a pen: all writing variants that people use."""

    hand: Hand
    pen: Pen

    def knows(self, character: str) -> bool:
        return character in VARIANTS

    def draw(self, character: str, height_px: float, random: Random) -> Drawn:
        ink, corner = trace(write(character, self.hand, random), height_px, self.pen, random)
        return Drawn(grain(ink, self.pen, random), float(corner[0]), float(corner[1]))


@dataclass(frozen=True, slots=True)
class FontWriter:
    """Draws with a font; each character is leaned, stretched and weighted a little anew."""

    path: Path
    slant: float = 0.0
    unsteady: float = 0.05
    weight: float = 0.0  # pixels of the cached mask by which strokes grow (negative: shrink)

    def knows(self, character: str) -> bool:
        return _mask(self.path, character) is not None

    def draw(self, character: str, height_px: float, random: Random) -> Drawn:
        found = _mask(self.path, character)
        if found is None:
            raise ValueError(f"{self.path.name} has no {character!r}")
        mask, left, top = found
        scale = height_px / FONT_HEIGHT
        wobble = random.normal(0, self.unsteady, 3)
        lean = self.slant + 0.6 * wobble[0]
        wide, high = scale * (1 + wobble[1]), scale * (1 + 0.6 * wobble[2])
        return _affine(_weigh(mask, self.weight), wide, high, lean, left * scale, top * scale)


@dataclass(frozen=True, slots=True)
class MnistWriter:
    """Draws MNIST's digits: the most natural strokes there are, though not in one hand."""

    glyphs: Glyphs
    by_digit: tuple[NDArray[np.int64], ...]
    slant: float = 0.0
    sharp: float = 0.5

    def knows(self, character: str) -> bool:
        return character.isascii() and character.isdigit()

    def draw(self, character: str, height_px: float, random: Random) -> Drawn:
        index = self.by_digit[int(character)]
        image = self.glyphs.images[index[int(random.integers(len(index)))]]
        rows = np.flatnonzero(image.any(axis=1))
        columns = np.flatnonzero(image.any(axis=0))
        tight = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        scale = height_px / max(20, tight.shape[0])
        top = height_px - scale * tight.shape[0]
        ink = np.pad(tight.astype(np.float32) / 255, 1)
        drawn = _affine(ink, scale, scale, self.slant, -scale, top - scale)
        return Drawn(_sharpen(drawn.ink, self.sharp), drawn.left, drawn.top)


@dataclass(frozen=True, slots=True)
class Sources:
    """What photos are made from. Any part may be missing: strokes and drawn desks are always
    there. `backgrounds`: pictures without digits, to lie under paper or to stand alone. `people`:
    if any, nobody else writes."""

    mnist: Glyphs | None = None
    fonts: Fonts | None = None
    by_digit: tuple[NDArray[np.int64], ...] = ()
    backgrounds: tuple[Path, ...] = ()
    people: tuple[Writer, ...] = ()


def make_sources(
    mnist: Glyphs | None = None, fonts: Fonts | None = None, backgrounds: tuple[Path, ...] = ()
) -> Sources:
    labels = mnist.labels if mnist is not None else np.zeros(0, np.int64)
    return Sources(mnist, fonts, tuple(np.flatnonzero(labels == d) for d in range(10)), backgrounds)


def draw_writer(sources: Sources, random: Random) -> Writer:
    """Somebody who writes digits by hand."""
    if sources.people:
        return sources.people[int(random.integers(len(sources.people)))]
    choice = random.random()
    if sources.mnist is not None and choice < 0.3:
        slant, sharp = float(random.normal(0, 0.1)), float(random.uniform(0, 1))
        return MnistWriter(sources.mnist, sources.by_digit, slant, sharp)
    if sources.fonts is not None and sources.fonts.hands and choice < 0.5:
        return draw_font(sources.fonts.hands, random)
    return StrokeWriter(draw_hand(random), draw_pen(random))


def draw_font(paths: tuple[Path, ...], random: Random) -> FontWriter:
    """A font used as a hand: leaned and weighted."""
    return FontWriter(
        path=paths[int(random.integers(len(paths)))],
        slant=float(random.normal(0, 0.12)),
        unsteady=float(random.uniform(0.01, 0.1)),
        weight=float(random.uniform(-1.5, 3.0)),
    )


def print_font(paths: tuple[Path, ...], random: Random) -> FontWriter:
    """A font as a printer sets it."""
    return FontWriter(paths[int(random.integers(len(paths)))], unsteady=0.0)


@lru_cache(maxsize=256)
def _font(path: Path) -> tuple[ImageFont.FreeTypeFont, float]:
    """The font in the size that makes "0" as high as `FONT_HEIGHT`, and the y of that top."""
    probe = ImageFont.truetype(str(path), 100)
    _, top, _, bottom = probe.getbbox("0")
    size = 100 * FONT_HEIGHT / max(bottom - top, 1)
    font = ImageFont.truetype(str(path), round(size))
    return font, float(font.getbbox("0")[1])


@lru_cache(maxsize=20000)
def _mask(path: Path, character: str) -> tuple[Ink, float, float] | None:
    """Ink of one character, its left and top in pixels; None when the font lacks it."""
    font, zero_top = _font(path)
    left, top, right, bottom = font.getbbox(character)
    if right - left < 2 or bottom - top < 2 or _is_missing(font, character):
        return None
    image = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(image).text((4 - left, 4 - top), character, fill=255, font=font)
    return np.asarray(image, np.float32) / np.float32(255), -4.0, top - zero_top - 4


def _is_missing(font: ImageFont.FreeTypeFont, character: str) -> bool:
    return bytes(font.getmask(character)) == bytes(font.getmask("\uffff"))


def _weigh(mask: Ink, weight: float) -> Ink:
    if abs(weight) < 0.3:
        return mask
    size = 2 * max(1, round(abs(weight))) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    change = cv2.dilate if weight > 0 else cv2.erode
    changed = np.asarray(change(mask, kernel), np.float32)
    # A fine font would vanish when thinned: then it stays as it is.
    return changed if changed.sum() > 0.45 * mask.sum() else mask


def _affine(ink: Ink, wide: float, high: float, lean: float, left: float, top: float) -> Drawn:
    rows, columns = ink.shape
    push = max(lean * rows, 0.0), max(-lean * rows, 0.0)
    size = int(np.ceil((columns + push[0] + push[1]) * wide)) + 1, int(np.ceil(rows * high)) + 1
    shrink = min(1.0, max(wide, high))
    soft = cv2.GaussianBlur(ink, (0, 0), 0.45 / shrink) if shrink < 0.8 else ink
    matrix = np.array(
        [[wide, -lean * wide, (lean * rows + push[1]) * wide], [0, high, 0]], np.float64
    )
    warped = cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR)
    return Drawn(np.asarray(warped, np.float32), left - push[1] * wide, top)


def _sharpen(ink: Ink, amount: float) -> Ink:
    """Makes the soft edge of an enlarged MNIST digit as crisp as a pen's."""
    steep = 1 + 4 * amount
    return np.asarray(np.clip((ink - 0.5) * steep + 0.5, 0, 1), np.float32)
