# SPDX-License-Identifier: Apache-2.0
"""Bytes in, an upright RGB photo of bounded size out: the only place that meets hostile files.

Limits of size and memory are checked on the header, before any pixel is decoded. Whatever is wrong
with the bytes becomes a `Problem`; nothing is raised.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.picture import MOST_BYTES, Decoded, opened, rows_of, size_of
from vision.reading import Problem

Pixels = NDArray[np.uint8]

MAX_PIXELS, MAX_FILE_BYTES = 50_000_000, 16_000_000  # of a photo that is read
LONGEST_SIDE_PX = 1440  # digits a fiftieth of the frame are still 20 pixels high or more
BAND_PX = 4_000_000  # pixels converted at a time: a large picture is never held twice
# How a picture of each EXIF orientation comes to stand upright.
UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    2: np.fliplr,
    3: lambda pixels: np.rot90(pixels, 2),
    4: np.flipud,
    5: lambda pixels: np.flipud(np.rot90(pixels)),
    6: lambda pixels: np.rot90(pixels, 3),
    7: lambda pixels: np.fliplr(np.rot90(pixels)),
    8: np.rot90,
}


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo: `pixels` is uint8 RGB HxWx3, its longer side at most 1440.

    `shrink` is how many pixels of the sender's photo one pixel here stands for (1.0 or more).
    """

    pixels: Pixels
    shrink: float

    def turned(self, quarter_turns: int) -> Photo:
        """The photo turned counter-clockwise by quarters."""
        return Photo(np.rot90(self.pixels, quarter_turns), self.shrink)


def decode(
    data: bytes, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_FILE_BYTES
) -> Photo | Problem:
    """The first picture in `data`, upright, on white where it is transparent."""
    if len(data) > max_bytes:
        return Problem.TOO_LARGE
    with warnings.catch_warnings():
        # Pillow warns of odd metadata (harmless here) and of very large images (refused here).
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decode(data, max_pixels)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return Problem.TOO_LARGE
        except Exception:  # the decoders raise nearly anything on a damaged file
            return Problem.NOT_AN_IMAGE


def _decode(data: bytes, max_pixels: int) -> Photo | Problem:
    picture = opened(data, LONGEST_SIDE_PX)
    width, height = picture.size
    if width * height > max_pixels or picture.bytes_needed > MOST_BYTES:
        return Problem.TOO_LARGE
    pixels = _bounded(_shrunk(picture.decoded()))
    if picture.orientation in UPRIGHT:
        pixels = UPRIGHT[picture.orientation](pixels)
    return Photo(np.ascontiguousarray(pixels), max(width, height) / max(pixels.shape[:2]))


def _shrunk(decoded: Decoded) -> Pixels:
    """RGB, reduced by a whole factor to less than twice the longest side, band by band."""
    width, height = size_of(decoded)
    factor = max(1, max(width, height) // LONGEST_SIDE_PX)
    rows = max(1, BAND_PX // (width * factor)) * factor
    bands = [(top, min(top + rows, height)) for top in range(0, height, rows)]
    shades = _shades(rows_of(decoded, *band) for band in bands)
    plain = [_plain(rows_of(decoded, *band), shades).reduce(factor) for band in bands]
    pixels = np.concatenate([np.asarray(band) for band in plain])
    return pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB))


def _shades(bands: Iterable[Image.Image]) -> tuple[float, float]:
    """Lowest and highest value of a picture deeper than 8 bits (scanners, microscopes)."""
    low, high = np.inf, -np.inf
    for band in bands:
        if not _is_deep(band):
            return 0.0, 255.0
        values = np.nan_to_num(np.asarray(band, np.float32))
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    return low, high


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _plain(image: Image.Image, shades: tuple[float, float]) -> Image.Image:
    """Grey or RGB, transparency laid on white, deep grey stretched from `shades` to 8 bits."""
    if _is_deep(image):
        values = np.nan_to_num(np.asarray(image, np.float32)) - shades[0]
        return Image.fromarray((values * (255 / max(shades[1] - shades[0], 1e-6))).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _bounded(pixels: Pixels) -> Pixels:
    longest = max(pixels.shape[:2])
    if longest <= LONGEST_SIDE_PX:
        return pixels
    scale = LONGEST_SIDE_PX / longest
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)
