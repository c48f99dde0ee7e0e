# SPDX-License-Identifier: Apache-2.0
"""The population that is new to the shipped model."""

from __future__ import annotations

import csv
from pathlib import Path

from training.synthesis.population import (
    FORMS,
    LONGEST,
    SHORTEST,
    render_one,
    render_population,
    writers_of,
)


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_same_seed_same_photos(tmp_path: Path) -> None:
    for name in ("one", "two"):
        render_population(3, 5, tmp_path / name, writers_of(1, 2))
    assert _rows(tmp_path / "one") == _rows(tmp_path / "two")
    for row in _rows(tmp_path / "one"):
        one, two = (tmp_path / name / row["file"] for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_writers_take_turns_and_write_whole_numbers(tmp_path: Path) -> None:
    render_population(4, 90, tmp_path, writers_of(2, 2))
    rows = _rows(tmp_path)
    assert [row["writer"] for row in rows] == ["0", "1", "0", "1"]
    assert all(SHORTEST <= len(row["label"]) <= LONGEST for row in rows)


def test_a_writer_keeps_to_their_form() -> None:
    one, other = writers_of(3, 2)
    assert one.forms.keys() == FORMS.keys() == {"1", "4", "7", "9"}
    assert (one.forms, one.hand, one.pen) != (other.forms, other.hand, other.pen)
    assert writers_of(3, 5)[:2] == (one, other)


def test_a_photo_shows_its_number_in_the_writers_hand() -> None:
    photo = render_one(writers_of(4, 1)[0], 11)
    boxes = [box for line in photo.lines for box in line.boxes]
    assert len(boxes) == len(photo.text)
    assert photo.plan.texts == (photo.text,)
