# SPDX-License-Identifier: Apache-2.0
"""Small files that would cost their reader gigabytes or minutes are refused or made harmless."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from drawing import encoded, paper, write
from PIL import Image

from vision import stripped
from vision.photo import Photo, decode
from vision.reading import Problem
from vision.stripped import Hostile

PAGE = write(paper(160, 90), "47", (20, 20), height=50)
MANY = {"max_pixels": 50_000_000, "max_bytes": 16_000_000}


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """A little-endian TIFF of one directory: (tag, type, count, value) each."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + rows + b"\0\0\0\0"


def is_a_photo(data: bytes) -> bool:
    return isinstance(decode(data, **MANY), Photo)


def test_a_jpeg_loses_its_metadata_and_keeps_its_picture() -> None:
    told = segment(0xE1, b"Exif\0\0" + directory([(0x0112, 3, 1, 6)])) + segment(0xFE, b"at home")
    told += segment(0xE2, b"MPF\0" + bytes(90))
    plain = encoded(PAGE)
    clean, orientation = stripped.jpeg(plain[:2] + told + plain[2:])
    assert clean == plain
    assert orientation == 6


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_orientation_is_found_in_either_byte_order(order: str) -> None:
    head = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, 8, 0)
    exif = head + struct.pack(order + "IH", 8, 1) + entry
    assert stripped.orientation_of(exif) == 8


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff"])
def test_damaged_exif_tells_no_orientation(exif: bytes) -> None:
    assert stripped.orientation_of(exif) == 1


def test_a_photo_with_damaged_exif_is_still_a_photo() -> None:
    plain = encoded(PAGE)
    assert is_a_photo(plain[:2] + segment(0xE1, b"Exif\0\0nonsense") + plain[2:])


def test_exif_whose_tags_all_claim_the_whole_file_costs_nothing() -> None:
    tags = directory([(tag, 1, 60_000, 8) for tag in range(5000)])
    plain = encoded(PAGE)
    photo = plain[:2] + segment(0xE1, b"Exif\0\0" + tags) + plain[2:]
    clean, _ = stripped.jpeg(photo)
    assert clean == plain
    assert is_a_photo(photo)


def test_a_tiff_of_a_million_strips_is_refused() -> None:
    with pytest.raises(Hostile):
        stripped.tiff(directory([(273, 4, 1_000_000, 8)]) + bytes(4_000_000))


def test_directories_that_lead_in_a_circle_come_to_an_end() -> None:
    circle = directory([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)])
    assert stripped.orientation_of(circle) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_is_followed_in_every_format(
    kind: str, orientation: int
) -> None:
    page = paper(80, 60)
    page[:20, :20] = 0
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = decode(encoded(page, kind, exif=exif), **MANY)
    assert isinstance(photo, Photo)
    assert photo.pixels.shape[:2] == ((60, 80) if orientation < 5 else (80, 60))
    row = 0 if orientation in (1, 2, 5, 6) else -1
    column = 0 if orientation in (1, 4, 5, 8) else -1
    assert photo.pixels[row, column].max() < 60


def test_a_png_loses_its_texts_and_stays_whole() -> None:
    plain = encoded(PAGE, "PNG")
    told = chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(10**7)))
    clean, _ = stripped.png(plain[:33] + told * 40 + plain[33:])
    assert clean == plain


def test_a_png_of_endless_chunks_is_refused() -> None:
    plain = encoded(PAGE, "PNG")
    assert decode(plain[:33] + chunk(b"teXt", b"") * 30_000, **MANY) is Problem.NOT_AN_IMAGE


def test_a_gif_loses_its_comments_and_keeps_what_is_transparent() -> None:
    plain = BytesIO()
    Image.fromarray(PAGE).convert("P").save(plain, "GIF", transparency=3)
    data = plain.getvalue()
    start = 13 + 3 * 2 ** (1 + (data[10] & 7))
    comment = b"\x21\xfe" + (b"\xff" + bytes(255)) * 2000 + b"\0"
    told = data[:start] + comment + data[start:]
    assert stripped.gif(told) == data
    assert is_a_photo(told)


def test_a_bitmap_in_runs_is_refused_because_its_decoder_has_no_bounds() -> None:
    header = struct.pack("<IiiHHIIiiII", 40, 40_000_000, 1, 1, 8, 1, 0, 0, 0, 256, 0)
    colours = bytes(1024)
    start = 14 + len(header) + len(colours)
    runs = b"\0\2\0\xff" * 1000
    head = struct.pack("<2sIHHI", b"BM", start + len(runs), 0, 0, start)
    assert decode(head + header + colours + runs, **MANY) is Problem.NOT_AN_IMAGE


def test_a_jpeg_of_thousands_of_scans_is_refused() -> None:
    data = BytesIO()
    Image.fromarray(PAGE).save(data, "JPEG", progressive=True)
    plain = data.getvalue()
    last = plain.rindex(b"\xff\xda")
    assert decode(plain[:last] + plain[last:-2] * 200, **MANY) is Problem.NOT_AN_IMAGE


def test_a_jpeg_whose_parts_come_one_after_the_other_is_read() -> None:
    data = BytesIO()
    Image.fromarray(PAGE).save(data, "JPEG", progressive=True)
    assert is_a_photo(data.getvalue())
