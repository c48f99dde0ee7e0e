# SPDX-License-Identifier: Apache-2.0
"""A page's ink made ready to be read: that of its digits alone, turned level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.boxes import remove_boxes
from vision.components import Components
from vision.detect import Detected
from vision.frames import frames
from vision.ink import Ink, find_ink, keep_digits, turned_ink
from vision.orient import LEVEL, axis, direction_votes, levelled, quarters, square, tilt
from vision.page import Page
from vision.rules import remove_rules, rules_angle, without
from vision.single import Sheet, sheet_of
from vision.trace import with_lost_ink
from vision.whole import with_whole_digits

Affine = NDArray[np.float64]

STEEP_DEG = 8.0  # lines that rise less are followed as they are
SLIGHT_DEG = 0.8  # rules that rise less are found as they are
MANY_RULES = 2.5  # length of rules, by the page's side, that outweighs the writing's direction
NEAR_DEG = 10.0


@dataclass(frozen=True, slots=True)
class Levelled:
    """The ink of a page's digits, turned level; `to_page` as in `Attempt`. `sheet` is where digits
    were detected; None when nobody has looked for any."""

    ink: Ink
    to_page: Affine
    sheet: Sheet | None = None

    def turned(self, quarter_turns: int, page: tuple[int, ...]) -> Levelled:
        """The same, turned counter-clockwise as the page of that shape is: no work is redone."""
        back = np.linalg.inv(square(quarters(self.ink.soft.shape, quarter_turns)))
        to_page = square(quarters(page, quarter_turns)) @ square(self.to_page) @ back
        sheet = self.sheet and self.sheet.turned(quarter_turns, page)
        return Levelled(turned_ink(self.ink, quarter_turns), to_page[:2], sheet)


def levelled_pages(page: Page) -> tuple[Levelled, ...]:
    """The ink of `page` as it stands, and levelled when its rules or lines are turned."""
    ink, sheet = find_ink(page), _sheet(page)
    turns = angles(ink)
    steep = [angle for angle in turns if abs(angle) > SLIGHT_DEG]
    found = [_of_digits(ink)] if len(steep) < len(turns) else []
    page = replace(page, contrast=ink.contrast)
    del ink  # as large as the page: what follows needs the room
    found += [level(page, angle) for angle in steep]
    return tuple(replace(one, sheet=sheet) for one in found)


def detected_pages(page: Page) -> tuple[Levelled, ...]:
    """The ink of the digits detected on `page`, as it stands, and levelled when their lines are
    turned; none when nobody has looked for any. No rule or box is in it."""
    detected = page.detected
    if detected is None or not len(detected.boxes):
        return ()
    page = replace(page, digits=page.sharp)
    ink, sheet = find_ink(page), _sheet(page)
    level_ink = Levelled(_in_boxes(ink, page, detected, LEVEL), LEVEL, sheet)
    votes = direction_votes(_as_pieces(detected, page.contrast.shape))
    angle = tilt(votes) if votes.any() else axis(level_ink.ink.pieces)
    if abs(angle) < STEEP_DEG:
        return (level_ink,)
    page = replace(page, contrast=ink.contrast)
    del ink  # as large as the page: what follows needs the room
    turned, to_page = levelled(page, angle)
    whole = _in_boxes(find_ink(turned), turned, detected, to_page)
    return level_ink, Levelled(whole, to_page, sheet)


def _in_boxes(ink: Ink, page: Page, detected: Detected, to_page: Affine) -> Ink:
    """The ink of the `detected` digits of `page`, without that of boxes drawn around them."""
    boxes = frames(ink)
    if boxes.any():
        ink = without(ink, boxes)
        page = replace(page, contrast=np.where(boxes, 0, page.contrast).astype(np.uint8))
    found = with_lost_ink(keep_digits(ink), page, detected, to_page)
    return with_whole_digits(found, detected, to_page)


def _sheet(page: Page) -> Sheet | None:
    return None if page.detected is None else sheet_of(page.contrast, page.detected)


def _as_pieces(found: Detected, shape: tuple[int, ...]) -> Components:
    """The detected digits, as if each were a piece of ink."""
    boxes = np.round(found.boxes).astype(np.int32)
    labels = np.broadcast_to(np.int32(0), shape[:2])
    return Components(labels, boxes, boxes[:, 2] * boxes[:, 3])


def angles(ink: Ink) -> tuple[float, ...]:
    """How many degrees the lines of a page may be turned: one angle, or two worth trying."""
    kept = keep_digits(ink).pieces
    votes = direction_votes(kept)
    written = tilt(votes) if votes.any() else axis(kept)
    ruled, support = rules_angle(ink)
    if support > MANY_RULES or (support > 0 and abs(ruled - written) < NEAR_DEG):
        return (ruled,)
    return (0.0, written) if abs(written) >= STEEP_DEG else (0.0,)


def level(page: Page, angle: float) -> Levelled:
    """The digits on `page`, turned level, when its lines run at `angle` degrees."""
    turned, to_page = levelled(page, angle)
    return _of_digits(find_ink(turned), to_page)


def _of_digits(ink: Ink, to_page: Affine = LEVEL) -> Levelled:
    """`ink` without rules and boxes, and what else is no digit's."""
    unruled = remove_rules(ink)
    return Levelled(keep_digits(remove_boxes(without(unruled, frames(unruled)))), to_page)
