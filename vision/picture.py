# SPDX-License-Identifier: Apache-2.0
"""A picture file opened, not yet decoded: how large it is, and what decoding it would take.

Pillow decodes what it can decode cheaply, OpenCV the largest PNG and WebP (grey, at a quarter of
their size), libheif what an iPhone sends. Everything known here comes from the file's header.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, WebPImagePlugin
from PIL.JpegImagePlugin import JpegImageFile

from vision import stripped
from vision.stripped import Hostile

Pixels = NDArray[np.uint8]
Decoded = Image.Image | Pixels

MOST_BYTES = 112_000_000  # decoding takes no more memory: a whole process stays below 250 MB
MOST_SCANS = 100  # of a JPEG: each goes through the whole picture again; programs write ten
TIFF, WEBP = TiffImagePlugin.TiffImageFile.format, WebPImagePlugin.WebPImageFile.format
FORMATS = ("PNG", "WEBP", "TIFF", "GIF", "BMP")
# Bytes of memory a pixel takes in Pillow, by mode; all other modes take 4.
MODE_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
# How often a format's decoder holds the picture: TIFF in strips and turned, WebP as two canvases.
FORMAT_COPIES = {TIFF: 3, WEBP: 4}
HEIF_BYTES = 4.5  # a pixel: the decoder's planes beside RGB
COARSE_BYTES = {"PNG": 1, WEBP: 4}  # a pixel in OpenCV, for which a large picture is grey


@dataclass(frozen=True, slots=True)
class Picture:
    """The first picture of a file.

    `size` is its (width, height), `bytes_needed` the memory that `decoded` will take. `decoded`
    may shrink the picture, and raises nearly anything when the file is damaged; `orientation` is
    EXIF's number for how the camera was held.
    """

    size: tuple[int, int]
    bytes_needed: float
    decoded: Callable[[], Decoded]
    orientation: int


def opened(data: bytes, side_px: int) -> Picture:
    """The picture in `data`, to be decoded so that its longer side has `side_px` pixels or more.

    Raises nearly anything when `data` is no picture, `Hostile` when it would cost too much.
    """
    if data[4:8] == b"ftyp":
        return _heif(data)
    if data[:2] == b"\xff\xd8":
        return _jpeg(data, side_px)
    clean, orientation = _clean(data)
    image = Image.open(BytesIO(clean), formats=FORMATS)
    if any(tile.codec_name == "bmp_rle" for tile in image.tile):
        raise Hostile("its decoder does not bound what it allocates")
    if image.format == WEBP:
        orientation = stripped.orientation_of(image.info.get("exif", b"").removeprefix(b"Exif\0\0"))
    needed = _pixel_bytes(image) * FORMAT_COPIES.get(str(image.format), 1)
    if needed > MOST_BYTES and image.format in COARSE_BYTES and not image.has_transparency_data:
        return _coarse(clean, image, orientation)
    return Picture(image.size, needed, lambda: _loaded(image), orientation)


def _clean(data: bytes) -> tuple[bytes, int]:
    if data.startswith(b"\x89PNG"):
        return stripped.png(data)
    if data.startswith(b"GIF8"):
        return stripped.gif(data), 1
    if data[:2] in (b"II", b"MM"):
        return stripped.tiff(data), 1  # Pillow turns it itself
    return data, 1


def _loaded(image: Image.Image) -> Image.Image:
    image.load()
    return image


def _pixel_bytes(image: Image.Image) -> int:
    return image.width * image.height * MODE_BYTES.get(image.mode, 4)


def _jpeg(data: bytes, side_px: int) -> Picture:
    """A JPEG, which is decoded at a half, a quarter or an eighth where that is enough."""
    clean, orientation = stripped.jpeg(data)
    image = JpegImageFile(BytesIO(clean))
    size = image.size
    waiting = _coefficient_bytes(image, clean)
    scale = min(1.0, side_px / max(size))
    image.draft("RGB", (max(1, int(size[0] * scale)), max(1, int(size[1] * scale))))
    return Picture(size, waiting + _pixel_bytes(image), lambda: _loaded(image), orientation)


def _coefficient_bytes(image: JpegImageFile, data: bytes) -> float:
    """What the decoder holds of a JPEG that does not come in one scan: all of it, in 16 bits."""
    assert image.fp is not None
    parts = image.fp.read(3)[2]  # Pillow has stopped at the first scan: its length, its parts
    if "progressive" not in image.info and parts >= len(image.layer):
        return 0.0
    if data.count(b"\xff\xda") > MOST_SCANS:
        raise Hostile("more scans than any program writes")
    full = max(h for _, h, _, _ in image.layer) * max(v for _, _, v, _ in image.layer)
    share = sum(h * v for _, h, v, _ in image.layer) / full
    return 2.0 * image.width * image.height * share


def _coarse(data: bytes, image: Image.Image, orientation: int) -> Picture:
    flags = cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_IGNORE_ORIENTATION
    needed = image.width * image.height * COARSE_BYTES[str(image.format)]

    def decoded() -> Pixels:
        return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), flags), np.uint8)

    return Picture(image.size, needed, decoded, orientation)


def _heif(data: bytes) -> Picture:
    from pillow_heif import open_heif  # takes longer to load than most photos to read

    image = open_heif(BytesIO(data), convert_hdr_to_8bit=True)
    width, height = image.size

    def decoded() -> Pixels:
        pixels = np.asarray(image)
        if pixels.shape[0] * pixels.shape[1] > width * height:
            raise Hostile("more pixels than its header tells")
        return pixels

    return Picture(image.size, width * height * HEIF_BYTES, decoded, 1)


def size_of(decoded: Decoded) -> tuple[int, int]:
    """Width and height."""
    if isinstance(decoded, Image.Image):
        return decoded.size
    return decoded.shape[1], decoded.shape[0]


def rows_of(decoded: Decoded, top: int, bottom: int) -> Image.Image:
    """The rows from `top` up to, not including, `bottom`; all of them are not copied."""
    if not isinstance(decoded, Image.Image):
        return Image.fromarray(decoded[top:bottom])
    whole = (top, bottom) == (0, decoded.height)
    return decoded if whole else decoded.crop((0, top, decoded.width, bottom))
