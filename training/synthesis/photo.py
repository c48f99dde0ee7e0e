# SPDX-License-Identifier: Apache-2.0
"""A whole photo of handwritten digits, from a seed, with the truth about it.

photo = render(sources, seed=7)
photo.text, photo.jpeg()
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.synthesis import camera, clutter, light, paper
from training.synthesis.characters import Sources
from training.synthesis.hand import Random
from training.synthesis.layout import Laid, lay_out
from training.synthesis.plan import Plan, draw_plan
from training.synthesis.truth import Classes, mark, other_ink, shrunk, warped

PAGE_PX = 1100  # longer side of the page before the camera sees it
BARE_PX = 25  # of paper around the digits, at least, when it lies on a desk


@dataclass(frozen=True, slots=True)
class TrueLine:
    """The digits of a line and their boxes (x, y, w, h) in pixels of the upright photo."""

    text: str
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class SyntheticPhoto:
    """`pixels` uint8 [H, W, 3], blue green red, as stored; turning them counter-clockwise by
    `quarter_turns` quarters makes them upright. `classes` uint8 [H, W] says what each pixel
    shows (`truth.InkClass`). Lines in reading order."""

    pixels: NDArray[np.uint8]
    classes: Classes
    lines: tuple[TrueLine, ...]
    plan: Plan
    quality: int
    quarter_turns: int

    @property
    def text(self) -> str:
        return "|".join(line.text for line in self.lines)

    def jpeg(self) -> bytes:
        return camera.compress(self.pixels, self.quality)


def render(sources: Sources, seed: int, plan: Plan | None = None) -> SyntheticPhoto:
    """The photo of `seed`. Without a plan, one is drawn: easy or hard, with or without digits."""
    random = np.random.default_rng(seed)
    plan = plan or draw_plan(random)
    shot = camera.draw_camera(random, plan.hardness)
    width, height = _page_size(random)
    laid = lay_out(plan, sources, (width, height), random)
    transform = _view((width, height), shot, laid, random)
    scene, classes = _scene(plan, laid, (width, height), transform, random)
    lit = light.shine(scene, light.draw_light(random, plan.hardness), random)
    scale = min(1.0, shot.longest_px / PAGE_PX)
    if scale < 1:
        size = round(width * scale), round(height * scale)
        lit = np.asarray(cv2.resize(lit, size, interpolation=cv2.INTER_AREA), np.float32)
        classes = shrunk(classes, size)
    pixels = camera.expose(lit, shot, random)
    return SyntheticPhoto(
        np.ascontiguousarray(np.rot90(pixels, -shot.quarter_turns)),
        np.ascontiguousarray(np.rot90(classes, -shot.quarter_turns)),
        _true_lines(laid, transform, scale),
        plan,
        shot.quality,
        shot.quarter_turns,
    )


def _view(
    size: tuple[int, int], shot: camera.Camera, laid: Laid, random: Random
) -> camera.Transform:
    """The view of the first try that leaves no digit outside; else the page straight on."""
    left, top, right, bottom = laid.bounds
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
    for _ in range(6):
        transform = camera.view(size, shot, random)
        moved = camera.move(corners, transform)
        if (moved > 0).all() and (moved < size).all():
            return transform
        shot = replace(shot, turn_deg=0.6 * shot.turn_deg, tilt=0.6 * shot.tilt)
    return np.eye(3)


def _page_size(random: Random) -> tuple[int, int]:
    ratio = float(random.choice([0.75, 0.5625, 0.7, 1.0, 0.4], p=[0.45, 0.2, 0.2, 0.05, 0.1]))
    short = round(PAGE_PX * ratio)
    return (PAGE_PX, short) if random.random() < 0.65 else (short, PAGE_PX)


def _scene(
    plan: Plan, laid: Laid, size: tuple[int, int], transform: camera.Transform, random: Random
) -> tuple[paper.Picture, Classes]:
    width, height = size
    if plan.nothing_but_things:
        return clutter.scene(height, width, random), np.zeros((height, width), np.uint8)
    page = _page(plan, laid, size, random)
    classes = warped(laid.classes, transform, size)
    if not plan.on_desk:
        return _seen(page, transform, size), classes
    behind = paper.desk(height, width, random)
    edge = _sheet_on_desk(laid.bounds, size, random)
    over = cv2.warpPerspective(edge, transform, size).astype(np.float32)[..., None] / 255
    classes[over[..., 0] < 0.5] = 0
    scene = behind * (1 - over) + _seen(page, transform, size) * over
    return np.asarray(scene, np.float32), classes


def _sheet_on_desk(
    bounds: tuple[int, int, int, int], size: tuple[int, int], random: Random
) -> NDArray[np.uint8]:
    """Where the paper is (255): somewhat smaller than the page, and never less than its digits."""
    width, height = size
    inset = random.uniform(0.0, 0.12, 4) * [width, height, width, height]
    left, top = min(inset[0], bounds[0] - BARE_PX), min(inset[1], bounds[1] - BARE_PX)
    right = max(width - inset[2], bounds[2] + BARE_PX)
    bottom = max(height - inset[3], bounds[3] + BARE_PX)
    edge = np.zeros((height, width), np.uint8)
    cv2.rectangle(edge, (int(left), int(top)), (int(right), int(bottom)), 255, -1)
    return edge


def _page(plan: Plan, laid: Laid, size: tuple[int, int], random: Random) -> paper.Picture:
    page = paper.sheet(size[1], size[0], paper.draw_colour(random), random)
    rules = paper.rules(size[1], size[0], plan.ruling, laid.pitch_px, random)
    mark(laid.classes, other_ink(rules), 0, 0)
    page = paper.lay(page, rules, paper.draw_rule_colour(random))
    if plan.creased:
        page = paper.crease(page, random)
    for alpha, colour in ((laid.print, laid.print_colour), (laid.ink, laid.ink_colour)):
        page = paper.lay(page, alpha, colour)
    return page


def _seen(page: paper.Picture, transform: camera.Transform, size: tuple[int, int]) -> paper.Picture:
    seen = cv2.warpPerspective(page, transform, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def _true_lines(laid: Laid, transform: camera.Transform, scale: float) -> tuple[TrueLine, ...]:
    return tuple(
        TrueLine(text, tuple(_moved(box, transform, scale) for box in boxes))
        for text, boxes in laid.lines
    )


def _moved(
    box: tuple[int, int, int, int], transform: camera.Transform, scale: float
) -> tuple[int, int, int, int]:
    x, y, w, h = box
    corners = np.array([(x, y), (x + w, y), (x, y + h), (x + w, y + h)], float)
    moved = camera.move(corners, transform) * scale
    left, top = moved.min(axis=0)
    right, bottom = moved.max(axis=0)
    return round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))
