# SPDX-License-Identifier: Apache-2.0
"""Times Sonsori in this process: `python -m training.bench.cost_solo RUNS`.

Prints a line of JSON a photo: first those that differ in pixels, then those that differ in digits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from statistics import median
from time import process_time

from training.bench.cost import DIGITS, MEGAPIXELS, USUAL_DIGITS, USUAL_MEGAPIXELS, Timed
from training.bench.cost_photos import jpeg_of, page_of
from training.bench.readers import sonsori
from training.scoring import Read, only_digits


def time_photos(
    read: Read, photos: Iterable[tuple[float, int, bytes]], runs: int
) -> Iterator[Timed]:
    """The time of each (megapixels, digits, JPEG)."""
    for megapixels, digits, photo in photos:
        answer = read(photo)  # also warms up, so it is not timed
        times = [_ms(read, photo) for _ in range(runs)]
        found = len(only_digits(answer.text))
        yield Timed(round(megapixels, 2), digits, found, round(median(times), 2))


def photos_to_time() -> Iterator[tuple[float, int, bytes]]:
    """First the photos that differ in pixels, then those that differ in digits."""
    page, _ = page_of(USUAL_DIGITS)
    for megapixels in MEGAPIXELS:
        yield megapixels, USUAL_DIGITS, jpeg_of(page, megapixels)
    for digits in DIGITS:
        yield USUAL_MEGAPIXELS, digits, jpeg_of(page_of(digits)[0], USUAL_MEGAPIXELS)


def _ms(read: Read, photo: bytes) -> float:
    started = process_time()
    read(photo)
    return (process_time() - started) * 1000


def main() -> None:
    for timed in time_photos(sonsori(), photos_to_time(), int(sys.argv[1])):
        print(json.dumps(asdict(timed)), flush=True)


if __name__ == "__main__":
    main()
