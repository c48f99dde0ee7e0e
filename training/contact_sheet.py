# SPDX-License-Identifier: Apache-2.0
"""A page of small synthetic photos, to see at a glance what the readers learn from.

`python -m training.contact_sheet docs/images/contact-sheet.jpg`
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data import fetched, sources_of
from training.progress import RichProgress
from training.synthesis.camera import compress
from training.synthesis.characters import Sources
from training.synthesis.photo import render

Pixels = NDArray[np.uint8]

COLUMNS, ROWS = 7, 6
CELL = 190, 150  # width and height of a photo's place
CAPTION_PX = 16
QUALITY = 72
MAPPED_ROWS = 2  # the last ones, shown once more by what each pixel is
# Nothing, handwriting, print, other ink (blue green red).
MAP_COLOURS = np.array([(0, 0, 0), (90, 220, 90), (240, 170, 60), (80, 80, 230)], np.uint8)


def contact_sheet(sources: Sources, first_seed: int = 0) -> Pixels:
    """The photos of 42 seeds from `first_seed` on, each above its truth; under the last rows,
    the truth of their pixels."""
    photos = [render(sources, first_seed + index) for index in range(COLUMNS * ROWS)]
    captions = [photo.text or "(none)" for photo in photos]
    cells = [_cell(p.pixels, caption) for p, caption in zip(photos, captions, strict=True)]
    cells += [_cell(MAP_COLOURS[p.classes], "") for p in photos[-MAPPED_ROWS * COLUMNS :]]
    rows = [np.hstack(cells[i : i + COLUMNS]) for i in range(0, len(cells), COLUMNS)]
    return np.vstack(rows)


def _cell(pixels: Pixels, caption: str) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(CELL[0] / width, CELL[1] / height)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    cell = np.full((CELL[1] + CAPTION_PX, CELL[0] + 4, 3), 60, np.uint8)
    cell[: size[1], : size[0]] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    place = (2, CELL[1] + CAPTION_PX - 4)
    cv2.putText(
        cell, caption[:30], place, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1, cv2.LINE_AA
    )
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("var/data"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with RichProgress() as progress:
        sources = sources_of(fetched(given.data, progress))
    sheet = contact_sheet(sources, given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(compress(sheet, QUALITY))


if __name__ == "__main__":
    main()
