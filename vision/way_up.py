# SPDX-License-Identifier: Apache-2.0
"""Which way up a page reads best: as it stands, or turned by one quarter or more."""

from __future__ import annotations

import numpy as np

from vision.attempt import Attempt, Levelled, attempt
from vision.classify import Model
from vision.overlooked import surely_read
from vision.page import Page
from vision.quality import is_writing

Tried = tuple[Attempt, int]  # and by how many quarters the page was turned for it

WELL = 0.8  # mean quality that needs no second look
MOSTLY = 0.5  # and share of the digits: 0, 1, 6, 8 and 9 read well whichever way up they stand
BETTER = 1.5  # by this factor another way up must score better
CHANCE = 0.6  # and by this much: one digit alone turns no photo
SAMPLE = 100  # pieces of ink in the largest lines, from which a way up is told


def best_way_up(pages: tuple[Levelled, ...], page: Page, model: Model) -> Tried | None:
    """The best reading of `pages`, the inks of one `page`, and by how many quarters they were
    turned for it; None without any.

    The other ways up are judged by the largest lines. So a page full of texture or print, which
    reads as nothing whichever way it lies, is read whole once and not four times.
    """
    if not pages:
        return None
    whole = attempt(pages, model)
    if whole.quality > WELL and is_writing(whole) and not whole.along and _mostly(whole, page):
        return whole, 0
    best, turns = _compared(pages, page, model, whole)
    if turns and best.pieces >= SAMPLE:
        return attempt(turned_pages(pages, turns, page), model), turns
    return (best, turns) if turns else (whole, 0)


def _mostly(whole: Attempt, page: Page) -> bool:
    """Whether most of the digits that were surely detected are read on `page` as it stands."""
    if page.detected is None:
        return True
    surely = int(np.count_nonzero(page.detected.certain))
    return surely_read(whole, 0, page) >= MOSTLY * surely


def _compared(pages: tuple[Levelled, ...], page: Page, model: Model, whole: Attempt) -> Tried:
    """The best of the four ways up, each read in its largest lines; `whole` is the first in all."""
    best = attempt(pages, model, SAMPLE) if whole.pieces >= SAMPLE else whole
    turned, needed = 0, max(best.score, 0) * (1.0 if whole.along else BETTER) + CHANCE
    for turns in (1, 3, 2):
        other = attempt(turned_pages(pages, turns, page), model, SAMPLE)
        if other.score > needed:
            best, turned, needed = other, turns, other.score
    return best, turned


def turned_pages(pages: tuple[Levelled, ...], turns: int, page: Page) -> tuple[Levelled, ...]:
    """`pages` turned counter-clockwise by so many quarters, as `page`, whose inks they are, is."""
    return tuple(one.turned(turns, page.contrast.shape) for one in pages)
