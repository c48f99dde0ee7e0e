# SPDX-License-Identifier: Apache-2.0
"""`python -m training.realigned`: what callers' words about a wrong reading are worth, counted.

Renders photos and reads them. Where a line has more or fewer digits than were read, the caller says
the right ones: are the digits found again (`vision.realign`)? Where it was read right, they say one
more or one less by mistake: is that found likely? Where anything is wrong and they say only "no":
is the digit to blame (`vision.blame`) really wrong?
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training.alignment import align
from training.data import Folders, sources_of
from training.progress import ProgressBar, RichProgress, with_bar
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from training.synthesis.photo import SyntheticPhoto, TrueLine
from training.synthetic_set import draw_photo
from vision import Model, Photo, Reading, decode_photo, load_model, read, realign
from vision.blame import likely_wrong
from vision.reading import Box

FIRST_SEED = 811_000_000  # far from the seeds of training photos, of the fit and of the benchmark
SAME = 0.3  # overlap (intersection by union) that 95 % of rightly read digits have with the truth


def count(
    sources: Sources, photos: int, model: Model, *, progress: ProgressBar | None = None
) -> Counter[str]:
    """What became of each word, over `photos` photos from `FIRST_SEED` on."""
    counted: Counter[str] = Counter()
    for index in with_bar(range(photos), "photos", progress):
        photo, _ = draw_photo(sources, FIRST_SEED, index)
        counted.update(_words(photo, np.random.default_rng([FIRST_SEED, index]), model))
    return counted


def _words(photo: SyntheticPhoto, random: Random, model: Model) -> Iterator[str]:
    reading = read(photo.jpeg(), model)
    if not reading.lines or not photo.lines:
        return
    if reading.text != photo.text:
        yield from _blamed(photo, reading)
    if len(reading.lines) != len(photo.lines) or reading.rotation != 90 * photo.quarter_turns:
        return
    picture = decode_photo(photo.jpeg())
    assert isinstance(picture, Photo)
    if reading.text == photo.text:
        yield "slips"
        likely = realign(picture, model, reading, slipped(photo.text, random)) is not None
        yield from ("slips found likely",) if likely else ()
    elif len(reading.digits) != len(photo.text.replace("|", "")):
        yield from _found_again(photo, picture, reading, model)


def _blamed(photo: SyntheticPhoto, reading: Reading) -> Iterator[str]:
    yield "denied readings"
    pairs = align(photo.text.replace("|", ""), reading.text.replace("|", ""))
    truth = [true for true, seen in pairs if seen is not None]
    blamed = likely_wrong(reading)
    for digit, true in zip(reading.digits, truth, strict=True):
        if any(digit is one for one in blamed):
            yield "digits blamed"
            yield from ("digits blamed rightly",) if true != str(digit.value) else ()


def _found_again(
    photo: SyntheticPhoto, picture: Photo, reading: Reading, model: Model
) -> Iterator[str]:
    yield "corrections of another length"
    boxes = realign(picture, model, reading, photo.text)
    if boxes is None:
        return
    yield "corrections found again"
    right = [
        overlap(box, true) > SAME for box, true in zip(boxes, _boxes(photo.lines), strict=True)
    ]
    yield from ("corrections found again rightly",) if all(right) else ()
    for one in right:
        yield "digits found again"
        yield from ("digits found again rightly",) if one else ()


def _boxes(lines: tuple[TrueLine, ...]) -> list[Box]:
    return [Box(*box) for line in lines for box in line.boxes]


def slipped(digits: str, random: Random) -> str:
    """`digits` with one left out or one put in."""
    at = int(random.integers(len(digits)))
    if random.random() < 0.5 and digits[at] != "|" and len(digits) > 1:
        return digits[:at] + digits[at + 1 :]
    return digits[:at] + str(random.integers(10)) + digits[at:]


def overlap(one: Box, other: Box) -> float:
    """Intersection by union, 0 to 1."""
    wide = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    high = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    shared = max(wide, 0) * max(high, 0)
    return shared / (one.w * one.h + other.w * other.h - shared)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--data", type=Path, default=Path("var/data"))
    given = parser.parse_args()
    with RichProgress() as progress:
        counted = count(
            sources_of(Folders(given.data)), given.count, load_model(), progress=progress
        )
    for name, number in counted.items():
        print(f"{number:6d}  {name}")


if __name__ == "__main__":
    main()
