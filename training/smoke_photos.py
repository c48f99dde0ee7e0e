# SPDX-License-Identifier: Apache-2.0
"""The few photos on which every bundle is tried before it serves: drawn strokes, good light.

`python -m training.smoke_photos worker/promotion/smoke` writes them and `labels.csv`. They are
shipped, because the renderer needs the `training` extra, and because a changed renderer must not
change what a bundle is refused for.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from training.synthesis.characters import Sources
from training.synthesis.photo import SyntheticPhoto, render
from training.synthesis.plan import Plan

FIRST_SEED = 970_000_000  # far from the seeds of training photos and of test sets
TEXTS = ("4829", "160537", "7318", "25046", "6427", "")
HARDNESS = 0.1  # 0 to 1: a network that reads at all reads these
LONGEST_PX = 480  # small, so that all are read in half a second
QUALITY = 80  # of the JPEG


def write_smoke_photos(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["file", "text"])
        for index, text in enumerate(TEXTS):
            name = f"{index:02d}.jpg"
            plan = Plan((text,) if text else (), HARDNESS)
            (folder / name).write_bytes(_small(render(Sources(), FIRST_SEED + index, plan)))
            rows.writerow([name, text])


def _small(photo: SyntheticPhoto) -> bytes:
    scale = min(1.0, LONGEST_PX / max(photo.pixels.shape[:2]))
    pixels = cv2.resize(photo.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, coded = cv2.imencode(".jpg", np.asarray(pixels), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return coded.tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    write_smoke_photos(parser.parse_args().out)


if __name__ == "__main__":
    main()
