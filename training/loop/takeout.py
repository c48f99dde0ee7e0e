# SPDX-License-Identifier: Apache-2.0
"""What the workers hand to a training: digit crops to learn from, whole photos to test with.

A folder: `crops.csv` and `crops/<id>.png`, `photos.csv` and `photos/<id>`. The training knows no
database; this folder is all it gets of the callers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from training.files import write_whole


@dataclass(frozen=True, slots=True)
class Crop:
    """One digit with a margin around it. For `denied`, `value` is what it is not."""

    id: str
    value: int
    label: str  # keyed, spoken, confirmed, unverified, denied
    day: str  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class TestPhoto:
    """A whole photo of a caller who agreed to it and said what stands on it. `writer` tells
    callers apart and no more. `misled`: it was once spoken plainly, and wrong."""

    __test__ = False  # no test class

    id: str
    text: str
    label: str  # keyed, spoken
    writer: str
    day: str
    misled: bool


@dataclass(frozen=True, slots=True)
class TakeOut:
    """The folder, to write and to read."""

    folder: Path

    def add_crop(self, crop: Crop, png: bytes) -> None:
        self._add("crops", asdict(crop), f"{crop.id}.png", png)

    def add_photo(self, photo: TestPhoto, data: bytes) -> None:
        self._add("photos", asdict(photo), photo.id, data)

    def crops(self) -> list[Crop]:
        """All crops, by id."""
        rows = (Crop(**{**row, "value": int(row["value"])}) for row in self._rows("crops"))
        return sorted(rows, key=lambda crop: crop.id)

    def photos(self) -> list[TestPhoto]:
        """All photos, by id."""
        rows = self._rows("photos")
        found = (TestPhoto(**{**row, "misled": row["misled"] == "True"}) for row in rows)
        return sorted(found, key=lambda photo: photo.id)

    def png(self, crop: Crop) -> bytes:
        return (self.folder / "crops" / f"{crop.id}.png").read_bytes()

    def photo(self, photo: TestPhoto) -> bytes:
        return (self.folder / "photos" / photo.id).read_bytes()

    def drop_photos(self, ids: Collection[str]) -> None:
        """Remove these photos, rows first: what is in the table is there."""
        rows = [asdict(photo) for photo in self.photos() if photo.id not in ids]
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, [one.name for one in fields(TestPhoto)])
        table.writeheader()
        table.writerows(rows)
        write_whole(self.folder / "photos.csv", text.getvalue().encode())
        for id in ids:
            (self.folder / "photos" / id).unlink(missing_ok=True)

    def _rows(self, name: str) -> Iterable[dict[str, Any]]:
        path = self.folder / f"{name}.csv"
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def _add(self, name: str, row: dict[str, Any], file_name: str, data: bytes) -> None:
        """The row after its file: what is in the table is there."""
        write_whole(self.folder / name / file_name, data)
        path = self.folder / f"{name}.csv"
        of = Crop if name == "crops" else TestPhoto
        with path.open("a", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, [one.name for one in fields(of)])
            if file.tell() == 0:
                rows.writeheader()
            rows.writerow(row)
