# SPDX-License-Identifier: Apache-2.0
"""Which way up a page reads best: as it stands, or turned by one quarter or more."""

from __future__ import annotations

import numpy as np

from vision.attempt import Attempt, attempt
from vision.classify import Model
from vision.level_pages import Levelled
from vision.overlooked import surely_read
from vision.page import Page
from vision.quality import is_writing
from vision.upright import Odds

Tried = tuple[Attempt, int]  # and by how many quarters the page was turned for it

WELL = 0.8  # mean quality that needs no second look
MOSTLY = 0.5  # and share of the digits: 0, 1, 6, 8 and 9 read well whichever way up they stand
BETTER = 1.5  # by this factor another way up must score better
CHANCE = 0.6  # and by this much: one digit alone turns no photo,
CLEAR, CLEARER = 0.95, 0.05  # unless it reads so well, and so much better than as the photo lies,
# and some digit read is none as the photo lies.
NONE_ON_ITS_HEAD, NONE_ON_ITS_SIDE = frozenset({3, 4, 7}), frozenset({2, 3, 4, 5, 7})
CLEARLY = 2.5  # log odds below which no digit tells which way up it stands;
CLOSE, OUT_OF_QUESTION = 2.0, 12.0  # so little less than the best must be read, so much never
SAMPLE = 100  # pieces of ink in the largest lines, from which a way up is told


def best_way_up(pages: tuple[Levelled, ...], page: Page, model: Model, odds: Odds) -> Tried | None:
    """The best reading of `pages`, the inks of one `page`, and by how many quarters they were
    turned for it; None without any.

    The digits themselves tell which way up they stand: `odds` as in `vision.upright`. The
    likeliest is tried first, the others are judged by the largest lines. So a page full of texture
    or print, which reads as nothing whichever way it lies, is read whole once and not four times.
    What reads only fairly is looked at on its head too, unless the digits rule that out.
    """
    if not pages:
        return None
    first = int(odds.argmax()) if odds.max() > CLEARLY else 0
    whole = attempt(turned_pages(pages, first, page), model)
    told = whole.quality > WELL and is_writing(whole) and _mostly(whole, first, page)
    close = any(_alike(odds, first, turns) for turns in _others(first))
    settled = told and not close and (first or not whole.along)
    look = _on_its_head if settled else _compared
    best, turns = look(pages, page, model, (whole, first), odds)
    if turns == first:
        return whole, first
    sampled = best.pieces >= SAMPLE
    return attempt(turned_pages(pages, turns, page), model) if sampled else best, turns


def _mostly(whole: Attempt, turns: int, page: Page) -> bool:
    """Whether most of the digits that were surely detected on `page` are read, so turned."""
    if page.detected is None:
        return True
    surely = int(np.count_nonzero(page.detected.certain))
    return surely_read(whole, turns, page) >= MOSTLY * surely


def _on_its_head(
    pages: tuple[Levelled, ...], page: Page, model: Model, whole: Tried, odds: Odds
) -> Tried:
    """`whole`, which reads well enough, or what the page reads on its head, if that is clearer."""
    best, first = whole
    turns = _head(first)
    if best.quality > CLEAR or _ruled_out(odds, first, turns):
        return whole
    other = attempt(turned_pages(pages, turns, page), model, SAMPLE)
    best = _sampled(pages, page, model, whole)
    return (other, turns) if _clearer(other, best, NONE_ON_ITS_HEAD) else whole


def _compared(
    pages: tuple[Levelled, ...], page: Page, model: Model, whole: Tried, odds: Odds
) -> Tried:
    """The best of the ways up that are not out of the question, each read in its largest lines;
    `whole` is the first in all."""
    first = whole[1]
    best = _sampled(pages, page, model, whole)
    turned, score = first, max(best.score, 0) * (1.0 if first or best.along else BETTER)
    for turns in _others(first):
        if _ruled_out(odds, first, turns):
            continue
        other = attempt(turned_pages(pages, turns, page), model, SAMPLE)
        least = 0 if turned or _alike(odds, first, turns) else CHANCE
        telling = NONE_ON_ITS_HEAD if turns == _head(first) else NONE_ON_ITS_SIDE
        if other.score > score + least or _clearer(other, best, telling):
            best, turned, score = other, turns, other.score
    return best, turned


def _sampled(pages: tuple[Levelled, ...], page: Page, model: Model, whole: Tried) -> Attempt:
    """`whole` as its largest lines alone read, so that others can be compared with it."""
    best, turns = whole
    if best.pieces < SAMPLE:
        return best
    return attempt(turned_pages(pages, turns, page), model, SAMPLE)


def _clearer(other: Attempt, best: Attempt, telling: frozenset[int]) -> bool:
    """Whether `other` reads clearly to two readers, and better than `best`, and some digit of it is
    `telling`: it would be none if the photo lay as it was tried first."""
    read = {value for line in other.lines for value in line.told.values}
    clear = other.backed and other.quality > max(CLEAR, best.quality + CLEARER)
    return clear and other.score > best.score and bool(read & telling)


def _others(first: int) -> list[int]:
    """The other ways up: on either side first, and on its head last."""
    return [(first + 1) % 4, (first + 3) % 4, _head(first)]


def _head(first: int) -> int:
    return (first + 2) % 4


def _ruled_out(odds: Odds, first: int, other: int) -> bool:
    """Whether another way up is far less likely than the likeliest one."""
    return bool(odds[other] < odds[first] - OUT_OF_QUESTION)


def _alike(odds: Odds, first: int, other: int) -> bool:
    """Whether another way up is about as likely as the likeliest one."""
    return bool(odds[other] > max(CLEARLY, odds[first] - CLOSE))


def turned_pages(pages: tuple[Levelled, ...], turns: int, page: Page) -> tuple[Levelled, ...]:
    """`pages` turned counter-clockwise by so many quarters, as `page`, whose inks they are, is."""
    return tuple(one.turned(turns, page.contrast.shape) for one in pages)
