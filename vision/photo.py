# SPDX-License-Identifier: Apache-2.0
"""Bytes in, an upright RGB photo of bounded size out: the only place that meets hostile files.

Size limits are checked on the header, before any pixel is decoded. Whatever is wrong with the
bytes becomes a `Problem`; nothing is raised.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vision.reading import Problem

Pixels = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF")
LONGEST_SIDE_PX = 1600  # digits a fiftieth of the frame are still about 24 pixels high
MODES_WITHOUT_ALPHA = ("L", "RGB")

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright photo: `pixels` is uint8 RGB HxWx3, its longer side at most 1600.

    `shrink` is how many pixels of the sender's photo one pixel here stands for (1.0 or more).
    """

    pixels: Pixels
    shrink: float

    def turned(self, quarter_turns: int) -> Photo:
        """The photo turned counter-clockwise by quarters."""
        return Photo(np.rot90(self.pixels, quarter_turns), self.shrink)


def decode(data: bytes, *, max_pixels: int, max_bytes: int) -> Photo | Problem:
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
        except Exception:  # Pillow's plug-ins raise nearly anything on a damaged file
            return Problem.NOT_AN_IMAGE


def _decode(data: bytes, max_pixels: int) -> Photo | Problem:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > max_pixels:
            return Problem.TOO_LARGE
        longest = max(image.size)
        image.draft("RGB", _draft_size(image))
        small = _bounded(_plain(image))
        upright = ImageOps.exif_transpose(_with_orientation(small, image)).convert("RGB")
        pixels = np.asarray(upright)
    return Photo(pixels, longest / max(pixels.shape[:2]))


def _draft_size(image: Image.Image) -> tuple[int, int]:
    """What to ask the JPEG decoder for: it halves the picture as often as this stays covered."""
    scale = min(1.0, LONGEST_SIDE_PX / max(image.size))
    return max(1, int(image.width * scale)), max(1, int(image.height * scale))


def _plain(image: Image.Image) -> Image.Image:
    """Grey or RGB, transparency laid on white."""
    if image.mode in MODES_WITHOUT_ALPHA:
        image.load()
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _eight_bit(image)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    """Deep grey (scanners, microscopes) stretched to 8 bits; Pillow itself would clip it."""
    values = np.nan_to_num(np.asarray(image, np.float32))
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))


def _bounded(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= LONGEST_SIDE_PX:
        return image
    scale = LONGEST_SIDE_PX / longest
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return Image.fromarray(cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA))


def _with_orientation(small: Image.Image, image: Image.Image) -> Image.Image:
    """`small` carrying the EXIF of `image`, which says how the camera was held."""
    small.info = dict(small.info)
    if exif := image.info.get("exif"):
        small.info["exif"] = exif
    return small
