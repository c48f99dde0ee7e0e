# SPDX-License-Identifier: Apache-2.0
"""Folders and sheets of synthetic photos."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from training.contact_sheet import contact_sheet
from training.scoring import read_labels
from training.synthesis.characters import Sources
from training.synthetic_set import write_set


def test_a_set_is_labelled_as_the_bench_wants_it(sources: Sources, tmp_path: Path) -> None:
    write_set(sources, tmp_path, 6)
    photos = read_labels(tmp_path)
    assert len(photos) == 6
    for photo in photos:
        pixels = cv2.imdecode(np.frombuffer(photo.path.read_bytes(), np.uint8), 1)
        assert pixels is not None and min(pixels.shape[:2]) >= 30
        assert photo.group in ("easy", "hard", "negative")
        assert bool(photo.label) == (photo.group != "negative")


def test_a_set_is_the_same_each_time(sources: Sources, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_set(sources, tmp_path / name, 2)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_contact_sheet_shows_many_photos(sources: Sources) -> None:
    sheet = contact_sheet(sources)
    assert sheet.shape == (8 * 166, 7 * 194, 3) and sheet.std() > 20
