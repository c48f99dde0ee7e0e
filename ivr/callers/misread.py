# SPDX-License-Identifier: Apache-2.0
"""Photos whose digits the reader gets wrong, with what stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import vision
from training.progress import NullProgress, ProgressBar
from training.scoring import only_digits, read_labels
from vision.reading import Reading


@dataclass(frozen=True, slots=True)
class Misread:
    """What stands on a photo, line by line, and what was read instead."""

    truth: tuple[str, ...]
    reading: Reading

    @property
    def same_shape(self) -> bool:
        """Whether as many digits were read as are written, on lines as long."""
        read = [len(line.digits) for line in self.reading.lines]
        return read == [len(line) for line in self.truth]


def misread_photos(folder: Path, progress: ProgressBar | None = None) -> list[Misread]:
    """The photos that `labels.csv` in `folder` names which are read, but wrongly.

    Line breaks do not count, as nowhere when readings are scored: the caller hears the right
    digits. Raises FileNotFoundError without labels.csv or a photo.
    """
    photos = [photo for photo in read_labels(folder) if only_digits(photo.label)]
    progress = progress or NullProgress()
    progress.begin("photos read", len(photos))
    model = vision.load_model()
    found = []
    for photo in photos:
        reading = vision.read(photo.path.read_bytes(), model)
        if reading.lines and only_digits(reading.text) != only_digits(photo.label):
            found.append(Misread(written_lines(photo.label), reading))
        progress.advance()
    return found


def written_lines(label: str) -> tuple[str, ...]:
    """The digits of each line of a label."""
    return tuple(digits for line in label.split("|") if (digits := only_digits(line)))
