# SPDX-License-Identifier: Apache-2.0
"""Stored photos as the reader sees them, and what is cut out of them as files."""

from __future__ import annotations

import cv2

from vision import Photo, Pixels, decode_photo
from vision.reading import Problem
from worker.store import Store


def picture_of(store: Store, object_key: str) -> Photo | None:
    """The stored photo; None when it is no picture. Raises FileNotFoundError when it is gone."""
    picture = decode_photo(
        store.objects.get(object_key),
        max_pixels=store.settings.photo_max_pixels,
        max_bytes=store.settings.photo_max_bytes,
    )
    return None if isinstance(picture, Problem) else picture


def as_png(pixels: Pixels) -> bytes:
    """A file of these pixels (RGB), and of nothing else: not where and when, nor by what camera."""
    _, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    return encoded.tobytes()
