# SPDX-License-Identifier: Apache-2.0
"""Files that are no photos of digits: the sender is rung and told what to do, nothing breaks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import SAMPLE
from tests.e2e.person import YES_TO_ALL, Person


def text_file(folder: Path) -> Path:
    path = folder / "note.jpg"
    path.write_text("my number is below\n")
    return path


def one_pixel(folder: Path) -> Path:
    path = folder / "pixel.png"
    Image.new("L", (1, 1), 255).save(path)
    return path


def two_hundred_megapixels(folder: Path) -> Path:
    """A well-formed PNG of 20 000 x 10 000 pixels in some 25 kB."""
    width, height = 20_000, 10_000
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (width // 8)
    rows = b"".join(packer.compress(row * 100) for _ in range(height // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    path = folder / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks))
    return path


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def corrupt_jpeg(folder: Path) -> Path:
    path = folder / "cut.jpg"
    whole = SAMPLE.read_bytes()
    path.write_bytes(whole[:300] + bytes(len(whole) // 3))
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (text_file, "problem_not_an_image"),
        (one_pixel, "problem_"),
        (two_hundred_megapixels, "problem_too_large"),
        (corrupt_jpeg, "problem_"),
    ],
)
def test_the_sender_is_rung_told_and_may_send_another(
    korean: Person, tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    korean.texts(make(tmp_path))
    call = korean.is_rung()
    korean.hears(call, "greeting_ask")
    korean.presses(call, "1")
    korean.hears(call, "waiting_again")
    assert any(prompt.startswith(told) for prompt in korean.prompts(call)), korean.prompts(call)
    korean.texts(SAMPLE)
    korean.converses(call, YES_TO_ALL)
    assert korean.label(call) == ("confirmed", "keys", "482915")
    assert korean.errors() == []
