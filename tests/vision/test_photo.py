# SPDX-License-Identifier: Apache-2.0
"""Decoding: every format people send, and everything that is none."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from drawing import encoded, paper, write
from PIL import Image

from vision.photo import LONGEST_SIDE_PX, Photo, decode
from vision.reading import Problem

MANY = {"max_pixels": 50_000_000, "max_bytes": 16_000_000}


def decoded(data: bytes) -> Photo:
    photo = decode(data, **MANY)
    assert isinstance(photo, Photo)
    return photo


def png_of_claimed_size(width: int, height: int) -> bytes:
    """A PNG whose header promises far more pixels than its few bytes hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF"])
def test_every_format_gives_the_same_picture(kind: str) -> None:
    page = write(paper(300, 200), "42", (40, 50))
    photo = decoded(encoded(page, kind))
    assert photo.pixels.shape == page.shape
    assert np.abs(photo.pixels.astype(int) - page).mean() < 6


@pytest.mark.parametrize(
    "orientation, corner", [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))]
)
def test_the_camera_s_orientation_is_followed(orientation: int, corner: tuple[int, int]) -> None:
    page = paper(80, 60)
    page[:20, :20] = 0
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = decoded(encoded(page, exif=exif))
    assert photo.pixels[corner].max() < 60


def test_a_large_jpeg_is_bounded_and_remembers_its_scale() -> None:
    photo = decoded(encoded(paper(4000, 3000)))
    assert max(photo.pixels.shape) == LONGEST_SIDE_PX
    assert photo.shrink == pytest.approx(4000 / LONGEST_SIDE_PX)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "L"), ("PNG", "P"), ("PNG", "RGB"), ("GIF", "P"), ("JPEG", "RGB")]
)
def test_fifty_megapixels_are_read(kind: str, mode: str) -> None:
    data = BytesIO()
    page = Image.new("L", (8000, 6200), 230)
    page.paste(0, (4000, 0, 8000, 3100))
    page.convert(mode).save(data, kind)
    photo = decoded(data.getvalue())
    assert photo.pixels.shape == (1116, LONGEST_SIDE_PX, 3)
    assert photo.shrink == pytest.approx(8000 / LONGEST_SIDE_PX)
    assert photo.pixels[300, 1200].max() < 20
    assert photo.pixels[900, 1200].min() > 200


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_a_picture_whose_decoder_would_take_too_much_memory_is_refused(kind: str) -> None:
    data = BytesIO()
    size = (8000, 6200) if kind == "TIFF" else (16_000, 3100)
    Image.new("RGB", size).save(
        data, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {"method": 0})
    )
    assert decode(data.getvalue(), **MANY) is Problem.TOO_LARGE


def test_a_large_progressive_jpeg_is_refused_when_its_decoder_would_hold_it_whole() -> None:
    page = Image.new("RGB", (7000, 7000))
    data = BytesIO()
    page.save(data, "JPEG", progressive=True)
    assert decode(data.getvalue(), **MANY) is Problem.TOO_LARGE


def test_deep_grey_is_stretched_over_the_whole_picture_not_band_by_band() -> None:
    page = np.full((5000, 4000), 1000, np.uint16)
    page[:100] = 900
    data = BytesIO()
    Image.fromarray(page).save(data, "PNG")
    pixels = decoded(data.getvalue()).pixels
    assert pixels[0].max() == 0
    assert pixels[100:].min() == 255


def test_transparent_pixels_are_white_paper() -> None:
    clear = np.zeros((20, 30, 4), np.uint8)
    assert decoded(encoded(clear, "PNG")).pixels.min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16", "F"])
def test_any_colour_mode_becomes_rgb(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "F") else "PNG"
    data = BytesIO()
    grey = Image.fromarray(paper(40, 30)).convert("L")
    image = grey.convert("I").convert("I;16") if mode == "I;16" else grey.convert(mode)
    image.save(data, kind)
    assert decoded(data.getvalue()).pixels.shape == (30, 40, 3)


def test_two_hundred_megapixels_are_refused_unread() -> None:
    assert decode(png_of_claimed_size(20_000, 10_000), **MANY) is Problem.TOO_LARGE


def test_more_pixels_or_bytes_than_allowed_are_refused() -> None:
    data = encoded(paper(100, 100))
    assert decode(data, max_pixels=9_999, max_bytes=10**6) is Problem.TOO_LARGE
    assert decode(data, max_pixels=10**6, max_bytes=len(data) - 1) is Problem.TOO_LARGE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"call me back",
        b"\xff\xd8\xff\xe0 not really a JPEG",
        b"%PDF-1.7",
        encoded(paper(300, 200))[:900],
        encoded(paper(300, 200), "PNG")[:2000],
        png_of_claimed_size(600, 400),
    ],
)
def test_damaged_files_are_no_images(data: bytes) -> None:
    assert decode(data, **MANY) is Problem.NOT_AN_IMAGE


def test_one_pixel_is_a_photo() -> None:
    assert decoded(encoded(paper(1, 1), "PNG")).pixels.shape == (1, 1, 3)


def test_an_animation_is_its_first_picture() -> None:
    first, second = (Image.fromarray(paper(30, 20, shade)) for shade in (240, 20))
    data = BytesIO()
    first.save(data, "GIF", save_all=True, append_images=[second])
    assert decoded(data.getvalue()).pixels.mean() > 200


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (10, 10)])
def test_a_heif_with_more_pixels_than_its_header_tells_is_no_image(size: tuple[int, int]) -> None:
    data = encoded(paper(160, 90), "HEIF")
    told = data.replace(struct.pack(">II", 160, 90), struct.pack(">II", *size))
    assert told != data
    assert decode(told, **MANY) is Problem.NOT_AN_IMAGE
