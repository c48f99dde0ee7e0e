# SPDX-License-Identifier: Apache-2.0
"""Bytes to `Reading`: runs the stages, at the right scale and the right way up."""

from __future__ import annotations

from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.attempt import Attempt, attempt
from vision.classify import Model
from vision.orient import turned
from vision.page import flatten
from vision.photo import Photo, decode
from vision.quality import judge
from vision.reading import Problem, Reading
from vision.report import lines_of

Pixels = NDArray[np.uint8]

FIRST_SIDE_PX = 1000  # longer side of the first look
LEAST_SIDE_PX = 480  # smaller photos are enlarged: strokes should be several pixels wide
FINE_HEIGHT_PX = 28  # writing lower than this in the first look is read at full size
WELL = 0.8  # mean quality that needs no second look
BADLY = 0.65  # mean quality so low that the photo may be upside down
BETTER = 1.5  # by this factor another way up must score better


def read(
    photo: bytes, model: Model, *, max_pixels: int = 50_000_000, max_bytes: int = 16_000_000
) -> Reading:
    """What `photo` says. Never raises: bytes that are no photo are a reading with a problem."""
    started = perf_counter()
    decoded = decode(photo, max_pixels=max_pixels, max_bytes=max_bytes)
    if isinstance(decoded, Problem):
        return Reading((), False, 0.0, (decoded,), 0, model.version, _since(started))
    tried, quarter_turns, scale = _best_attempt(decoded, model)
    lines = lines_of(tried, scale)
    verdict = judge(decoded, tried, lines, model)
    return Reading(
        lines=lines if verdict.readable else (),
        sure=verdict.sure,
        confidence=verdict.confidence,
        problems=verdict.problems,
        rotation=90 * quarter_turns,
        model=model.version,
        ms=_since(started),
    )


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000


def _best_attempt(photo: Photo, model: Model) -> tuple[Attempt, int, float]:
    """The best reading, the quarter turns it took, and pixels of the photo by one of its own."""
    side = min(max(max(photo.pixels.shape[:2]), LEAST_SIDE_PX), FIRST_SIDE_PX)
    pixels = _sized(photo.pixels, side)
    best, turns = _any_way_up(pixels, model)
    fine = max(photo.pixels.shape[:2]) > 1.2 * max(pixels.shape[:2])
    if fine and (not best.lines or best.height < FINE_HEIGHT_PX):
        again, again_turns = _any_way_up(photo.pixels, model)
        if again.score > best.score:
            best, turns, pixels = again, again_turns, photo.pixels
    return best, turns, photo.shrink * max(photo.pixels.shape[:2]) / max(pixels.shape[:2])


def _sized(pixels: Pixels, longest_px: int) -> Pixels:
    scale = longest_px / max(pixels.shape[:2])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def _any_way_up(pixels: Pixels, model: Model) -> tuple[Attempt, int]:
    page = flatten(pixels)
    best, best_turns = attempt(page, model), 0
    if best.quality > WELL and not best.along:
        return best, 0
    turns_worth_trying = (1, 3, 2) if best.quality < BADLY else (1, 3)
    for turns in turns_worth_trying:
        other = attempt(turned(page, turns), model)
        if (
            other.score > (1.0 if best.along else BETTER) * best.score
            and other.quality > best.quality
        ):
            best, best_turns = other, turns
    return best, best_turns
