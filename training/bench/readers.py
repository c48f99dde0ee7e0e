# SPDX-License-Identifier: Apache-2.0
"""The readers that are measured, each made in its own process and kept to one thread.

A peer is given what helps it: photos decoded and turned upright by their EXIF, its best known
settings for digits, and only its digits count. It is `sure` where its own score of every piece
of text with a digit in it is at least `SURE_FROM`; the risk-coverage curve asks for no such limit.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

import vision
from training.scoring import Answer, Read, answer_of, only_digits

SURE_FROM = 0.9  # of a score from 0 to 1: where people usually set it, and kind to both peers
TSV_CONFIDENCE, TSV_TEXT = 10, 11  # columns of Tesseract's table
TESSERACT = ("tesseract", "stdin", "stdout", "--psm", "6", "-c")
DIGITS_ONLY = "tessedit_char_whitelist=0123456789"


def sonsori() -> Read:
    """The product, with the model that ships."""
    model = vision.load_model()
    return lambda photo: answer_of(vision.read(photo, model))


def rapidocr() -> Read:
    """PP-OCR on ONNX Runtime, as its package sets it up."""
    from rapidocr import RapidOCR

    threads = "EngineConfig.onnxruntime"
    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            f"{threads}.intra_op_num_threads": 1,
            f"{threads}.inter_op_num_threads": 1,
        }
    )

    def read(photo: bytes) -> Answer:
        pixels = upright(photo)
        if pixels is None:
            return answer_from(())
        # What its package returns depends on settings, which a type cannot follow.
        found: Any = engine(np.ascontiguousarray(pixels[..., ::-1]))
        return answer_from(zip(found.txts or (), found.scores or (), strict=True))

    return read


def tesseract() -> Read:
    """Tesseract told to expect one block of digits. Each photo starts its program anew."""

    def read(photo: bytes) -> Answer:
        pixels = upright(photo)
        if pixels is None:
            return answer_from(())
        file = BytesIO()
        Image.fromarray(pixels).save(file, "PPM")
        # It ends with an error on photos too small for it, which then are not read.
        done = subprocess.run(
            [*TESSERACT, DIGITS_ONLY, "tsv"], input=file.getvalue(), capture_output=True
        )
        return answer_from(_words(done.stdout.decode("utf-8")))

    return read


def upright(photo: bytes) -> NDArray[np.uint8] | None:
    """Pixels uint8 RGB HxWx3, turned as EXIF says; None for what is no picture."""
    pillow_heif.register_heif_opener()
    try:
        with Image.open(BytesIO(photo)) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except UnidentifiedImageError:
        return None


def answer_from(pieces: Iterable[tuple[str, float]]) -> Answer:
    """The digits of (text, score) pieces, as sure as the least sure of those that have any."""
    kept = [(only_digits(text), score) for text, score in pieces if only_digits(text)]
    if not kept:
        return Answer("", False, 0.0, ("no_digits",))
    confidence = float(min(score for _, score in kept))
    return Answer("|".join(digits for digits, _ in kept), confidence >= SURE_FROM, confidence)


def _words(table: str) -> list[tuple[str, float]]:
    rows = [row.split("\t") for row in table.splitlines()[1:]]
    return [
        (row[TSV_TEXT], float(row[TSV_CONFIDENCE]) / 100) for row in rows if len(row) > TSV_TEXT
    ]
