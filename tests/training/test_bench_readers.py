# SPDX-License-Identifier: Apache-2.0
"""The peers' readers: the real RapidOCR, and Tesseract's side of the pipe."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_readers import write_folder
from PIL import Image

from training.bench import readers
from training.bench.contestants import RAPIDOCR
from training.bench.race import enter
from training.scoring import Answer

ROTATED_BY_EXIF = 6  # the camera lay on its side
HEADER = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"


def jpeg(pixels: np.ndarray, orientation: int = 1) -> bytes:
    image, file = Image.fromarray(pixels), BytesIO()
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def printed(text: str) -> bytes:
    page = np.full((200, 700, 3), 255, np.uint8)
    cv2.putText(page, text, (40, 130), cv2.FONT_HERSHEY_SIMPLEX, 3, (0, 0, 0), 6)
    return jpeg(page)


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that keeps what it is given and answers with `table`; the folder of both."""
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/photo.ppm\ncat {tmp_path}/table\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def table(*words: tuple[float, str]) -> str:
    rows = [f"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t{confidence}\t{text}" for confidence, text in words]
    return "\n".join([HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t", *rows]) + "\n"


def test_an_answer_is_as_sure_as_its_least_sure_piece_with_digits() -> None:
    pieces = [("48 2", 0.99), ("Nr.", 0.1), ("9-15", 0.92)]
    assert readers.answer_from(pieces) == Answer("482|915", True, 0.92)
    assert not readers.answer_from([("482", 0.89)]).sure
    assert readers.answer_from([("Nr.", 0.99)]) == Answer("", False, 0.0, ("no_digits",))


def test_peers_get_photos_upright() -> None:
    upright = readers.upright(jpeg(np.zeros((20, 50, 3), np.uint8), ROTATED_BY_EXIF))
    assert upright is not None and upright.shape == (50, 20, 3)
    assert readers.upright(b"call me back") is None


def test_rapidocr_reads_print_and_leaves_what_is_no_picture(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, [("printed", "482915", ""), ("negative", "", "no picture")])
    (folder / "0.jpg").write_bytes(printed("482915"))
    first, second = enter(RAPIDOCR, folder).outcomes
    assert first.exact and first.sure
    assert second.exact and not second.sure


def test_tesseracts_words_become_an_answer(fake_tesseract: Path) -> None:
    (fake_tesseract / "table").write_text(table((96.5, "482"), (90.0, "915")))
    answer = readers.tesseract()(printed("482915"))
    assert answer == Answer("482|915", True, 0.9)
    assert (fake_tesseract / "photo.ppm").read_bytes().startswith(b"P6\n700 200\n255\n")


def test_a_photo_that_tesseract_refuses_is_not_read(fake_tesseract: Path) -> None:
    (fake_tesseract / "table").write_text("")
    assert readers.tesseract()(printed("482915")).text == ""
    assert readers.tesseract()(b"no picture").text == ""
