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

from training.data import Folders, sources_of
from training.synthesis.camera import compress
from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render

Pixels = NDArray[np.uint8]

COLUMNS, ROWS = 7, 6
CELL = 190, 150  # width and height of a photo's place
CAPTION_PX = 16
QUALITY = 72


def contact_sheet(sources: Sources, first_seed: int = 0) -> Pixels:
    """The photos of 42 seeds from `first_seed` on, each above its truth."""
    cells = [_cell(render(sources, first_seed + index)) for index in range(COLUMNS * ROWS)]
    rows = [np.hstack(cells[i : i + COLUMNS]) for i in range(0, len(cells), COLUMNS)]
    return np.vstack(rows)


def _cell(photo: SyntheticPhoto) -> Pixels:
    height, width = photo.pixels.shape[:2]
    scale = min(CELL[0] / width, CELL[1] / height)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    small = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    cell = np.full((CELL[1] + CAPTION_PX, CELL[0] + 4, 3), 60, np.uint8)
    cell[: size[1], : size[0]] = small
    caption = (photo.text or "(none)")[:30]
    place = (2, CELL[1] + CAPTION_PX - 4)
    cv2.putText(
        cell, caption, place, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1, cv2.LINE_AA
    )
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("var/data"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    sheet = contact_sheet(sources_of(Folders(given.data)), given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(compress(sheet, QUALITY))


if __name__ == "__main__":
    main()
