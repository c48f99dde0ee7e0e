# SPDX-License-Identifier: Apache-2.0
"""Running text beside the digits: print or writing of several lines, drawn a word at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.fonts import Fonts
from training.synthesis.hand import Random
from training.synthesis.pen import Ink
from training.synthesis.text import draw_number, draw_running_word
from training.synthesis.truth import EDGE, Classes
from vision.finder import Mark


def draw_paragraph(
    fonts: Fonts,
    size: tuple[int, int],
    text_px: int,
    random: Random,
    *,
    printed: bool,
    numbers: bool,
) -> tuple[Ink, Classes]:
    """Text that fills `size` (width, height), lines `text_px` high; with `numbers`, some are
    among the words. Numbers in another's handwriting would be part of the text: there are none."""
    korean = bool(fonts.korean) and random.random() < 0.3
    paths = fonts.korean if korean else fonts.print if printed else fonts.hands
    font = _font(paths[int(random.integers(len(paths)))], text_px)
    words, figures = (Image.new("L", size) for _ in range(2))
    pens = ImageDraw.Draw(words), ImageDraw.Draw(figures)
    x, y, space = 0.0, 0.0, float(text_px * random.uniform(0.25, 0.5))
    leading = text_px * random.uniform(1.2, 1.9)
    while y + 1.1 * text_px < size[1]:
        is_number = numbers and printed and bool(random.random() < 0.08)
        word = draw_number(random, 4) if is_number else draw_running_word(random, korean)
        long = font.getlength(word)
        if x + long > size[0] or (x > 0 and random.random() < 0.02):
            x, y = 0.0, y + leading
            continue
        pens[is_number].text((x, y), word, fill=255, font=font)
        x += long + space
    return _with_classes(words, figures)


def _with_classes(words: Image.Image, figures: Image.Image) -> tuple[Ink, Classes]:
    other, digits = (np.asarray(image, np.float32) / np.float32(255) for image in (words, figures))
    classes = np.where(other > EDGE, np.uint8(Mark.OTHER), np.uint8(Mark.NOTHING))
    classes[digits > EDGE] = Mark.PRINTED
    return np.maximum(other, digits), classes


@lru_cache(maxsize=512)
def _font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)
