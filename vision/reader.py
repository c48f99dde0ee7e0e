# SPDX-License-Identifier: Apache-2.0
"""Bytes to `Reading`: runs the stages, at the right scale and the right way up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.attempt import Attempt, attempt
from vision.classify import Model
from vision.crossed_out import crossed_out
from vision.finder import with_digits
from vision.findings import Findings
from vision.level_pages import STEEP_DEG, detected_pages, levelled_pages
from vision.level_sight import seen_level
from vision.opinions import agreed
from vision.overlooked import surely_read
from vision.page import Page, flatten
from vision.photo import MAX_FILE_BYTES, MAX_PIXELS, Photo, decode
from vision.printed import without_print
from vision.quality import is_writing, judge
from vision.reading import Box, Problem, Reading
from vision.report import box_on_photo, left_out_of, lines_of
from vision.single import read_in_doubt, sheet_of
from vision.upright import odds_of_turns, runs_at
from vision.upside_down import read_upside_down, with_other_way_up
from vision.way_up import WELL, Tried, best_way_up, turned_pages

Pixels = NDArray[np.uint8]

SMALLEST_SIDE_PX = 16  # nothing legible fits into less
FIRST_SIDE_PX = 800  # longer side of the first look
LEAST_SIDE_PX = 480  # smaller photos are enlarged: strokes should be several pixels wide
FINE_HEIGHT_PX = 24  # writing lower than this in the first look is read at full size
EXPLAINED = 0.5  # and that of which less than half lies in lines
BLACK = 40  # and on ground as dark as this nothing is darker: what was read may be halos
BESIDE = 0.3  # of a digit's height: how much of the ground around it is looked at
DARK_SCREEN = 100  # of 255: a photo darker than this may be light writing on a dark ground,
MIDDLING = 150  # and one darker than this, where little is read dark on light


@dataclass(frozen=True, slots=True)
class Look:
    """A reading of a photo at one size and one way up.

    `scale` is how many pixels of the sender's photo one of the page is, `turns` how many
    quarters, counter-clockwise, the photo was turned.
    """

    attempt: Attempt
    page: Page
    turns: int
    scale: float


def read(
    photo: bytes, model: Model, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_FILE_BYTES
) -> Reading:
    """What `photo` says. Never raises: bytes that are no photo are a reading with a problem."""
    started = perf_counter()
    found = examine(photo, model, max_pixels=max_pixels, max_bytes=max_bytes)
    if not isinstance(found, Findings):
        return Reading((), False, 0.0, found, 0, model.version, _ms_since(started))
    verdict = judge(found, model.trust)
    return Reading(
        lines=with_other_way_up(found.lines) if verdict.readable else (),
        sure=verdict.sure,
        confidence=verdict.confidence,
        problems=verdict.problems,
        rotation=90 * found.turns if verdict.readable else 0,
        model=model.version,
        ms=_ms_since(started),
        more_seen=verdict.more_seen,
    )


def examine(
    photo: bytes, model: Model, *, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_FILE_BYTES
) -> Findings | tuple[Problem, ...]:
    """What the stages find in `photo`, or why it cannot be looked at."""
    decoded = decode(photo, max_pixels=max_pixels, max_bytes=max_bytes)
    if isinstance(decoded, Problem):
        return (decoded,)
    if min(decoded.pixels.shape[:2]) < SMALLEST_SIDE_PX:
        return (Problem.TOO_SMALL, Problem.NO_DIGITS)
    look = best_look(decoded, model)
    heard = tuple(agreed(line, model.trust) for line in look.attempt.lines)
    to_photo = look.attempt.to_page * look.scale
    lines, left_out = lines_of(heard, to_photo), left_out_of(heard, to_photo)
    upright = decoded.turned(look.turns)
    contrast = np.rot90(look.page.contrast, look.turns)
    struck = [crossed_out(line, contrast, look.attempt.to_page) for line in heard]
    lines = tuple(replace(line, crossed_out=s) for line, s in zip(lines, struck, strict=True))
    turned = read_upside_down(look.attempt.lines, model)
    return Findings(
        upright, look.page, look.attempt, heard, lines, left_out, look.scale, look.turns, turned
    )


def _ms_since(started: float) -> float:
    return (perf_counter() - started) * 1000


def best_look(photo: Photo, model: Model) -> Look:
    """The best reading of `photo`: small writing at full size, light writing on darker grounds."""
    look = _dark_on_light(photo, model)
    shade = float(np.median(photo.pixels[::4, ::4]))
    if shade >= MIDDLING or (_reads_well(look) and shade > BLACK):
        return look
    light = _look(photo, first_side(photo.pixels), model, light_on_dark=True)
    if shade >= DARK_SCREEN:
        return _better(look, light) if _reads_well(light) else look
    halos = is_writing(light.attempt) and _ground(photo, look) <= BLACK
    return light if halos else _better(look, light)


def _dark_on_light(photo: Photo, model: Model) -> Look:
    """The better of a first look and, where writing is small or little of it read, a whole one."""
    longest, side = max(photo.pixels.shape[:2]), first_side(photo.pixels)
    look = _look(photo, side, model)
    fine = look.attempt.height < FINE_HEIGHT_PX or look.attempt.explained < EXPLAINED
    if longest > 1.2 * side and fine:
        return _better(look, _look(photo, longest, model))
    return look


def _reads_well(look: Look) -> bool:
    return is_writing(look.attempt) and look.attempt.quality > WELL


def _ground(photo: Photo, look: Look) -> float:
    """Brightness (0 to 255) of what the digits of `look` stand on: ink covers less than half of
    it; that of white paper without digits."""
    pixels = photo.turned(look.turns).pixels
    to_photo = look.attempt.to_page * look.scale / photo.shrink
    shades = [
        float(np.median(pixels[_around(box_on_photo(choice.box, line.strip, to_photo), BESIDE)]))
        for line in look.attempt.lines
        for choice in line.decoded.choices
    ]
    return float(np.median(shades)) if shades else 255.0


def _around(box: Box, share: float) -> tuple[slice, slice]:
    """Rows and columns of `box` and of what is within `share` of its height."""
    margin = round(share * box.h)
    rows = slice(max(box.y - margin, 0), box.y + box.h + margin)
    return rows, slice(max(box.x - margin, 0), box.x + box.w + margin)


def _better(first: Look, second: Look) -> Look:
    return second if second.attempt.score > first.attempt.score else first


def _look(photo: Photo, side: int, model: Model, *, light_on_dark: bool = False) -> Look:
    """The best reading at a longer side of `side` pixels, the right way up: of the digits that
    were detected, and unless all readers agree on those, of all ink that may be digits."""
    page = flatten(sized(photo.pixels, side), light_on_dark=light_on_dark)
    page = with_digits(page, model)
    scale = photo.shrink * max(photo.pixels.shape[:2]) / side
    page, found = _of_detected(page, model)
    page, found = _written(page, found, model)
    page = replace(page, sharp=None)  # as large as the page, and of no more use
    if found is None or not _settled(found, page, model):
        pages = levelled_pages(page)
        whole = best_way_up(pages, page, model, odds_of_turns(pages, model))
        assert whole is not None, "there is always the page as it stands"
        if found is None or _replaces(whole, found, page):
            found = whole
    return Look(found[0], page, found[1], scale)


def _of_detected(page: Page, model: Model) -> tuple[Page, Tried | None]:
    """`page`, seen once more where its writing runs aslant, and what the digits detected on it
    read."""
    pages = detected_pages(page)
    odds = odds_of_turns(pages, model)
    angle = runs_at(pages, odds)
    level = seen_level(page, angle, model) if abs(angle) >= STEEP_DEG else page
    if level is not page:
        page, pages = level, detected_pages(level)
        odds = odds_of_turns(pages, model)
    return page, best_way_up(pages, page, model, odds)


def _written(page: Page, found: Tried | None, model: Model) -> tuple[Page, Tried | None]:
    """`page` without print beside handwriting, and what is then read of the digits detected."""
    if found is None or not found[0].lines:
        return page, found
    tried, turns = found
    written = without_print(page, model, turns, tried.to_page)
    if written is None:
        return page, found
    pages = turned_pages(detected_pages(written), turns, page)
    return written, (attempt(pages, model), turns)


def _replaces(whole: Tried, found: Tried, page: Page) -> bool:
    """Whether the reading of all ink is better than that of the detected digits alone: not if it
    lacks some that were surely detected."""
    if surely_read(*whole, page) < surely_read(*found, page):
        return False
    return whole[0].backed or whole[0].score > found[0].score


def _settled(found: Tried, page: Page, model: Model) -> bool:
    """Whether two readers or more agree on every line, and what was read is all that was detected;
    what was detected in doubt may be none, if the third reader reads no digit there."""
    tried, turns = found
    if page.detected is None or not (tried.backed and tried.quality > WELL and is_writing(tried)):
        return False
    read = sum(len(line.told.values) for line in tried.lines)
    surely = int(np.count_nonzero(page.detected.certain))
    if read == len(page.detected.scores):
        return True
    if not surely <= read < len(page.detected.scores):
        return False
    sheet = sheet_of(page.contrast, page.detected).turned(turns, page.contrast.shape)
    return read >= surely + read_in_doubt(sheet, tried.to_page, model)


def first_side(pixels: Pixels) -> int:
    """The longer side, in pixels, at which a photo is first looked at."""
    return min(max(int(max(pixels.shape[:2])), LEAST_SIDE_PX), FIRST_SIDE_PX)


def sized(pixels: Pixels, longest_px: int) -> Pixels:
    """`pixels` made `longest_px` long on their longer side."""
    scale = longest_px / max(pixels.shape[:2])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)
