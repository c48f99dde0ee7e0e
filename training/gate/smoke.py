# SPDX-License-Identifier: Apache-2.0
"""Photos that any bundle fit to serve reads: six digits, drawn with a felt pen on clean paper."""

from __future__ import annotations

from functools import cache

from training.bench.cost_photos import jpeg_of, page_of

DIGITS = 6
MEGAPIXELS = 1.0
SEEDS = (1, 3, 5)  # of pages that each reader of the shipped bundle reads by itself: no closed 4s
PHOTOS = len(SEEDS)


@cache
def smoke_photos() -> tuple[tuple[bytes, str], ...]:
    """Each photo as JPEG, and its digits. The same every time."""
    pages = [page_of(DIGITS, seed) for seed in SEEDS]
    return tuple((jpeg_of(page, MEGAPIXELS), text) for page, text in pages)
